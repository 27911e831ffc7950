// The triangle threshold, for histograms of one high peak and a long tail: Zack, Rogers, Latt, J. Histochem. Cytochem.
// 25(7), 1977.

import type { Image } from "../../base/index.ts";
import { maskVoxels, valuesToMeasure } from "./foreground.ts";
import { histogramOf } from "./histogram.ts";
import type { OtsuOptions } from "./otsu.ts";

/**
 * The value at which the histogram lies farthest below the line from its peak to the end of its longer tail. Equal to
 * skimage.filters.threshold_triangle.
 */
export function triangleThreshold(image: Image, { mask, bins = 256 }: OtsuOptions = {}): number {
  const values = valuesToMeasure(image.data, { mask: maskVoxels(mask, image) });
  const { counts, centres } = histogramOf(values, bins);
  const peak = counts.reduce((best, count, bin) => (count > counts[best] ? bin : best), 0);
  const last = counts.findLastIndex((count) => count > 0);
  const first = counts.findIndex((count) => count > 0);
  const flip = peak - first < last - peak;
  const width = flip ? last - peak : peak - first;
  const binAt = (step: number) => (flip ? last - step : first + step);
  let best = 0;
  let farthest = Number.NEGATIVE_INFINITY;
  for (let step = 0; step < width; step++) {
    const distance = counts[peak] * step - width * counts[binAt(step)];
    if (distance > farthest) [best, farthest] = [step, distance];
  }
  return centres[binAt(best)];
}
