// The receiver operating characteristic of two classes: curve and area.
// Hanley & McNeil, Radiology 1982;143:29–36; Fawcett, Pattern Recognit Lett 2006;27:861–874.

import { classSums, classWins } from "./multiclass-auc.ts";
import { rankDescending } from "./ranking.ts";

/** Rates at one threshold, each in [0, 1]. */
export interface RocPoint {
  /** Cases with at least this score are called positive; null where none is. */
  readonly threshold: number | null;
  readonly falsePositiveRate: number;
  readonly truePositiveRate: number;
}

/**
 * Area under the ROC curve: the chance that a positive case scores above a negative one, ties counting half.
 * @param positive 1 (or true) for positive rows, 0 for the others
 * @returns 0 … 1, or NaN where there is no positive or no negative case
 */
export function rocAuc(
  positive: ArrayLike<number | boolean>,
  scores: ArrayLike<number>,
  { weights }: { weights?: ArrayLike<number> } = {},
): number {
  const labels = Int32Array.from(positive, Number);
  const wins = classWins(labels, rankDescending(scores), { positive: 1, classCount: 2, weights });
  const sums = classSums(labels, { classCount: 2, weights });
  return wins[0] / (sums[0] * sums[1]);
}

/** The ROC curve: one point for each distinct score, from (0, 0) to (1, 1). Empty where the area is undefined. */
export function rocCurve(
  positive: ArrayLike<number | boolean>,
  scores: ArrayLike<number>,
  { weights }: { weights?: ArrayLike<number> } = {},
): RocPoint[] {
  const steps = cumulativeCounts(positive, scores, weights);
  const { truePositive: positives, falsePositive: negatives } = steps[steps.length - 1];
  if (positives === 0 || negatives === 0) return [];
  return steps.map(({ threshold, truePositive, falsePositive }) => ({
    threshold,
    falsePositiveRate: falsePositive / negatives,
    truePositiveRate: truePositive / positives,
  }));
}

export interface CumulativeCount {
  readonly threshold: number | null;
  readonly truePositive: number;
  readonly falsePositive: number;
}

/** Weighted counts of positives and negatives at or above each distinct score, from none to all. */
export function cumulativeCounts(
  positive: ArrayLike<number | boolean>,
  scores: ArrayLike<number>,
  weights?: ArrayLike<number>,
): CumulativeCount[] {
  const { order, endsTie } = rankDescending(scores);
  const steps: CumulativeCount[] = [{ threshold: null, truePositive: 0, falsePositive: 0 }];
  let truePositive = 0;
  let falsePositive = 0;
  for (let position = 0; position < order.length; position++) {
    const row = order[position];
    const weight = weights ? weights[row] : 1;
    if (positive[row]) truePositive += weight;
    else falsePositive += weight;
    if (endsTie[position]) steps.push({ threshold: scores[row], truePositive, falsePositive });
  }
  return steps;
}
