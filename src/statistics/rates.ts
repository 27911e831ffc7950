// Rates of one class against the others, from its four counts. A ratio of nothing to nothing is NaN:
// the rate is undefined. Altman & Bland, BMJ 1994;308:1552 and 309:102; Deeks & Altman, BMJ 2004;329:168.

import type { BinaryCounts } from "./confusion.ts";
import { normalQuantile } from "./distributions/normal.ts";
import type { Interval } from "./figure.ts";

/** TP / (TP + FN), also called recall or the true-positive rate. */
export function sensitivity({ truePositive, falseNegative }: BinaryCounts): number {
  return truePositive / (truePositive + falseNegative);
}

/** TN / (TN + FP), also called the true-negative rate. */
export function specificity({ trueNegative, falsePositive }: BinaryCounts): number {
  return trueNegative / (trueNegative + falsePositive);
}

/** TP / (TP + FP), also called precision. */
export function positivePredictiveValue({ truePositive, falsePositive }: BinaryCounts): number {
  return truePositive / (truePositive + falsePositive);
}

/** TN / (TN + FN). */
export function negativePredictiveValue({ trueNegative, falseNegative }: BinaryCounts): number {
  return trueNegative / (trueNegative + falseNegative);
}

/** Sensitivity / (1 − specificity): how much a positive result raises the odds. Infinite with no false positive. */
export function positiveLikelihoodRatio(counts: BinaryCounts): number {
  const { falsePositive, trueNegative } = counts;
  return sensitivity(counts) / (falsePositive / (falsePositive + trueNegative));
}

/** (1 − sensitivity) / specificity: how much a negative result lowers the odds. */
export function negativeLikelihoodRatio(counts: BinaryCounts): number {
  const { falseNegative, truePositive } = counts;
  return falseNegative / (falseNegative + truePositive) / specificity(counts);
}

/** 2 TP / (2 TP + FP + FN): the harmonic mean of sensitivity and positive predictive value. */
export function f1Score({ truePositive, falsePositive, falseNegative }: BinaryCounts): number {
  return (2 * truePositive) / (2 * truePositive + falsePositive + falseNegative);
}

/**
 * Interval of a likelihood ratio by the log method. Simel, Samsa & Matchar, J Clin Epidemiol 1991;44:763–770.
 * Where a count that the method divides by is 0, ½ is added to all four (Haldane–Anscombe) for the
 * bounds only, so that a ratio of 0 or ∞ still has its one finite bound.
 */
export function likelihoodRatioInterval(
  counts: BinaryCounts,
  sign: "positive" | "negative",
  level = 0.95,
): Interval & { corrected: boolean } {
  const { truePositive: tp, falsePositive: fp, falseNegative: fn, trueNegative: tn } = counts;
  // The ratio is (a / (a + b)) / (c / (c + d)): a, b among the diseased, c, d among the others.
  const [a, b, c, d] = sign === "positive" ? [tp, fn, fp, tn] : [fn, tp, tn, fp];
  if (a + b === 0 || c + d === 0 || (a === 0 && c === 0)) {
    return { low: null, high: null, corrected: false };
  }
  const corrected = a === 0 || c === 0;
  const add = corrected ? 0.5 : 0;
  const diseased = a + b + 2 * add;
  const healthy = c + d + 2 * add;
  const ratio = (a + add) / diseased / ((c + add) / healthy);
  const error = Math.sqrt(1 / (a + add) - 1 / diseased + 1 / (c + add) - 1 / healthy);
  const factor = Math.exp(normalQuantile(0.5 + level / 2) * error);
  return {
    low: a === 0 ? 0 : ratio / factor,
    high: c === 0 ? null : ratio * factor,
    corrected,
  };
}
