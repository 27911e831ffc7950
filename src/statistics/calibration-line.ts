// Calibration intercept and slope: a logistic regression of the outcome on the predicted log odds.
// Cox, Biometrika 1958;45:562–565; Van Calster et al., J Clin Epidemiol 2016;74:167–176.

import { numberUnits } from "./bootstrap.ts";
import { normalQuantile } from "./distributions/normal.ts";
import { type Figure, makeFigure, undefinedFigure } from "./figure.ts";
import { fitLogisticLine, type LogisticData, type LogisticFit } from "./logistic-line.ts";

/** The logistic calibration line, on the scale of log-odds. */
export interface CalibrationLine {
  /** Calibration in the large: the intercept with the slope held at 1. 0 is ideal; below 0, risks are too high. */
  readonly intercept: Figure;
  /** 1 is ideal; below 1, predictions are too extreme. */
  readonly slope: Figure;
}

/** Probabilities of 0 and 1, whose log odds are infinite, are moved by this, as in R's CalibrationCurves. */
const edge = 1e-8;

/**
 * Fits both with Wald intervals. With weights or patients of several rows, the variance is the
 * cluster-robust sandwich, times G/(G − 1). Undefined with one class only or, for the slope, where the
 * predictions separate the classes or do not vary.
 */
export function calibrationLine(
  positive: ArrayLike<number | boolean>,
  probabilities: ArrayLike<number>,
  {
    weights,
    groups,
    level = 0.95,
  }: { weights?: ArrayLike<number>; groups?: ArrayLike<number>; level?: number } = {},
): CalibrationLine {
  const outcome = Float64Array.from({ length: probabilities.length }, (_, row) =>
    positive[row] ? 1 : 0,
  );
  const weight = Float64Array.from(outcome, (_, row) => (weights ? weights[row] : 1));
  const logits = Float64Array.from(probabilities, (p) =>
    logit(Math.min(1 - edge, Math.max(edge, p))),
  );
  const { unitOf, unitCount } = numberUnits(outcome.length, groups);
  const robust = weights !== undefined || unitCount < outcome.length;
  const data = { outcome, weight, logits, unitOf, unitCount, robust };
  const method = robust ? "Wald, cluster-robust variance" : "Wald";
  const about = { level, n: outcome.length, method };
  const reason = oneClass(data);
  if (reason) {
    return { intercept: undefinedFigure(reason, about), slope: undefinedFigure(reason, about) };
  }
  const separated = whyNoSlope(data);
  return {
    intercept: waldFigure(fitLogisticLine(data, "intercept"), about),
    slope: separated
      ? undefinedFigure(separated, about)
      : waldFigure(fitLogisticLine(data, "slope"), about),
  };
}

function logit(p: number): number {
  return Math.log(p / (1 - p));
}

function oneClass({ outcome, weight }: LogisticData): string | undefined {
  let positives = 0;
  let negatives = 0;
  for (let row = 0; row < outcome.length; row++) {
    if (outcome[row] === 1) positives += weight[row];
    else negatives += weight[row];
  }
  if (positives > 0 && negatives > 0) return undefined;
  return positives + negatives === 0 ? "there are no cases" : "all cases are of one class";
}

/** The slope has no finite estimate where one threshold on the prediction parts the classes. */
function whyNoSlope({ outcome, weight, logits }: LogisticData): string | undefined {
  const range = [0, 1].map(() => ({
    low: Number.POSITIVE_INFINITY,
    high: Number.NEGATIVE_INFINITY,
  }));
  for (let row = 0; row < outcome.length; row++) {
    if (weight[row] === 0) continue;
    const side = range[outcome[row]];
    side.low = Math.min(side.low, logits[row]);
    side.high = Math.max(side.high, logits[row]);
  }
  const [negatives, positives] = range;
  if (Math.min(negatives.low, positives.low) === Math.max(negatives.high, positives.high)) {
    return "all predicted probabilities are equal";
  }
  const parted = negatives.high <= positives.low || positives.high <= negatives.low;
  return parted ? "the predictions separate the classes: the slope is infinite" : undefined;
}

function waldFigure(
  { estimate, error }: LogisticFit,
  about: { level: number; n: number; method: string },
): Figure {
  const half = normalQuantile(0.5 + about.level / 2) * error;
  const undefinedBecause = "the variance can't be estimated";
  return makeFigure(
    estimate,
    { low: estimate - half, high: estimate + half },
    { ...about, undefinedBecause },
  );
}
