// Pictures of explanations: what the model was shown, with the evidence in colours over it.

import {
  checkParameters,
  flag,
  integer,
  number,
  type OptionsOf,
  oneOf,
  parameters,
  RoentgenError,
} from "../base/index.ts";
import type { Picture } from "../imaging/index.ts";
import { colourMaps, colourTable } from "./colour-map.ts";
import { type Explanation, enlarge } from "./heat-map.ts";
import type { ImageBatch } from "./image-batch.ts";

/** Values from 0 to 1, rows from the top. */
export interface HeatMap {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

const overlayRules = parameters({
  /** "inferno" also grows lighter with the evidence. */
  colours: oneOf(...colourMaps).default("inferno"),
  /** How much of the colour is seen where the map is 1; it falls with the map to nothing. */
  opacity: number({ min: 0, max: 1 }).default(0.6),
  /** Puts a bar with the colours from 0 (below) to 1 beside the picture. */
  bar: flag().default(false),
});

export type OverlayOptions = OptionsOf<typeof overlayRules>;

/** Pixels of the bar, and between it and the picture. */
const BAR = 12;
const GAP = 4;

/** Draws a map over a picture of the same field of view; a map of other size is enlarged linearly. */
export function overlay(map: HeatMap, picture: Picture, options: OverlayOptions = {}): Picture {
  const { colours, opacity, bar } = checkParameters(overlayRules, options, "overlay");
  const { width, height, channels } = picture;
  const table = colourTable(colours);
  const heat = enlarge(map.data, { from: [map.height, map.width], to: [height, width] });
  const data = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const value = Math.min(1, Math.max(0, heat[pixel]));
    const colour = 3 * Math.round(255 * value);
    const share = opacity * value;
    for (let channel = 0; channel < 3; channel++) {
      const below = picture.data[channels === 1 ? pixel : 3 * pixel + channel];
      data[3 * pixel + channel] = Math.round((1 - share) * below + share * table[colour + channel]);
    }
  }
  const drawn: Picture = { width, height, channels: 3, data };
  return bar ? withBar(drawn, table) : drawn;
}

function withBar({ width, height, data }: Picture, table: Uint8Array): Picture {
  const wide = width + GAP + BAR;
  const result = new Uint8Array(wide * height * 3);
  for (let row = 0; row < height; row++) {
    result.set(data.subarray(row * width * 3, (row + 1) * width * 3), row * wide * 3);
    const value = Math.round(255 * (1 - row / Math.max(1, height - 1)));
    const colour = table.subarray(3 * value, 3 * value + 3);
    for (let at = 0; at < BAR; at++) result.set(colour, (row * wide + width + GAP + at) * 3);
  }
  return { width: wide, height, channels: 3, data: result };
}

export interface MapOptions {
  /** Of a volume, the slice to show; by default the one with the most evidence. */
  slice?: number;
}

/** The map of an image, of a volume one slice. */
export function mapOf(
  explanation: Pick<Explanation, "shape" | "maps">,
  image: number,
  { slice = strongestSlice(explanation, image) }: MapOptions = {},
): HeatMap {
  const [count, ...size] = explanation.shape;
  const [height, width] = size.slice(-2);
  const depth = size.length === 3 ? size[0] : 1;
  if (image >= count || slice >= depth) throw outside(explanation.shape, image, slice);
  const places = explanation.maps.length / count;
  const start = image * places + slice * height * width;
  return { width, height, data: explanation.maps.subarray(start, start + height * width) };
}

/** The slice of a volume with the most evidence; 0 of an image that is one. */
export function strongestSlice(
  { shape, maps }: Pick<Explanation, "shape" | "maps">,
  image: number,
): number {
  const [height, width] = shape.slice(-2);
  const places = maps.length / shape[0];
  let [best, most] = [0, -1];
  for (let slice = 0; slice * height * width < places; slice++) {
    const start = image * places + slice * height * width;
    const sum = maps.subarray(start, start + height * width).reduce((all, one) => all + one, 0);
    if (sum > most) [best, most] = [slice, sum];
  }
  return best;
}

export interface InputPictureOptions extends MapOptions {
  /** Values shown as black and as white; by default 0 and 1. */
  window?: { readonly low: number; readonly high: number };
  /** Pixels of the picture along each side of a pixel of the image; by default 1. */
  scale?: number;
}

const inputRules = parameters({ scale: integer({ min: 1 }).default(1) });

/**
 * What the model was shown: three channels in colours, of any other number the middle one in grey; of a volume one slice,
 * by default the middle one.
 */
export function inputPicture(
  { shape, data }: ImageBatch,
  image: number,
  options: InputPictureOptions = {},
): Picture {
  const { low, high } = options.window ?? { low: 0, high: 1 };
  const { scale } = checkParameters(inputRules, { scale: options.scale }, "picture");
  const [height, width] = shape.slice(-2);
  const [, count] = shape;
  const depth = shape.length === 5 ? shape[2] : 1;
  const slice = options.slice ?? Math.floor(depth / 2);
  if (image >= shape[0] || slice >= depth) throw outside(shape, image, slice);
  const channels = count === 3 ? 3 : 1;
  const first = count === 3 ? 0 : Math.floor(count / 2);
  const pixels = new Uint8Array(width * height * channels);
  for (let channel = 0; channel < channels; channel++) {
    const start = ((image * count + first + channel) * depth + slice) * height * width;
    for (let at = 0; at < height * width; at++) {
      const value = (data[start + at] - low) / (high - low || 1);
      pixels[at * channels + channel] = Math.round(255 * Math.min(1, Math.max(0, value)));
    }
  }
  return magnified({ width, height, channels, data: pixels }, scale);
}

/** The picture with each pixel as a square of several. */
function magnified({ width, height, channels, data }: Picture, scale: number): Picture {
  if (scale === 1) return { width, height, channels, data };
  const wide = width * scale;
  const pixels = new Uint8Array(wide * height * scale * channels);
  for (let to = 0; to < wide * height * scale; to++) {
    const row = Math.floor(to / wide / scale);
    const from = row * width + Math.floor((to % wide) / scale);
    for (let channel = 0; channel < channels; channel++) {
      pixels[to * channels + channel] = data[from * channels + channel];
    }
  }
  return { width: wide, height: height * scale, channels, data: pixels };
}

function outside(shape: readonly number[], image: number, slice: number): RoentgenError {
  return new RoentgenError("bad-option", {
    problem: "Cannot draw the image",
    expected: `one of shape [${shape.join(", ")}]`,
    found: `image ${image}, slice ${slice}`,
    subject: "slice",
  });
}
