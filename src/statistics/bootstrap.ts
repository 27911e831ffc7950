// The bootstrap by patient: whole patients are drawn with replacement, so rows of one patient stay
// together. A resample is a weight for each row, never a copy. Efron & Tibshirani, An Introduction to
// the Bootstrap, 1993, chapters 13 and 14; Field & Welsh, J R Stat Soc B 2007;69:369–390 (clusters).

import { openCheckpoint, type ProgressListener, randomStream } from "../base/index.ts";
import { normalCdf, normalQuantile } from "./distributions/normal.ts";
import type { Interval } from "./figure.ts";

/** Fills `out` with the values of some statistics under row weights (0 leaves a row out); NaN where undefined. */
export type WeightedStatistic = (weights: Float64Array, out: Float64Array) => void;

/** What to resample and how often. */
export interface BootstrapOptions {
  rowCount: number;
  /** How many values the statistic gives. */
  size: number;
  /** Patient of each row; every row its own where absent. */
  groups?: ArrayLike<number>;
  /** Stratum of each row: patients are drawn within strata. A patient belongs to the stratum of its first row. */
  strata?: ArrayLike<number>;
  /** Weight of each row, 1 where absent. */
  weights?: ArrayLike<number>;
  resamples?: number;
  seed?: number;
  /** Separates the random numbers of different uses. */
  purpose?: string;
  signal?: AbortSignal;
  onProgress?: ProgressListener;
}

/** What resampling gave. */
export interface Replicates {
  readonly size: number;
  readonly resamples: number;
  /** Patients (or rows, where each is its own). */
  readonly unitCount: number;
  /** The statistics of the data themselves. */
  readonly estimate: Float64Array;
  /** `[resamples, size]`. */
  readonly values: Float64Array;
  /** The statistics without one patient at a time (or one of `maxBlocks` blocks of patients): `[blocks, size]`. */
  readonly jackknife: Float64Array;
}

// Blocks keep the jackknife's cost below a quarter of the resamples'; the acceleration of a mean of
// blocks is that of single units: skewness falls by √m while 1/√blocks grows by √m.
const maxBlocks = 500;

/**
 * Draws resamples and computes the statistics of each. The same seed gives the same bits.
 * @throws RoentgenError "cancelled" soon after the signal has fired
 */
export async function bootstrap(
  statistic: WeightedStatistic,
  options: BootstrapOptions,
): Promise<Replicates> {
  const { rowCount, size, groups, weights, resamples = 2000 } = options;
  const { unitOf, unitCount } = numberUnits(rowCount, groups);
  const rowWeights = new Float64Array(rowCount);
  // The statistics of the data with each patient taken so many times.
  const evaluate: Evaluation = (counts, out) => {
    for (let row = 0; row < rowCount; row++) {
      rowWeights[row] = counts[unitOf[row]] * (weights ? weights[row] : 1);
    }
    statistic(rowWeights, out);
  };
  const estimate = new Float64Array(size);
  evaluate(new Float64Array(unitCount).fill(1), estimate);
  const pools = drawingPools(unitOf, unitCount, options.strata);
  const values = await drawResamples(evaluate, pools, unitCount, { ...options, resamples });
  const jackknife = await leaveOut(evaluate, unitCount, options);
  return { size, resamples, unitCount, estimate, values, jackknife };
}

type Evaluation = (counts: Float64Array, out: Float64Array) => void;

async function drawResamples(
  evaluate: Evaluation,
  pools: readonly Int32Array[],
  unitCount: number,
  options: BootstrapOptions & { resamples: number },
): Promise<Float64Array> {
  const { size, resamples, seed = 0, purpose = "bootstrap", signal, onProgress } = options;
  const values = new Float64Array(resamples * size);
  const counts = new Float64Array(unitCount);
  const checkpoint = openCheckpoint(signal, "Resampling");
  for (let sample = 0; sample < resamples; sample++) {
    await checkpoint();
    const stream = randomStream({ seed, purpose, sample });
    counts.fill(0);
    for (const pool of pools) {
      for (let draw = 0; draw < pool.length; draw++) counts[pool[stream.integer(pool.length)]] += 1;
    }
    evaluate(counts, values.subarray(sample * size, (sample + 1) * size));
    if (sample % 20 === 19) {
      onProgress?.({ stage: "Resampling", done: sample + 1, total: resamples, unit: "resamples" });
    }
  }
  return values;
}

/** The statistics without one block of patients at a time. */
async function leaveOut(
  evaluate: Evaluation,
  unitCount: number,
  { size, signal }: BootstrapOptions,
): Promise<Float64Array> {
  const blocks = unitCount < 2 ? 0 : Math.min(unitCount, maxBlocks);
  const values = new Float64Array(blocks * size);
  const counts = new Float64Array(unitCount);
  const checkpoint = openCheckpoint(signal, "Resampling");
  for (let block = 0; block < blocks; block++) {
    await checkpoint();
    counts.fill(1);
    for (let unit = block; unit < unitCount; unit += blocks) counts[unit] = 0;
    evaluate(counts, values.subarray(block * size, (block + 1) * size));
  }
  return values;
}

/** Numbers patients 0, 1, … in order of appearance. */
export function numberUnits(
  rowCount: number,
  groups?: ArrayLike<number>,
): { unitOf: Int32Array; unitCount: number } {
  const unitOf = new Int32Array(rowCount);
  if (!groups) return { unitOf: unitOf.map((_, row) => row), unitCount: rowCount };
  const units = new Map<number, number>();
  for (let row = 0; row < rowCount; row++) {
    const unit = units.get(groups[row]) ?? units.size;
    units.set(groups[row], unit);
    unitOf[row] = unit;
  }
  return { unitOf, unitCount: units.size };
}

/** The patients of each stratum. */
function drawingPools(
  unitOf: Int32Array,
  unitCount: number,
  strata?: ArrayLike<number>,
): Int32Array[] {
  const stratumOf = new Array<number>(unitCount).fill(0);
  // Backwards, so that the first row of a patient decides.
  for (let row = unitOf.length - 1; strata && row >= 0; row--) stratumOf[unitOf[row]] = strata[row];
  const units = Int32Array.from(stratumOf.keys());
  const names = [...new Set(stratumOf)].sort((a, b) => a - b);
  return names.map((name) => units.filter((unit) => stratumOf[unit] === name));
}

/** One statistic's replicates, its undefined ones (NaN) taken out. Infinite ones stay. */
export function replicatesOf({ values, size }: Replicates, index: number): Float64Array {
  return column(values, size, index).filter((value) => !Number.isNaN(value));
}

/** One statistic's jackknife values that are finite. */
export function jackknifeOf({ jackknife, size }: Replicates, index: number): Float64Array {
  return column(jackknife, size, index).filter(Number.isFinite);
}

function column(values: Float64Array, size: number, index: number): Float64Array {
  const taken = new Float64Array(values.length / size);
  for (let row = 0; row < taken.length; row++) taken[row] = values[row * size + index];
  return taken;
}

/** Percentile interval. Efron & Tibshirani 1993, eq. 13.5; quantiles interpolate linearly. */
export function percentileInterval(replicates: Float64Array, level = 0.95): Interval {
  const sorted = replicates.slice().sort();
  return {
    low: quantileOfSorted(sorted, (1 - level) / 2),
    high: quantileOfSorted(sorted, (1 + level) / 2),
  };
}

/**
 * Bias-corrected and accelerated interval. Efron & Tibshirani 1993, eqs. 14.9–14.15.
 * @param jackknife the statistic without each unit in turn, for the acceleration
 */
export function bcaInterval(
  estimate: number,
  replicates: Float64Array,
  jackknife: Float64Array,
  level = 0.95,
): Interval {
  const sorted = replicates.slice().sort();
  const z0 = normalQuantile(shareBelow(sorted, estimate));
  const a = acceleration(jackknife);
  const quantile = (z: number) => {
    const shifted = z0 + (z0 + z) / (1 - a * (z0 + z));
    return quantileOfSorted(sorted, normalCdf(shifted));
  };
  return {
    low: quantile(normalQuantile((1 - level) / 2)),
    high: quantile(normalQuantile((1 + level) / 2)),
  };
}

/**
 * Share of replicates below the estimate, equal ones (but for rounding) counting half; kept off 0 and
 * 1, where z₀ would be infinite.
 */
function shareBelow(sorted: Float64Array, estimate: number): number {
  const ends = [estimate, sorted.find(Number.isFinite) ?? 0, sorted.findLast(Number.isFinite) ?? 0];
  const rounding = 1e-11 * Math.max(...ends.map(Math.abs));
  let below = 0;
  for (const value of sorted) {
    if (Math.abs(value - estimate) <= rounding) below += 0.5;
    else if (value < estimate) below += 1;
  }
  const half = 0.5 / sorted.length;
  return Math.min(1 - half, Math.max(half, below / sorted.length));
}

/** Eq. 14.15; 0 where leaving a unit out changes nothing. */
function acceleration(jackknife: Float64Array): number {
  let mean = 0;
  for (const value of jackknife) mean += value / jackknife.length;
  let squares = 0;
  let cubes = 0;
  for (const value of jackknife) {
    squares += (mean - value) ** 2;
    cubes += (mean - value) ** 3;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}

/** Linear interpolation between order statistics (Hyndman & Fan 1996, type 7). */
function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  const position = Math.min(1, Math.max(0, p)) * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(sorted.length - 1, below + 1);
  // Replicates may be infinite: their difference is not taken.
  if (position === below || sorted[below] === sorted[above]) return sorted[below];
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}
