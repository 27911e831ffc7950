// Agreement of two measurements: bias and limits of agreement.
// Bland & Altman, Lancet 1986;327:307–310; Stat Methods Med Res 1999;8:135–160.

import { normalQuantile } from "./distributions/normal.ts";
import { studentQuantile } from "./distributions/student-t.ts";
import { type Figure, makeFigure } from "./figure.ts";
import { momentsOf } from "./moments.ts";

/** Bias and limits of agreement with their intervals, in the unit of the measurement. */
export interface BlandAltman {
  /** Mean of predicted − truth. */
  readonly bias: Figure;
  /** Bias − 1.96 standard deviations: about 95 % of differences lie between the limits. */
  readonly lowerLimit: Figure;
  readonly upperLimit: Figure;
}

/** Bias and limits of agreement, in the unit of the measurement. */
export interface AgreementLimits {
  readonly bias: number;
  readonly lower: number;
  readonly upper: number;
  /** Standard deviation of the differences, over n − 1. */
  readonly deviation: number;
}

/**
 * Bias and limits, with intervals from Student's t; the limits' standard error is
 * s √(1/n + z²/(2(n − 1))) (1999, section 2.1 and its appendix).
 * @param coverage share of differences between the limits; 0.95 by default
 */
export function blandAltman(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { level = 0.95, coverage = 0.95 }: { level?: number; coverage?: number } = {},
): BlandAltman {
  const n = truth.length;
  const { bias, lower, upper, deviation } = agreementLimits(truth, predicted, { coverage });
  const z = normalQuantile(0.5 + coverage / 2);
  const t = n > 1 ? studentQuantile(0.5 + level / 2, n - 1) : Number.NaN;
  const biasError = deviation / Math.sqrt(n);
  const limitError = deviation * Math.sqrt(1 / n + (z * z) / (2 * (n - 1)));
  const undefinedBecause = n === 0 ? "there are no cases" : "two cases or more are needed";
  const figure = (value: number, error: number, method: string) => {
    const interval = { low: value - t * error, high: value + t * error };
    return makeFigure(value, interval, { level, n, method, undefinedBecause });
  };
  return {
    bias: figure(bias, biasError, "Student's t"),
    lowerLimit: figure(lower, limitError, "Bland & Altman, Student's t"),
    upperLimit: figure(upper, limitError, "Bland & Altman, Student's t"),
  };
}

/** The values alone; weights count as repeated rows. */
export function agreementLimits(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { coverage = 0.95, weights }: { coverage?: number; weights?: ArrayLike<number> } = {},
): AgreementLimits {
  const differences = Float64Array.from(truth, (value, row) => predicted[row] - value);
  const { total, meanTruth: bias, squaresTruth } = momentsOf(differences, differences, weights);
  const deviation = total > 1 ? Math.sqrt(squaresTruth / (total - 1)) : Number.NaN;
  const reach = normalQuantile(0.5 + coverage / 2) * deviation;
  return { bias, lower: bias - reach, upper: bias + reach, deviation };
}
