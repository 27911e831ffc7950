// Colour spaces of DICOM to RGB (PS3.3 C.7.6.3.1.2; JFIF's YCbCr is ITU-T T.871).

import { RoentgenError } from "../../../base/index.ts";

/** Interleaved samples of 8, 16 or 32 bits. */
export type ColorSamples = Uint8Array | Uint16Array | Uint32Array;

/**
 * Interleaved RGB of the same depth; the very same array where the samples are RGB already.
 * @param photometric as `Frames.photometric` says after decoding
 * @param bits Bits Stored, which say where white is
 * @throws RoentgenError "format-unsupported" for a photometric interpretation that is no colour space known here
 */
export function toRgb(samples: ColorSamples, photometric: string, bits: number): ColorSamples {
  const top = 2 ** bits - 1;
  switch (photometric) {
    case "RGB":
    case "YBR_ICT":
    case "YBR_RCT":
      // Decoders of JPEG 2000 have undone these two.
      return samples;
    case "YBR_FULL":
    case "YBR_FULL_422":
      return fullRangeToRgb(samples, top);
    case "YBR_PARTIAL_422":
    case "YBR_PARTIAL_420":
      return partialRangeToRgb(samples, top);
    case "ARGB":
      return fourToThree(samples, ([, red, green, blue]) => [red, green, blue]);
    case "CMYK":
      return fourToThree(samples, ([cyan, magenta, yellow, black]) =>
        [cyan, magenta, yellow].map((ink) => ((top - ink) * (top - black)) / top),
      );
    case "HSV":
      return hsvToRgb(samples, top);
    default:
      throw new RoentgenError("format-unsupported", {
        problem: "Cannot convert colours",
        expected: "RGB, YBR_FULL, YBR_PARTIAL, ARGB, CMYK or HSV",
        found: `the photometric interpretation ${photometric}`,
      });
  }
}

function emptyLike(samples: ColorSamples, length = samples.length): ColorSamples {
  return new (samples.constructor as new (length: number) => ColorSamples)(length);
}

/** To the nearest whole number within 0 … top. */
function whole(value: number, top: number): number {
  const rounded = Math.floor(value + 0.5);
  return rounded < 0 ? 0 : Math.min(rounded, top);
}

/** T.871 section 7: luma of ITU-R BT.601, differences about the middle. */
function fullRangeToRgb(samples: ColorSamples, top: number): ColorSamples {
  const rgb = emptyLike(samples);
  const middle = (top + 1) / 2;
  const greenOfBlue = (-0.114 * 1.772) / 0.587;
  const greenOfRed = (-0.299 * 1.402) / 0.587;
  for (let at = 0; at + 2 < samples.length; at += 3) {
    const y = samples[at];
    const cb = samples[at + 1] - middle;
    const cr = samples[at + 2] - middle;
    rgb[at] = whole(y + 1.402 * cr, top);
    rgb[at + 1] = whole(y + greenOfBlue * cb + greenOfRed * cr, top);
    rgb[at + 2] = whole(y + 1.772 * cb, top);
  }
  return rgb;
}

/** Y from 16 to 235 and differences from 16 to 240, of 255 (BT.601's studio range). */
function partialRangeToRgb(samples: ColorSamples, top: number): ColorSamples {
  const stretched = new Float64Array(3);
  const rgb = emptyLike(samples);
  const unit = (top + 1) / 256;
  for (let at = 0; at + 2 < samples.length; at += 3) {
    stretched[0] = ((samples[at] - 16 * unit) * 255) / 219;
    stretched[1] = ((samples[at + 1] - 128 * unit) * 255) / 224;
    stretched[2] = ((samples[at + 2] - 128 * unit) * 255) / 224;
    const [y, cb, cr] = stretched;
    rgb[at] = whole(y + 1.402 * cr, top);
    rgb[at + 1] = whole(y - ((0.114 * 1.772) / 0.587) * cb - ((0.299 * 1.402) / 0.587) * cr, top);
    rgb[at + 2] = whole(y + 1.772 * cb, top);
  }
  return rgb;
}

/** Retired spaces of four samples a pixel. */
function fourToThree(
  samples: ColorSamples,
  convert: (pixel: readonly number[]) => readonly number[],
): ColorSamples {
  const pixels = Math.floor(samples.length / 4);
  const rgb = emptyLike(samples, pixels * 3);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const one = convert([...samples.subarray(pixel * 4, pixel * 4 + 4)]);
    for (let sample = 0; sample < 3; sample++) rgb[pixel * 3 + sample] = Math.round(one[sample]);
  }
  return rgb;
}

/** Retired: hue, saturation and value, each over the whole range. */
function hsvToRgb(samples: ColorSamples, top: number): ColorSamples {
  const rgb = emptyLike(samples);
  for (let at = 0; at + 2 < samples.length; at += 3) {
    const hue = (samples[at] / (top + 1)) * 6;
    const chroma = (samples[at + 1] / top) * samples[at + 2];
    for (const [sample, shift] of [5, 3, 1].entries()) {
      const place = (shift + hue) % 6;
      const fall = Math.max(0, Math.min(place, 4 - place, 1));
      rgb[at + sample] = whole(samples[at + 2] - chroma * fall, top);
    }
  }
  return rgb;
}
