// Correlation and concordance of predicted with true values.
// Fisher, Metron 1921;1:3–32 (interval); Lin, Biometrics 1989;45:255–268, corrected 2000;56:324–325.

import { normalQuantile } from "./distributions/normal.ts";
import type { Interval } from "./figure.ts";
import { type Moments, momentsOf } from "./moments.ts";
import { type Ranking, rankDescending } from "./ranking.ts";

interface Weighted {
  weights?: ArrayLike<number>;
}

/** Pearson's correlation, −1 … 1; NaN where either does not vary. */
export function pearsonCorrelation(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { weights }: Weighted = {},
): number {
  const { squaresTruth, squaresPredicted, products } = momentsOf(truth, predicted, weights);
  const r = products / (Math.sqrt(squaresTruth) * Math.sqrt(squaresPredicted));
  return Math.min(1, Math.max(-1, r));
}

/** Spearman's rank correlation; ties share their mean rank. */
export function spearmanCorrelation(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { weights }: Weighted = {},
): number {
  return rankCorrelation(rankDescending(truth), rankDescending(predicted), weights);
}

/** Spearman's correlation from rankings made beforehand. */
export function rankCorrelation(
  truth: Ranking,
  predicted: Ranking,
  weights?: ArrayLike<number>,
): number {
  return pearsonCorrelation(weightedRanks(truth, weights), weightedRanks(predicted, weights), {
    weights,
  });
}

/** Weight above each value plus half of its ties': midranks, up to a constant, as if rows were repeated. */
function weightedRanks({ order, endsTie }: Ranking, weights?: ArrayLike<number>): Float64Array {
  const ranks = new Float64Array(order.length);
  let above = 0;
  let tied = 0;
  let first = 0;
  for (let position = 0; position < order.length; position++) {
    tied += weights ? weights[order[position]] : 1;
    if (endsTie[position] === 0) continue;
    for (let i = first; i <= position; i++) ranks[order[i]] = -(above + tied / 2);
    above += tied;
    tied = 0;
    first = position + 1;
  }
  return ranks;
}

/** Interval of Pearson's correlation on Fisher's z scale; none with fewer than four pairs. */
export function pearsonInterval(r: number, n: number, level = 0.95): Interval {
  if (n < 4) return { low: null, high: null };
  const half = normalQuantile(0.5 + level / 2) / Math.sqrt(n - 3);
  return { low: Math.tanh(Math.atanh(r) - half), high: Math.tanh(Math.atanh(r) + half) };
}

/**
 * Lin's concordance correlation ρc: agreement with the line of identity, −1 … 1, with variances over n.
 * 0 where one of the two does not vary; NaN where neither does, as with a single pair.
 */
export function concordanceCorrelation(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { weights }: Weighted = {},
): number {
  return concordanceOfMoments(momentsOf(truth, predicted, weights));
}

/** Lin's concordance from moments made beforehand. */
export function concordanceOfMoments(moments: Moments): number {
  if (moments.squaresTruth === 0 && moments.squaresPredicted === 0) return Number.NaN;
  const shift = moments.meanTruth - moments.meanPredicted;
  const spread = moments.squaresTruth + moments.squaresPredicted + moments.total * shift * shift;
  return (2 * moments.products) / spread;
}

/**
 * Lin's interval on the z scale, with the variance as corrected in 2000. None with fewer than three
 * pairs, nor where the correlation is 0 or undefined.
 */
export function concordanceInterval(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { level = 0.95 }: { level?: number } = {},
): Interval {
  const n = truth.length;
  const c = concordanceCorrelation(truth, predicted);
  const r = pearsonCorrelation(truth, predicted);
  if (n < 3 || !(Math.abs(r) > 0)) return { low: null, high: null };
  if (Math.abs(c) === 1) return { low: c, high: c };
  const { squaresTruth, squaresPredicted, meanTruth, meanPredicted } = momentsOf(truth, predicted);
  // u², the squared shift in units of both standard deviations.
  const u2 = (meanTruth - meanPredicted) ** 2 / (Math.sqrt(squaresTruth * squaresPredicted) / n);
  const variance =
    (((1 - r * r) * c * c) / ((1 - c * c) * r * r) +
      (2 * c ** 3 * (1 - c) * u2) / (r * (1 - c * c) ** 2) -
      (c ** 4 * u2 * u2) / (2 * r * r * (1 - c * c) ** 2)) /
    (n - 2);
  const half = normalQuantile(0.5 + level / 2) * Math.sqrt(variance);
  return { low: Math.tanh(Math.atanh(c) - half), high: Math.tanh(Math.atanh(c) + half) };
}
