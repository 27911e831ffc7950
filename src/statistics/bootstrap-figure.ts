// A figure from bootstrap replicates, saying what the resampling could and could not tell.

import {
  bcaInterval,
  jackknifeOf,
  percentileInterval,
  type Replicates,
  replicatesOf,
} from "./bootstrap.ts";
import { type Figure, type Interval, makeFigure, undefinedFigure } from "./figure.ts";

export interface BootstrapFigureOptions {
  level: number;
  n: number;
  kind: "bca" | "percentile";
  /** What was resampled: "patient" or "row". */
  unit: string;
  /** The reason, should the value itself be undefined. */
  undefinedBecause: string;
}

/**
 * The figure of one statistic. Resamples in which it is undefined are left out and counted in
 * `method`; there is no interval where nothing varies, or where over half of the resamples are
 * undefined. An interval that misses the value, as it can for biased statistics such as calibration
 * errors, is widened to hold it, and `method` says so.
 */
export function bootstrapFigure(
  replicates: Replicates,
  index: number,
  { level, n, kind, unit, undefinedBecause }: BootstrapFigureOptions,
): Figure {
  const value = replicates.estimate[index];
  const defined = replicatesOf(replicates, index);
  const lost = replicates.resamples - defined.length;
  const name = kind === "bca" ? "BCa bootstrap" : "percentile bootstrap";
  const losses = lost > 0 ? `, undefined in ${lost} of them` : "";
  const method = `${name} by ${unit}, ${replicates.resamples} resamples${losses}`;
  if (!Number.isFinite(value)) return undefinedFigure(undefinedBecause, { level, n, method });
  const reason = whyNoInterval(replicates, defined, unit);
  if (reason) return makeFigure(value, none, { level, n, method, undefinedBecause: reason });
  const interval =
    kind === "bca"
      ? bcaInterval(value, defined, jackknifeOf(replicates, index), level)
      : percentileInterval(defined, level);
  return holding(value, interval, { level, n, method });
}

const none: Interval = { low: null, high: null };

function whyNoInterval(
  { unitCount, resamples }: Replicates,
  defined: Float64Array,
  unit: string,
): string | undefined {
  if (unitCount < 2) return `resampling needs two ${unit}s or more`;
  if (defined.length * 2 <= resamples) return "undefined in half of the resamples or more";
  if (defined.every((value) => value === defined[0])) return "all resamples gave the same value";
  return undefined;
}

function holding(
  value: number,
  { low, high }: Interval,
  about: { level: number; n: number; method: string },
): Figure {
  const outside = value < (low as number) || value > (high as number);
  const method = outside ? `${about.method}, widened to hold the value` : about.method;
  const interval = { low: Math.min(low as number, value), high: Math.max(high as number, value) };
  const undefinedBecause = "a bound is infinite";
  return makeFigure(value, interval, { ...about, method, undefinedBecause });
}
