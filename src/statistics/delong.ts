// DeLong's variance of areas under ROC curves, by midranks. DeLong, DeLong & Clarke-Pearson,
// Biometrics 1988;44:837–845; fast algorithm of Sun & Xu, IEEE Signal Process Lett 2014;21:1389–1393.

import { normalQuantile, normalSurvival } from "./distributions/normal.ts";
import { studentTwoSided } from "./distributions/student-t.ts";
import {
  type Figure,
  type Interval,
  makeFigure,
  type TestResult,
  undefinedFigure,
} from "./figure.ts";
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

/** Two areas, their difference (first − second) with its interval, and the test that it is 0. */
export interface AucComparison {
  readonly first: number | null;
  readonly second: number | null;
  readonly difference: Figure;
  readonly test: TestResult;
}

/**
 * Compares the areas of two scores of the same cases. DeLong et al. 1988, section 3.
 * Where the two scores rank all cases alike, the difference is 0 and p is 1.
 */
export function compareAucPaired(
  positive: ArrayLike<number | boolean>,
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  { level = 0.95 }: { level?: number } = {},
): AucComparison {
  const a = structuralComponents(positive, first);
  const b = structuralComponents(positive, second);
  const variance =
    delongVariance(a) +
    delongVariance(b) -
    (2 * covariance(a.positives, b.positives)) / a.positives.length -
    (2 * covariance(a.negatives, b.negatives)) / a.negatives.length;
  return compare(a.auc, b.auc, Math.sqrt(Math.max(0, variance)), {
    level,
    n: first.length,
    method: "DeLong, paired",
  });
}

/** Compares the areas of scores of different cases, with Welch's degrees of freedom as in pROC. */
export function compareAucUnpaired(
  first: { positive: ArrayLike<number | boolean>; scores: ArrayLike<number> },
  second: { positive: ArrayLike<number | boolean>; scores: ArrayLike<number> },
  { level = 0.95 }: { level?: number } = {},
): AucComparison {
  const a = structuralComponents(first.positive, first.scores);
  const b = structuralComponents(second.positive, second.scores);
  const va = delongVariance(a);
  const vb = delongVariance(b);
  const na = first.scores.length;
  const nb = second.scores.length;
  const degreesOfFreedom = (va + vb) ** 2 / (va ** 2 / (na - 1) + vb ** 2 / (nb - 1));
  const about = { level, n: na + nb, method: "DeLong, unpaired" };
  return compare(a.auc, b.auc, Math.sqrt(va + vb), about, degreesOfFreedom);
}

function compare(
  first: number,
  second: number,
  error: number,
  about: { level: number; n: number; method: string },
  degreesOfFreedom?: number,
): AucComparison {
  const value = first - second;
  const why = Number.isNaN(value)
    ? "there are no positive or no negative cases"
    : Number.isNaN(error)
      ? "DeLong's variance needs two positive and two negative cases"
      : "both variances are 0";
  const half = normalQuantile(0.5 + about.level / 2) * error;
  // Two scores that rank the same cases alike differ by nothing, with certainty.
  const alike = degreesOfFreedom === undefined && value === 0 && error < 1e-12;
  const statistic = alike ? 0 : error === 0 ? Number.NaN : value / error;
  const pValue =
    statistic === 0
      ? 1
      : degreesOfFreedom === undefined
        ? 2 * normalSurvival(Math.abs(statistic))
        : studentTwoSided(statistic, degreesOfFreedom);
  const defined = Number.isFinite(statistic);
  return {
    first: Number.isNaN(first) ? null : first,
    second: Number.isNaN(second) ? null : second,
    difference: makeFigure(
      value,
      { low: Math.max(-1, value - half), high: Math.min(1, value + half) },
      { ...about, undefinedBecause: why },
    ),
    test: {
      statistic: defined ? statistic : null,
      ...(degreesOfFreedom !== undefined &&
        Number.isFinite(degreesOfFreedom) && { degreesOfFreedom }),
      pValue: defined ? pValue : null,
      n: about.n,
      method: about.method,
      ...(!defined && { undefinedBecause: why }),
    },
  };
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index];
  return sum / values.length;
}

/** Unbiased sample covariance; NaN for a single pair. */
function covariance(a: Float64Array, b: Float64Array): number {
  const meanA = mean(a);
  const meanB = mean(b);
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] - meanA) * (b[index] - meanB);
  return sum / (a.length - 1);
}
