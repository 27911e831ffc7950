// DeLong's variance of areas under ROC curves, by midranks. DeLong, DeLong & Clarke-Pearson,
// Biometrics 1988;44:837–845; fast algorithm of Sun & Xu, IEEE Signal Process Lett 2014;21:1389–1393.

import { normalQuantile } from "./distributions/normal.ts";
import { type Figure, type Interval, makeFigure, undefinedFigure } from "./figure.ts";
import { midranks } from "./ranking.ts";

/** An area and, for each case, the share of opposite cases that it is rightly ranked against. */
export interface StructuralComponents {
  readonly auc: number;
  /** V₁₀, one a positive case, in row order. */
  readonly positives: Float64Array;
  /** V₀₁, one a negative case, in row order. */
  readonly negatives: Float64Array;
}

/** DeLong's structural components: DeLong et al. 1988, eqs. 4 and 5; Sun & Xu 2014, eqs. 5 and 6. */
export function structuralComponents(
  positive: ArrayLike<number | boolean>,
  scores: ArrayLike<number>,
): StructuralComponents {
  const positiveScores: number[] = [];
  const negativeScores: number[] = [];
  for (let row = 0; row < scores.length; row++) {
    (positive[row] ? positiveScores : negativeScores).push(scores[row]);
  }
  const m = positiveScores.length;
  const n = negativeScores.length;
  const pooled = midranks([...positiveScores, ...negativeScores]);
  const amongPositives = midranks(positiveScores);
  const amongNegatives = midranks(negativeScores);
  const positives = amongPositives.map((rank, i) => (pooled[i] - rank) / n);
  const negatives = amongNegatives.map((rank, j) => 1 - (pooled[m + j] - rank) / m);
  return { auc: mean(positives), positives, negatives };
}

/** Variance of an area; NaN with fewer than two positive or negative cases. */
export function delongVariance({ positives, negatives }: StructuralComponents): number {
  return (
    covariance(positives, positives) / positives.length +
    covariance(negatives, negatives) / negatives.length
  );
}

/**
 * The area under the ROC curve with DeLong's interval, cut at 0 and 1 as in pROC, or on the logit
 * scale. At an area of exactly 0 or 1 DeLong's variance is 0, which would give an interval of no
 * width; there Newcombe's score interval stands in, and `method` says so.
 */
export function aucFigure(
  positive: ArrayLike<number | boolean>,
  scores: ArrayLike<number>,
  { level = 0.95, scale = "plain" }: { level?: number; scale?: "plain" | "logit" } = {},
): Figure {
  const components = structuralComponents(positive, scores);
  const { auc, positives, negatives } = components;
  const about = {
    level,
    n: scores.length,
    method: scale === "logit" ? "DeLong, logit scale" : "DeLong",
  };
  const missing = positives.length === 0 ? "positive" : "negative";
  if (positives.length * negatives.length === 0) {
    return undefinedFigure(`there are no ${missing} cases`, about);
  }
  if (auc === 0 || auc === 1) {
    const interval = newcombeAucInterval(auc, positives.length, negatives.length, level);
    return makeFigure(auc, interval, {
      ...about,
      method: "Newcombe score interval (DeLong's variance is 0)",
    });
  }
  const error = Math.sqrt(delongVariance(components));
  const undefinedBecause = "DeLong's variance needs two positive and two negative cases";
  return makeFigure(auc, delongInterval(auc, error, level, scale), { ...about, undefinedBecause });
}

function delongInterval(
  auc: number,
  error: number,
  level: number,
  scale: "plain" | "logit",
): Interval {
  const z = normalQuantile(0.5 + level / 2);
  if (Number.isNaN(error)) return { low: null, high: null };
  if (scale === "plain")
    return { low: Math.max(0, auc - z * error), high: Math.min(1, auc + z * error) };
  const odds = auc / (1 - auc);
  const factor = Math.exp((z * error) / (auc * (1 - auc)));
  return { low: odds / factor / (1 + odds / factor), high: (odds * factor) / (1 + odds * factor) };
}

/**
 * Score interval of an area from the two sample sizes alone; of use where no case is misranked.
 * Newcombe, Stat Med 2006;25:559–573, method 5.
 */
export function newcombeAucInterval(
  auc: number,
  positives: number,
  negatives: number,
  level = 0.95,
): Interval {
  const z = normalQuantile(0.5 + level / 2);
  const reaches = (theta: number) => {
    const star = (positives + negatives) / 2 - 1;
    const spread = 1 + star * ((1 - theta) / (2 - theta) + theta / (1 + theta));
    const variance = (theta * (1 - theta) * spread) / (positives * negatives);
    return Math.abs(auc - theta) <= z * Math.sqrt(variance);
  };
  return {
    low: auc === 0 ? 0 : farthest(auc, 0, reaches),
    high: auc === 1 ? 1 : farthest(auc, 1, reaches),
  };
}

/** Bisects between `from`, which holds, and `to`, which does not. */
function farthest(from: number, to: number, holds: (value: number) => boolean): number {
  for (let step = 0; step < 100; step++) {
    const middle = (from + to) / 2;
    if (holds(middle)) from = middle;
    else to = middle;
  }
  return from;
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index];
  return sum / values.length;
}

/** Unbiased sample covariance; NaN for a single pair. */
export function covariance(a: Float64Array, b: Float64Array): number {
  const meanA = mean(a);
  const meanB = mean(b);
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] - meanA) * (b[index] - meanB);
  return sum / (a.length - 1);
}
