// Temperature scaling: one number that the logits are divided by, so that probabilities say how often
// they are right; which class is the most probable never changes. Guo, Pleiss, Sun & Weinberger, ICML
// 2017, section 4.2. Fit on validation data, never on the cases that are then judged.

import { RoentgenError } from "../../base/index.ts";
import { numberUnits } from "../bootstrap.ts";
import { normalQuantile } from "../distributions/normal.ts";
import type { Interval } from "../figure.ts";
import { type CalibrationState, calibrationState } from "./calibration-state.ts";
import { type LogitRows, readLogits, softmaxRows, withZeros } from "./logit-input.ts";

/** Weights and patients of the rows. */
export interface TemperatureOptions {
  /** Weight of each row; 1 where absent. */
  readonly weights?: ArrayLike<number>;
  /** Patient of each row: rows of one patient are not independent, which widens the interval. */
  readonly groups?: ArrayLike<number>;
  /** Confidence level of the interval; 0.95 by default. */
  readonly level?: number;
}

/** A fitted temperature with what it changes. Plain data. */
export interface TemperatureFit {
  /** What logits are divided by: above 1 where the network is too sure of itself. */
  readonly temperature: number;
  /** Wald interval on the log scale with cluster-robust variance; null where the optimum was not reached. */
  readonly interval: Interval;
  readonly level: number;
  /** Rows of weight above 0. */
  readonly n: number;
  readonly before: CalibrationState;
  readonly after: CalibrationState;
  /** Why the temperature is not the one of least loss, where it isn't. */
  readonly limitedBecause?: string;
}

const lowest = 0.05;
const highest = 20;
const fewest = 10;

/**
 * The temperature of least log loss, sought in 0.05 … 20.
 *
 * Where every case is given its own class, the loss has no minimum (ever lower temperatures fit ever
 * better); the temperature then stays 1, and `limitedBecause` says so.
 * @param logits `[rows, classes]`, or one a row for the logit of a sigmoid (class 1 against class 0)
 * @param labels true class of each row, 0 … classes − 1
 * @throws RoentgenError "too-few-samples" below 10 rows or without two classes, "shape-mismatch", "value-invalid"
 */
export function fitTemperature(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  { weights, groups, level = 0.95 }: TemperatureOptions = {},
): TemperatureFit {
  const rows = readLogits(logits, labels, weights);
  const n = checkEnough(rows);
  const { scale, limitedBecause } = bestScale(rows);
  const temperature = 1 / scale;
  return {
    temperature,
    interval: limitedBecause ? { low: null, high: null } : interval(rows, scale, groups, level),
    level,
    n,
    before: calibrationState(rows, 1),
    after: calibrationState(rows, scale),
    ...(limitedBecause && { limitedBecause }),
  };
}

/**
 * Probabilities at a temperature, `[rows, classes]`; of single logits (`classCount` 1) those of both classes.
 */
export function temperedProbabilities(
  logits: ArrayLike<number>,
  { temperature, classCount }: { temperature: number; classCount: number },
): Float64Array {
  const pairs = classCount === 1 ? withZeros(logits) : logits;
  return softmaxRows(pairs, { classCount: Math.max(2, classCount), scale: 1 / temperature });
}

function checkEnough({ labels, weights }: LogitRows): number {
  const seen = new Set<number>();
  let n = 0;
  for (let row = 0; row < labels.length; row++) {
    if (weights && weights[row] === 0) continue;
    seen.add(labels[row]);
    n += 1;
  }
  if (n >= fewest && seen.size >= 2) return n;
  throw new RoentgenError("too-few-samples", {
    problem: "Cannot fit a temperature",
    expected: `${fewest} cases or more, of two classes or more`,
    found: `${n} cases of ${seen.size === 1 ? "1 class" : `${seen.size} classes`}`,
    remedy: "Give more validation data, or leave the probabilities as they are.",
  });
}

interface BestScale {
  /** 1 / temperature. The loss is convex in it. */
  readonly scale: number;
  readonly limitedBecause?: string;
}

/** Newton's method on the slope of the loss, kept inside a bracket. */
function bestScale(rows: LogitRows): BestScale {
  if (allRight(rows)) {
    return {
      scale: 1,
      limitedBecause: "every case is given its own class: no temperature is best",
    };
  }
  let low = 1 / highest;
  let high = 1 / lowest;
  if (derivatives(rows, low).slope >= 0) {
    const limitedBecause = `the best temperature is ${highest} or more: the logits say next to nothing`;
    return { scale: low, limitedBecause };
  }
  if (derivatives(rows, high).slope <= 0) {
    return { scale: high, limitedBecause: `the best temperature is ${lowest} or less` };
  }
  let scale = 1;
  for (let step = 0; step < 200; step++) {
    const { slope, curvature } = derivatives(rows, scale);
    if (slope > 0) high = scale;
    else low = scale;
    const newton = scale - slope / curvature;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - scale) <= 4 * Number.EPSILON * scale) return { scale: next };
    scale = next;
  }
  return { scale };
}

function allRight({ logits, labels, classCount, weights }: LogitRows): boolean {
  for (let row = 0; row < labels.length; row++) {
    if (weights && weights[row] === 0) continue;
    const own = logits[row * classCount + labels[row]];
    for (let index = 0; index < classCount; index++) {
      if (index !== labels[row] && logits[row * classCount + index] >= own) return false;
    }
  }
  return true;
}

/** Slope of each row's loss in the scale s: E[z] − z_y; curvature: Var[z], under softmax(s z). */
function derivatives(
  { logits, labels, classCount, weights }: LogitRows,
  scale: number,
  slopes: Float64Array = new Float64Array(labels.length),
): { slope: number; curvature: number } {
  const probabilities = softmaxRows(logits, { classCount, scale });
  let slope = 0;
  let curvature = 0;
  for (let row = 0; row < labels.length; row++) {
    const start = row * classCount;
    const own = logits[start + labels[row]];
    let first = 0;
    let second = 0;
    for (let i = start; i < start + classCount; i++) {
      const beyond = logits[i] - own;
      first += probabilities[i] * beyond;
      second += probabilities[i] * beyond * beyond;
    }
    const weight = weights ? weights[row] : 1;
    slopes[row] = weight * first;
    slope += slopes[row];
    curvature += weight * (second - first * first);
  }
  return { slope, curvature };
}

/** var(s) = Σ over patients (Σ slopes)² / curvature²: Liang & Zeger 1986; then d ln T = −ds / s. */
function interval(
  rows: LogitRows,
  scale: number,
  groups: ArrayLike<number> | undefined,
  level: number,
): Interval {
  const slopes = new Float64Array(rows.labels.length);
  const { curvature } = derivatives(rows, scale, slopes);
  const { unitOf, unitCount } = numberUnits(slopes.length, groups);
  if (unitCount < 2) return { low: null, high: null };
  const ofUnit = new Float64Array(unitCount);
  for (let row = 0; row < slopes.length; row++) ofUnit[unitOf[row]] += slopes[row];
  const squares = ofUnit.reduce((sum, slope) => sum + slope * slope, 0);
  const error = Math.sqrt((squares * unitCount) / (unitCount - 1)) / curvature / scale;
  const factor = Math.exp(normalQuantile(0.5 + level / 2) * error);
  return { low: 1 / scale / factor, high: factor / scale };
}
