// Li's minimum cross-entropy threshold: Li and Tam, "An iterative algorithm for minimum cross entropy thresholding",
// Pattern Recognition Letters 19(8), 1998.

import type { Image, VoxelArray } from "../../base/index.ts";
import { isIntegerArray } from "./channels.ts";
import { type Masked, maskVoxels, valuesToMeasure } from "./foreground.ts";
import { rangeOf } from "./histogram.ts";

/**
 * The threshold that loses least information between an image and its two means; values above it are foreground.
 * As skimage.filters.threshold_li. An image of one value has that as threshold.
 * @param tolerance change of the threshold that ends the search: half a grey of whole numbers, else 1e-6 of the range
 */
export function liThreshold(
  image: Image,
  { mask, tolerance }: Masked & { readonly tolerance?: number } = {},
): number {
  const values = valuesToMeasure(image.data, { mask: maskVoxels(mask, image) });
  const [low, high] = rangeOf(values);
  if (low === high) return low;
  const enough = tolerance ?? (isIntegerArray(values) ? 0.5 : 1e-6 * (high - low));
  let next = meansApart(values, low, Number.POSITIVE_INFINITY).below;
  let threshold = Number.NEGATIVE_INFINITY;
  while (Math.abs(next - threshold) > enough) {
    threshold = next;
    const { below, above } = meansApart(values, low, threshold);
    // A lower class of nothing but the lowest value has mean 0, and the quotient its limit.
    next = below > 0 ? (below - above) / (Math.log(below) - Math.log(above)) : 0;
  }
  return next + low;
}

/** Means of values − low on both sides of a threshold. */
function meansApart(values: VoxelArray, low: number, threshold: number) {
  let [below, above, count] = [0, 0, 0];
  for (let at = 0; at < values.length; at++) {
    const value = values[at] - low;
    if (value > threshold) above += value;
    else {
      below += value;
      count++;
    }
  }
  return { below: below / count, above: above / (values.length - count) };
}
