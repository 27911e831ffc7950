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

/** Pearson's correlation of two thumbnails; 0 where one of them is of one value. */
export function correlationOf(a: Float32Array, b: Float32Array): number {
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    const [x, y] = [a[at] - meanA, b[at] - meanB];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}

function meanOf(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
