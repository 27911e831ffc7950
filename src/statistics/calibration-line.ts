// Calibration intercept and slope: a logistic regression of the outcome on the predicted log odds.
// Cox, Biometrika 1958;45:562–565; Van Calster et al., J Clin Epidemiol 2016;74:167–176.

import { numberUnits } from "./bootstrap.ts";
import { normalQuantile } from "./distributions/normal.ts";
import { type Figure, makeFigure, undefinedFigure } from "./figure.ts";

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
    intercept: waldFigure(fitLogistic(data, "intercept"), about),
    slope: separated
      ? undefinedFigure(separated, about)
      : waldFigure(fitLogistic(data, "slope"), about),
  };
}

interface LineData {
  readonly outcome: Float64Array;
  readonly weight: Float64Array;
  readonly logits: Float64Array;
  readonly unitOf: Int32Array;
  readonly unitCount: number;
  readonly robust: boolean;
}

function logit(p: number): number {
  return Math.log(p / (1 - p));
}

function oneClass({ outcome, weight }: LineData): string | undefined {
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
function whyNoSlope({ outcome, weight, logits }: LineData): string | undefined {
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

interface Fit {
  readonly estimate: number;
  readonly error: number;
}

/** Newton's method for intercept a (offset ℓ) or for a and b in logit P = a + bℓ; gives a or b. */
function fitLogistic(data: LineData, wanted: "intercept" | "slope"): Fit {
  let a = 0;
  let b = wanted === "intercept" ? 1 : 0;
  for (let step = 0; step < 200; step++) {
    const { ga, gb, haa, hab, hbb } = derivatives(data, a, b);
    const determinant = haa * hbb - hab * hab;
    const full =
      wanted === "intercept" ? [ga / haa, 0] : solve2(ga, gb, haa, hab, hbb, determinant);
    const size = Math.max(Math.abs(full[0]), Math.abs(full[1]));
    // Steps are cut at 2, so that a start far from the optimum can't overshoot into flat regions.
    const scale = size > 2 ? 2 / size : 1;
    a += scale * full[0];
    b += scale * full[1];
    if (size < 1e-13 * (1 + Math.abs(a) + Math.abs(b))) break;
  }
  return {
    estimate: wanted === "intercept" ? a : b,
    error: Math.sqrt(varianceOf(data, a, b, wanted)),
  };
}

function solve2(
  ga: number,
  gb: number,
  haa: number,
  hab: number,
  hbb: number,
  determinant: number,
): number[] {
  return [(hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant];
}

/** Gradient and (negative) Hessian of the log likelihood. */
function derivatives({ outcome, weight, logits }: LineData, a: number, b: number) {
  let ga = 0;
  let gb = 0;
  let haa = 0;
  let hab = 0;
  let hbb = 0;
  for (let row = 0; row < outcome.length; row++) {
    const x = logits[row];
    const p = 1 / (1 + Math.exp(-(a + b * x)));
    const residual = weight[row] * (outcome[row] - p);
    const curvature = weight[row] * p * (1 - p);
    ga += residual;
    gb += residual * x;
    haa += curvature;
    hab += curvature * x;
    hbb += curvature * x * x;
  }
  return { ga, gb, haa, hab, hbb };
}

function varianceOf(data: LineData, a: number, b: number, wanted: "intercept" | "slope"): number {
  const { haa, hab, hbb } = derivatives(data, a, b);
  const determinant = haa * hbb - hab * hab;
  if (!data.robust) return wanted === "intercept" ? 1 / haa : haa / determinant;
  // The influence of a patient on the estimate is the sum of its rows'.
  const influence = new Float64Array(data.unitCount);
  for (let row = 0; row < data.outcome.length; row++) {
    const x = data.logits[row];
    const p = 1 / (1 + Math.exp(-(a + b * x)));
    const residual = data.weight[row] * (data.outcome[row] - p);
    influence[data.unitOf[row]] +=
      wanted === "intercept" ? residual / haa : (residual * (haa * x - hab)) / determinant;
  }
  const sum = influence.reduce((total, value) => total + value * value, 0);
  return (sum * data.unitCount) / (data.unitCount - 1);
}

function waldFigure(
  { estimate, error }: Fit,
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
