// A numeric column: what replaces missing values, centre and scale, whether it varies at all.
// Quantiles interpolate linearly, as numpy's and R's default (type 7) do.

import { type NumberColumn, RoentgenError } from "../../base/index.ts";
import type { PreprocessingSettings } from "./preprocessing.ts";

export interface FittedNumberColumn {
  readonly name: string;
  /** False where the column did not vary in the training rows: then only its gaps may tell something. */
  readonly kept: boolean;
  /** Replaces missing values; NaN where they stay missing. A float32. */
  readonly fill: number;
  /** A feature is (value − centre) / scale. */
  readonly centre: number;
  readonly scale: number;
  /** Whether a 0/1 feature says where values were missing. */
  readonly indicator: boolean;
}

/** Name of the feature that says where a column was missing. */
export function indicatorName(column: string): string {
  return `${column} is missing`;
}

/** Learns from a column; `reason` says why it gives no feature. */
export function fitNumberColumn(
  { name, values }: NumberColumn,
  settings: PreprocessingSettings,
): { fitted: FittedNumberColumn; reason?: string } {
  const observed = observedFloats(name, values);
  const missing = values.length - observed.length;
  const useless = { name, kept: false, fill: 0, centre: 0, scale: 1, indicator: false };
  if (observed.length === 0) return { fitted: useless, reason: "is empty in the training rows" };
  const fill = fillOf(observed, settings);
  const indicator = settings.missingIndicator && missing > 0;
  const first = observed[0];
  const constant = observed.every((value) => value === first) && (missing === 0 || fill === first);
  if (constant) {
    const reason = `is ${first} in every training row${missing > 0 ? " that has a value" : ""}`;
    return { fitted: { ...useless, fill, indicator }, reason };
  }
  const complete = Number.isNaN(fill) ? observed : withFill(observed, missing, fill);
  const { centre, scale } = centreAndScale(complete, settings.scale);
  return { fitted: { name, kept: true, fill, centre, scale, indicator } };
}

/** The values that are there, in float32. */
function observedFloats(name: string, values: ArrayLike<number>): Float32Array {
  const observed = Float32Array.from(values).filter((value) => !Number.isNaN(value));
  const infinite = observed.findIndex((value) => !Number.isFinite(value));
  if (infinite < 0) return observed;
  throw new RoentgenError("value-invalid", {
    problem: `Column "${name}" cannot be used as a feature`,
    expected: "numbers within ±3.4e38",
    found: `${observed[infinite]}`,
    remedy: "Correct the value, or leave the cell empty where it is not known.",
    subject: name,
  });
}

function fillOf(
  observed: Float32Array,
  { impute, fillValue }: Pick<PreprocessingSettings, "impute" | "fillValue">,
): number {
  switch (impute) {
    case "none":
      return Number.NaN;
    case "constant":
      return Math.fround(fillValue);
    case "mean":
      return Math.fround(meanOf(observed));
    case "median":
      return Math.fround(quantile(observed.toSorted(), 0.5));
    case "mostFrequent":
      return mostFrequent(observed.toSorted());
    default:
      return impute satisfies never;
  }
}

function withFill(observed: Float32Array, missing: number, fill: number): Float32Array {
  if (missing === 0) return observed;
  const complete = new Float32Array(observed.length + missing).fill(fill);
  complete.set(observed);
  return complete;
}

function centreAndScale(
  values: Float32Array,
  scaling: PreprocessingSettings["scale"],
): { centre: number; scale: number } {
  if (scaling === "none") return { centre: 0, scale: 1 };
  if (scaling === "robust") {
    const sorted = values.toSorted();
    const middle = quantile(sorted, 0.75) - quantile(sorted, 0.25);
    // Half of the values all but equal: their range would blow up the others.
    const spread = sorted[sorted.length - 1] - sorted[0];
    const scale = middle > 1e-12 * spread ? middle : 1;
    return { centre: quantile(sorted, 0.5), scale };
  }
  const centre = meanOf(values);
  let squares = 0;
  for (const value of values) squares += (value - centre) ** 2;
  return { centre, scale: Math.sqrt(squares / values.length) || 1 };
}

function meanOf(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function quantile(sorted: Float32Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

/** The smallest of the most frequent values. */
function mostFrequent(sorted: Float32Array): number {
  let best = sorted[0];
  let bestCount = 0;
  let start = 0;
  for (let index = 1; index <= sorted.length; index++) {
    if (index < sorted.length && sorted[index] === sorted[start]) continue;
    if (index - start > bestCount) {
      best = sorted[start];
      bestCount = index - start;
    }
    start = index;
  }
  return best;
}

/** The feature of a column, in float32, worked out in float64 as the ONNX graph does. */
export function scaledValues(fitted: FittedNumberColumn, values: ArrayLike<number>): Float32Array {
  const { fill, centre, scale } = fitted;
  const out = new Float32Array(values.length);
  for (let row = 0; row < out.length; row++) {
    const value = Math.fround(values[row]);
    out[row] = ((Number.isNaN(value) ? fill : value) - centre) / scale;
  }
  return out;
}
