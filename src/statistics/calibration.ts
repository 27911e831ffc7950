// Calibration: do cases given 30 % turn out positive 30 times in 100? Reliability curve and errors.
// Naeini, Cooper & Hauskrecht, AAAI 2015; Guo, Pleiss, Sun & Weinberger, ICML 2017.

import { type Figure, undefinedFigure } from "./figure.ts";
import { proportionFigure } from "./proportion.ts";
import { type Ranking, rankDescending } from "./ranking.ts";

/** Bins of equal width or of about equally many cases. */
export type BinStrategy = "equal-width" | "equal-mass";

/** How probabilities are binned. */
export interface BinOptions {
  /** Number of bins; 10 by default. */
  bins?: number;
  /** "equal-width" bins of [0, 1], or "equal-mass": bins of about equally many cases, ties kept together. */
  strategy?: BinStrategy;
  weights?: ArrayLike<number>;
}

/** Cases of similar predicted probability. */
export interface CalibrationBin {
  /** Mean predicted probability in the bin. */
  readonly predicted: number;
  /** Share of positives with its Wilson interval (without one if cases are weighted). */
  readonly observed: Figure;
}

/** How far probabilities are from observed shares, in [0, 1]; 0 is ideal. */
export interface CalibrationError {
  /** Expected calibration error: mean |observed − predicted| over bins, weighted by their cases. */
  readonly expected: number;
  /** Maximum calibration error: the worst bin. */
  readonly maximum: number;
}

/** The reliability curve, empty bins left out. */
export function calibrationCurve(
  positive: ArrayLike<number | boolean>,
  probabilities: ArrayLike<number>,
  {
    bins = 10,
    strategy = "equal-width",
    weights,
    level = 0.95,
  }: BinOptions & { level?: number } = {},
): CalibrationBin[] {
  const binOf = assignBins(probabilities, { bins, strategy, weights });
  const sums = Array.from({ length: bins }, () => ({ weight: 0, predicted: 0, positive: 0, n: 0 }));
  for (let row = 0; row < probabilities.length; row++) {
    const weight = weights ? weights[row] : 1;
    const sum = sums[binOf[row]];
    sum.weight += weight;
    sum.predicted += weight * probabilities[row];
    if (positive[row]) sum.positive += weight;
    if (weight > 0) sum.n += 1;
  }
  return sums
    .filter(({ weight }) => weight > 0)
    .map(({ weight, predicted, positive: count, n }) => ({
      predicted: predicted / weight,
      observed: weights
        ? weightedShare(count / weight, n, level)
        : proportionFigure(count, n, { level }),
    }));
}

function weightedShare(value: number, n: number, level: number): Figure {
  const reason = "cases are weighted: no interval is given for a bin";
  return { ...undefinedFigure(reason, { level, n, method: "weighted share" }), value };
}

/** Expected and maximum calibration error; NaN without cases. */
export function calibrationError(
  positive: ArrayLike<number | boolean>,
  probabilities: ArrayLike<number>,
  { bins = 10, strategy = "equal-width", weights }: BinOptions = {},
): CalibrationError {
  const gaps = Float64Array.from(probabilities, (p, row) => (positive[row] ? 1 : 0) - p);
  return binnedError(gaps, assignBins(probabilities, { bins, strategy, weights }), {
    bins,
    weights,
  });
}

/** Calibration errors from each row's outcome − probability and its bin. */
export function binnedError(
  gaps: Float64Array,
  binOf: ArrayLike<number>,
  { bins, weights }: { bins: number; weights?: ArrayLike<number> },
): CalibrationError {
  const gapSums = new Float64Array(bins);
  const sums = new Float64Array(bins);
  for (let row = 0; row < gaps.length; row++) {
    const weight = weights ? weights[row] : 1;
    gapSums[binOf[row]] += weight * gaps[row];
    sums[binOf[row]] += weight;
  }
  let total = 0;
  let absolute = 0;
  let maximum = Number.NaN;
  for (let bin = 0; bin < bins; bin++) {
    if (sums[bin] === 0) continue;
    const gap = Math.abs(gapSums[bin]);
    total += sums[bin];
    absolute += gap;
    if (!(gap / sums[bin] <= maximum)) maximum = gap / sums[bin];
  }
  return { expected: absolute / total, maximum };
}

/** The bin of each row. Equal-width bins are (low, high], the first also holds 0, as in scikit-learn. */
export function assignBins(
  probabilities: ArrayLike<number>,
  { bins, strategy, weights }: { bins: number; strategy: BinStrategy; weights?: ArrayLike<number> },
): Int32Array {
  if (strategy === "equal-mass") {
    return equalMassBins(rankDescending(probabilities), { bins, weights });
  }
  const step = 1 / bins;
  return Int32Array.from({ length: probabilities.length }, (_, row) => {
    const p = probabilities[row];
    let bin = Math.min(bins - 1, Math.floor(p * bins));
    while (bin > 0 && p <= bin * step) bin -= 1;
    while (bin < bins - 1 && p > (bin + 1) * step) bin += 1;
    return bin;
  });
}

/**
 * Bins cut at the weighted quantiles i/bins (inverted distribution function), each (low, high]: a
 * value's bin is how many cuts the weight below it has reached.
 */
export function equalMassBins(
  { order, endsTie }: Ranking,
  { bins, weights }: { bins: number; weights?: ArrayLike<number> },
  out: Int32Array = new Int32Array(order.length),
): Int32Array {
  let total = 0;
  for (let row = 0; row < order.length; row++) total += weights ? weights[row] : 1;
  let reached = 0;
  let first = 0;
  for (let position = 0; position < order.length; position++) {
    reached += weights ? weights[order[position]] : 1;
    if (endsTie[position] === 0) continue;
    const below = ((total - reached) / total) * bins;
    // The tolerance absorbs rounding in sums of weights.
    const bin = Math.max(0, Math.min(bins - 1, Math.floor(below + 1e-9)));
    for (let i = first; i <= position; i++) out[order[i]] = bin;
    first = position + 1;
  }
  return out;
}
