// A picture as raster files hold it, and the image that it becomes.

import type { Image, PixelGeometry, VoxelArray } from "../../base/index.ts";
import { makeImage } from "../../base/index.ts";

/** Samples of a picture as they are in the file, the colours of one pixel side by side, row after row. */
export interface Picture<D extends VoxelArray = VoxelArray> {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 2 grey and opacity, 3 RGB, 4 RGB and opacity; more are bands without a meaning. */
  readonly channels: number;
  /** width · height · channels values. */
  readonly data: D;
  /** The value of full opacity, where the last of 2 or 4 channels is one. */
  readonly opaque?: number;
}

/** Pixels that a picture may have unless the caller allows more: 2²⁸, as large as 16384 × 16384. */
export const MOST_PIXELS = 2 ** 28;

/**
 * The picture as an image of depth 1 whose place in the patient is unknown: grey without channels, colour
 * as an axis "color", plane after plane. Opacity that is full everywhere is dropped, with a note; other
 * opacity is kept as a fourth colour, grey then three times.
 */
export function imageOfPicture(picture: Picture): { image: Image; notes: string[] } {
  const { colours, notes } = coloursToKeep(picture);
  const geometry: PixelGeometry = {
    frame: "pixels",
    size: [picture.width, picture.height, 1],
    spacing: undefined,
  };
  const name = picture.channels <= 4 ? "color" : "band";
  const channels = colours.length === 1 ? [] : [{ name, size: colours.length }];
  return { image: makeImage({ geometry, channels, data: planes(picture, colours) }), notes };
}

/** Which channels of the picture become planes, in order. */
function coloursToKeep(picture: Picture): { colours: number[]; notes: string[] } {
  const { channels, opaque } = picture;
  if (opaque === undefined) return { colours: [...Array(channels).keys()], notes: [] };
  if (isOpaque(picture, opaque)) {
    const colours = channels === 2 ? [0] : [0, 1, 2];
    return { colours, notes: ["The opacity was left out: every pixel is opaque."] };
  }
  const colours = channels === 2 ? [0, 0, 0, 1] : [0, 1, 2, 3];
  return { colours, notes: ["Some pixels are transparent: the fourth color is their opacity."] };
}

function isOpaque({ data, channels }: Picture, opaque: number): boolean {
  for (let at = channels - 1; at < data.length; at += channels) {
    if (data[at] !== opaque) return false;
  }
  return true;
}

function planes({ data, channels }: Picture, colours: readonly number[]): VoxelArray {
  if (channels === 1) return data;
  const pixels = data.length / channels;
  const Samples = data.constructor as new (length: number) => VoxelArray;
  const separate = new Samples(pixels * colours.length);
  colours.forEach((colour, plane) => {
    for (let to = plane * pixels, from = colour; from < data.length; to++, from += channels) {
      separate[to] = data[from];
    }
  });
  return separate;
}
