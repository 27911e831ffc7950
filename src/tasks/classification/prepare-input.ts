// An image as the input of a bundled model, prepared as those were that it learnt from.

import {
  type LoadedImage,
  type PrepareImageOptions,
  prepareImage,
} from "../../datasets/images/samples.ts";
import type { ImageDescription } from "../../study/index.ts";

/** An image as `loadImage` gives it, and which part of it is meant. */
export type ImageToPredict = Pick<LoadedImage, "image"> &
  Partial<LoadedImage> &
  Pick<PrepareImageOptions, "frame" | "region">;

/** [channels, …size] in 0 … 1. */
export function prepareInput(
  { image, ...options }: ImageToPredict,
  { preparation, steps }: ImageDescription["input"],
): Float32Array {
  const pixels = prepareImage(image, preparation, options);
  if (steps !== undefined) roundInPlace(pixels, steps);
  return pixels;
}

/** As a store of prepared images rounds them: to the nearest of so many steps. */
function roundInPlace(pixels: Float32Array, steps: number): void {
  const scale = 1 / steps;
  for (let at = 0; at < pixels.length; at++) {
    pixels[at] = Math.floor(pixels[at] * steps + 0.5) * scale;
  }
}
