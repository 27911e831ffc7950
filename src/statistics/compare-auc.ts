// Two areas under ROC curves compared, on the same cases or on different ones.
// DeLong, DeLong & Clarke-Pearson, Biometrics 1988;44:837–845, section 3.

import { covariance, delongVariance, structuralComponents } from "./delong.ts";
import { normalQuantile, normalSurvival } from "./distributions/normal.ts";
import { studentQuantile, studentTwoSided } from "./distributions/student-t.ts";
import { type Figure, makeFigure, type TestResult } from "./figure.ts";

/** Two areas, their difference (first − second) with its interval, and the test that it is 0. */
export interface AucComparison {
  readonly first: number | null;
  readonly second: number | null;
  readonly difference: Figure;
  readonly test: TestResult;
}

/**
 * Compares the areas of two scores of the same cases. Where the variance is 0, as for a score and
 * itself, a difference of 0 has p = 1.
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
  // Rounding leaves a trace where the exact variance is 0.
  const error = variance < 1e-24 ? 0 : Math.sqrt(variance);
  const about = { level, n: first.length, method: "DeLong, paired" };
  return compare({ first: a.auc, second: b.auc, error }, about);
}

/** Compares the areas of scores of different cases, on Student's t with Welch's degrees of freedom as in pROC. */
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
  const areas = { first: a.auc, second: b.auc, error: Math.sqrt(va + vb), degreesOfFreedom };
  return compare(areas, about);
}

interface Areas {
  readonly first: number;
  readonly second: number;
  /** Standard error of the difference. */
  readonly error: number;
  /** Of Student's t; normal where absent. */
  readonly degreesOfFreedom?: number;
}

interface About {
  readonly level: number;
  readonly n: number;
  readonly method: string;
}

function compare(areas: Areas, about: About): AucComparison {
  const undefinedBecause = whyIncomparable(areas);
  return {
    first: Number.isNaN(areas.first) ? null : areas.first,
    second: Number.isNaN(areas.second) ? null : areas.second,
    difference: differenceFigure(areas, { ...about, undefinedBecause }),
    test: differenceTest(areas, { ...about, undefinedBecause }),
  };
}

function whyIncomparable({ first, second, error }: Areas): string {
  if (Number.isNaN(first - second)) return "there are no positive or no negative cases";
  if (Number.isNaN(error)) return "DeLong's variance needs two positive and two negative cases";
  return "the variance is 0";
}

function differenceFigure(
  { first, second, error, degreesOfFreedom }: Areas,
  about: About & { undefinedBecause: string },
): Figure {
  const value = first - second;
  const tail = 0.5 + about.level / 2;
  const reach =
    degreesOfFreedom === undefined ? normalQuantile(tail) : studentQuantile(tail, degreesOfFreedom);
  // No error at all is certain only where neither area is at its limit.
  const certain = error === 0 && value === 0 && first !== 0 && first !== 1;
  const half = error === 0 ? (certain ? 0 : Number.NaN) : reach * error;
  const interval = { low: Math.max(-1, value - half), high: Math.min(1, value + half) };
  return makeFigure(value, interval, about);
}

function differenceTest(
  { first, second, error, degreesOfFreedom }: Areas,
  { n, method, undefinedBecause }: About & { undefinedBecause: string },
): TestResult {
  const value = first - second;
  const paired = degreesOfFreedom === undefined;
  const statistic = paired && value === 0 && error === 0 ? 0 : value / error;
  if (!Number.isFinite(statistic)) {
    return { statistic: null, pValue: null, n, method, undefinedBecause };
  }
  const pValue = paired
    ? 2 * normalSurvival(Math.abs(statistic))
    : studentTwoSided(statistic, degreesOfFreedom);
  return { statistic, ...(!paired && { degreesOfFreedom }), pValue, n, method };
}
