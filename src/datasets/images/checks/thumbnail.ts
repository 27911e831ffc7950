// A small grey likeness of a prepared image, by which images are compared.

import { resizeBlock } from "../prepare/resize-block.ts";

/** Pixels along each side. */
export const THUMBNAIL_SIDE = 32;

/**
 * The mean over channels (and slices of a volume), as 32 × 32 pixels.
 * @param shape [channels, height, width] or [channels, depth, height, width]
 */
export function thumbnailOf(values: Float32Array, shape: readonly number[]): Float32Array {
  const [height, width] = shape.slice(-2);
  const plane = height * width;
  const planes = values.length / plane;
  const mean = new Float32Array(plane);
  for (let at = 0; at < values.length; at++) mean[at % plane] += values[at] / planes;
  return resizeBlock(mean, [height, width], [THUMBNAIL_SIDE, THUMBNAIL_SIDE]);
}

/** Made of mean 0 and length 1, so that the product of two is their correlation (Pearson's); one of a single value becomes 0. */
export function standardiseInPlace(thumbnail: Float32Array): void {
  let sum = 0;
  for (let at = 0; at < thumbnail.length; at++) sum += thumbnail[at];
  const mean = sum / thumbnail.length;
  let squares = 0;
  for (let at = 0; at < thumbnail.length; at++) squares += (thumbnail[at] - mean) ** 2;
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
  for (let at = 0; at < thumbnail.length; at++) thumbnail[at] = (thumbnail[at] - mean) * scale;
}

/** Of two thumbnails that are standardised. */
export function correlationOf(a: Float32Array, b: Float32Array): number {
  let product = 0;
  for (let at = 0; at < a.length; at++) product += a[at] * b[at];
  return product;
}
