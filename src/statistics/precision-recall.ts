// The precision–recall curve and its summary, average precision.
// Davis & Goadrich, ICML 2006; average precision as in scikit-learn: steps, no interpolation.

import { type Ranking, rankDescending } from "./ranking.ts";
import { cumulativeCounts } from "./roc.ts";

/** Precision and recall at one threshold, each in [0, 1]. */
export interface PrecisionRecallPoint {
  /** Cases with at least this score are called positive. */
  readonly threshold: number;
  /** Positive predictive value. */
  readonly precision: number;
  /** Sensitivity. */
  readonly recall: number;
}

/** One point for each distinct score, highest threshold first. Empty where there is no positive case. */
export function precisionRecallCurve(
  positive: ArrayLike<number | boolean>,
  scores: ArrayLike<number>,
  { weights }: { weights?: ArrayLike<number> } = {},
): PrecisionRecallPoint[] {
  const steps = cumulativeCounts(positive, scores, weights);
  const positives = steps[steps.length - 1].truePositive;
  if (positives === 0) return [];
  return steps
    .slice(1)
    .filter(({ truePositive, falsePositive }) => truePositive + falsePositive > 0)
    .map(({ threshold, truePositive, falsePositive }) => ({
      threshold: threshold as number,
      precision: truePositive / (truePositive + falsePositive),
      recall: truePositive / positives,
    }));
}

/**
 * Average precision: Σ (recallᵢ − recallᵢ₋₁) · precisionᵢ over falling thresholds.
 * @returns 0 … 1, or NaN where there is no positive case
 */
export function averagePrecision(
  positive: ArrayLike<number | boolean>,
  scores: ArrayLike<number>,
  { weights }: { weights?: ArrayLike<number> } = {},
): number {
  const labels = Int32Array.from(positive, Number);
  return rankedAveragePrecision(labels, rankDescending(scores), { positive: 1, weights });
}

/** Average precision of one class from scores ranked beforehand. */
export function rankedAveragePrecision(
  labels: ArrayLike<number>,
  { order, endsTie }: Ranking,
  { positive, weights }: { positive: number; weights?: ArrayLike<number> },
): number {
  let found = 0;
  let called = 0;
  let tied = 0;
  let sum = 0;
  for (let position = 0; position < order.length; position++) {
    const row = order[position];
    const weight = weights ? weights[row] : 1;
    called += weight;
    if (labels[row] === positive) tied += weight;
    if (endsTie[position] === 0 || tied === 0) continue;
    found += tied;
    sum += (tied * found) / called;
    tied = 0;
  }
  return sum / found;
}
