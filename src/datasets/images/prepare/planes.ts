// The planes of an image in memory order, whether they are slices of a volume, frames of a film or pages of a file.

import { type Image, imageShape } from "../../../base/index.ts";

/** How an image's memory divides into planes: colours first, then time or echo, then depth. */
export interface PlaneLayout {
  readonly width: number;
  readonly height: number;
  /** Slices of one volume. */
  readonly depth: number;
  /** Slices of all volumes, or frames: what a sample's `frame` counts. */
  readonly planes: number;
  /** 1 grey, 3 red, green, blue; opacity is not counted. */
  readonly colours: 1 | 3;
  /** Values from one colour to the next. */
  readonly colourStride: number;
}

export function planeLayout(image: Pick<Image, "channels" | "geometry">): PlaneLayout {
  const [width, height, depth] = image.geometry.size;
  const values = imageShape(image).reduce((product, size) => product * size, 1);
  const colour = image.channels.find(({ name, size }) => name === "color" && size >= 3);
  const colourStride = colour ? values / colour.size : values;
  return {
    ...{ width, height, depth, colourStride },
    planes: colourStride / (width * height),
    colours: colour ? 3 : 1,
  };
}
