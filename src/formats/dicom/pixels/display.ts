// A frame as a screen shows it: the grey pipeline of PS3.4 N.2 (modality, VOI, presentation) or colour, in 8 bits.

import { RoentgenError, type VoxelArray } from "../../../base/index.ts";
import type { DataSet } from "../data-set/data-set.ts";
import { text } from "../data-set/values.ts";
import { type ColorSamples, toRgb } from "./color.ts";
import { frameValues } from "./frame-size.ts";
import type { Frames } from "./frames.ts";
import { applyPalette, type Palette, paletteOf, paletteTo8Bits } from "./palette.ts";
import { frameDataSet, valuesOf } from "./pixel-values.ts";
import { applyVoi, type Voi, voisOf } from "./voi.ts";

/** A picture of one frame: grey (1 channel) or interleaved RGB (3). */
export interface DisplayPixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

export interface DisplayOptions {
  /** Position in `frames`, not the frame's number in the file. Default 0. */
  frame?: number;
  /** A view of one's own, or which of the file's (`voisOf`), from 0 on. Default the first; without any, the range of the values. */
  voi?: Voi | number;
  /** Colours for a grey image, such as `wellKnownPalette("HOT_IRON")`: 256 of them over its grey values. */
  palette?: Palette;
}

/** Renders one frame. MONOCHROME1, or a Presentation LUT Shape of INVERSE, is inverted; ICC profiles are not applied. */
export function displayPixels(
  frames: Frames,
  dataSet: DataSet,
  { frame = 0, voi = 0, palette }: DisplayOptions = {},
): DisplayPixels {
  const one = oneFrame(frames, frame);
  const { rows: height, columns: width, samples } = frames.description;
  const holding = frameDataSet(dataSet, one.frames[0]);
  const size = { width, height };
  if (samples > 1) {
    return { ...size, channels: 3, data: colorTo8Bits(one) };
  }
  if (one.photometric === "PALETTE COLOR") {
    return {
      ...size,
      channels: 3,
      data: paletteTo8Bits(applyPalette(one.data, ownPalette(dataSet, one))),
    };
  }
  const grey = greyPixels(one, dataSet, holding, voi);
  const supplement = palette ? undefined : supplementOf(holding);
  if (supplement) return { ...size, channels: 3, data: colorAbove(grey, one.data, supplement) };
  if (!palette) return { ...size, channels: 1, data: grey };
  return { ...size, channels: 3, data: paletteTo8Bits(applyPalette(grey, palette)) };
}

/** The palette that colours some of the stored values of a grey image (PS3.3 C.7.6.19, C.8.16.2.1.1.1). */
function supplementOf(holding: DataSet): Palette | undefined {
  const presentation = text(holding, 0x00089205);
  return presentation === "COLOR" || presentation === "MIXED" ? paletteOf(holding) : undefined;
}

/** Stored values from the palette's first input on are coloured, those below grey. */
function colorAbove(grey: Uint8Array, stored: VoxelArray, palette: Palette): Uint8Array {
  const colors = paletteTo8Bits(applyPalette(stored, palette));
  const { first } = palette.red;
  for (let at = 0; at < grey.length; at++) {
    if (stored[at] < first) colors.fill(grey[at], at * 3, at * 3 + 3);
  }
  return colors;
}

function oneFrame(frames: Frames, index: number): Frames {
  const size = frameValues(frames.description);
  const [count, ...rest] = frames.shape;
  if (!Number.isInteger(index) || index < 0 || index >= count) {
    throw new RoentgenError("value-invalid", {
      problem: `Cannot show frame ${index}`,
      expected: `0 to ${count - 1}`,
      subject: frames.description.name,
    });
  }
  return {
    ...frames,
    frames: [frames.frames[index]],
    shape: [1, ...rest],
    data: frames.data.subarray(index * size, (index + 1) * size),
  };
}

function greyPixels(
  one: Frames,
  dataSet: DataSet,
  holding: DataSet,
  voi: Voi | number,
): Uint8Array {
  const { data, padding } = valuesOf(one, dataSet);
  const view = typeof voi === "number" ? voisOf(holding)[voi] : voi;
  const grey = view ? applyVoi(data, view) : stretch(data, padding);
  const inverse = one.photometric === "MONOCHROME1" || text(dataSet, 0x20500020) === "INVERSE";
  return Uint8Array.from(grey, (value) => Math.round(inverse ? 255 - value : value));
}

/** Least value black, greatest white; padding and NaN count for neither. */
function stretch(values: VoxelArray, padding: Uint8Array | undefined): Float32Array {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < values.length; at++) {
    if (padding?.[at]) continue;
    if (values[at] < low) low = values[at];
    if (values[at] > high) high = values[at];
  }
  const range = high > low ? high - low : 1;
  return Float32Array.from(values, (value) =>
    Math.min(255, Math.max(0, ((value - low) / range) * 255)),
  );
}

function colorTo8Bits({ data, photometric, description }: Frames): Uint8Array {
  const { bitsStored, name } = description;
  if (!/^uint/.test(description.type)) {
    throw new RoentgenError("format-unsupported", {
      problem: `Cannot show the colours of ${name}`,
      expected: "unsigned samples",
      found: description.type,
      subject: name,
    });
  }
  const rgb = toRgb(data as ColorSamples, photometric, bitsStored);
  if (bitsStored === 8) return Uint8Array.from(rgb);
  return Uint8Array.from(rgb, (value) => Math.round((value * 255) / (2 ** bitsStored - 1)));
}

function ownPalette(dataSet: DataSet, { description }: Frames): Palette {
  const palette = paletteOf(dataSet);
  if (palette) return palette;
  throw new RoentgenError("value-missing", {
    problem: `Cannot show the colours of ${description.name}`,
    expected: "red, green and blue palette tables (0028,1101) to (0028,1203)",
    found: "none in the file",
    subject: description.name,
  });
}
