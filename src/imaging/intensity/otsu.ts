// Thresholds between classes of values: Otsu, IEEE Trans. SMC 9 (1979), and its several levels
// after Liao, Chen, Chung, J. Inf. Sci. Eng. 17 (2001).

import { type Image, RoentgenError, type VoxelArray } from "../../base/index.ts";
import { type Masked, maskVoxels, valuesToMeasure } from "./foreground.ts";
import { type Histogram, histogramOf, rangeOf } from "./histogram.ts";

export interface OtsuOptions extends Masked {
  /** Bins for fractions; whole numbers have one each. 256. */
  readonly bins?: number;
}

/**
 * The threshold that parts values into two classes of the largest variance between them; values above it
 * are foreground. Equal to skimage.filters.threshold_otsu. An image of one value has that as threshold.
 */
export function otsuThreshold(image: Image, { mask, bins = 256 }: OtsuOptions = {}): number {
  return otsuOf(valuesToMeasure(image.data, { mask: maskVoxels(mask, image) }), bins);
}

/**
 * `classes` − 1 thresholds, ascending, as skimage.filters.threshold_multiotsu.
 * @throws RoentgenError "value-invalid" where the image has fewer values than classes
 */
export function multiOtsuThresholds(
  image: Image,
  { classes = 3, mask, bins = 256 }: OtsuOptions & { readonly classes?: number } = {},
): number[] {
  const values = valuesToMeasure(image.data, { mask: maskVoxels(mask, image) });
  const { counts, centres } = histogramOf(values, bins);
  const filled = [...counts.keys()].filter((bin) => counts[bin] > 0);
  if (filled.length < classes) {
    throw new RoentgenError("value-invalid", {
      problem: `The image cannot be parted into ${classes} classes`,
      expected: `at least ${classes} different values`,
      found: `${filled.length}`,
      subject: "classes",
    });
  }
  if (filled.length === classes) return filled.slice(0, -1).map((bin) => centres[bin]);
  return lastBinsOfClasses(counts, classes).map((bin) => centres[bin]);
}

/** Otsu's threshold of finite values, at least one. */
export function otsuOf(values: VoxelArray, bins = 256): number {
  const [low, high] = rangeOf(values);
  return low === high ? low : otsuOfHistogram(histogramOf(values, bins));
}

function otsuOfHistogram({ counts, centres }: Histogram): number {
  const weight = sumUp(counts);
  const moment = sumUp(counts.map((count, bin) => count * centres[bin]));
  const last = counts.length - 1;
  let best = 0;
  let largest = Number.NEGATIVE_INFINITY;
  for (let bin = 0; bin < last; bin++) {
    const above = weight[last] - weight[bin];
    const apart = moment[bin] / weight[bin] - (moment[last] - moment[bin]) / above;
    const between = weight[bin] * above * apart * apart;
    if (between > largest) [best, largest] = [bin, between];
  }
  return centres[best];
}

function sumUp(counts: Float64Array): Float64Array {
  let sum = 0;
  return counts.map((count) => {
    sum += count;
    return sum;
  });
}

/**
 * Last bin of every class but the highest: those that make Σ S²/P over classes largest, S the first and P the
 * zeroth moment of a class. The best end of a class moves up with where the next class ends, so that each
 * level is found by halving, in bins · log(bins) steps.
 */
function lastBinsOfClasses(counts: Float64Array, classes: number): number[] {
  const weight = sumUp(counts);
  const moment = sumUp(counts.map((count, bin) => count * bin));
  const between = (from: number, to: number) => {
    const p = weight[to] - (from > 0 ? weight[from - 1] : 0);
    const s = moment[to] - (from > 0 ? moment[from - 1] : 0);
    return p > 0 ? (s * s) / p : 0;
  };
  const bins = counts.length;
  let score: Float64Array = Float64Array.from(counts, (_, bin) => between(0, bin));
  const cuts: Int32Array[] = [];
  for (let level = 1; level < classes; level++) {
    const cut = new Int32Array(bins);
    score = nextLevel(score, cut, level, between);
    cuts.push(cut);
  }
  const found: number[] = [];
  for (const cut of cuts.toReversed()) found.unshift(cut[found[0] ?? bins - 1]);
  return found;
}

/** Scores of one class more, for every last bin; `cut` receives where the classes before it end. */
function nextLevel(
  score: Float64Array,
  cut: Int32Array,
  level: number,
  between: (from: number, to: number) => number,
): Float64Array {
  const next = new Float64Array(score.length).fill(Number.NEGATIVE_INFINITY);
  const fill = (first: number, last: number, low: number, high: number) => {
    if (first > last) return;
    const bin = (first + last) >> 1;
    for (let end = low; end <= Math.min(high, bin - 1); end++) {
      const sum = score[end] + between(end + 1, bin);
      if (sum > next[bin]) [next[bin], cut[bin]] = [sum, end];
    }
    fill(first, bin - 1, low, cut[bin]);
    fill(bin + 1, last, cut[bin], high);
  };
  fill(level, score.length - 1, level - 1, score.length - 2);
  return next;
}
