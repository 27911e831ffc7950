// Shares and means of rows of which several belong to one patient, with intervals that count patients.
// Korn & Graubard, Surv Methodol 1998;24:193–201 (exact interval at the effective number of cases).

import { numberUnits } from "./bootstrap.ts";
import { betaQuantile } from "./distributions/beta.ts";
import { studentQuantile } from "./distributions/student-t.ts";
import { type Figure, type Interval, makeFigure, undefinedFigure } from "./figure.ts";
import { proportionFigure } from "./proportion.ts";

/** Patients of the rows, level, and the reason should there be no rows. */
export interface ClusteredOptions {
  readonly groups?: ArrayLike<number>;
  readonly level?: number;
  readonly undefinedBecause?: string;
}

/**
 * The share of ones: with Clopper & Pearson's interval, at the effective number of cases where patients
 * have several rows. Where all rows agree, that number is the patients'.
 * @param values 0 or 1, one a row
 */
export function clusteredShare(
  values: ArrayLike<number>,
  { groups, level = 0.95, undefinedBecause }: ClusteredOptions = {},
): Figure {
  const n = values.length;
  const { unitOf, unitCount } = numberUnits(n, groups);
  const sum = sumOf(values);
  if (unitCount === n) {
    return proportionFigure(sum, n, { level, method: "clopper-pearson", undefinedBecause });
  }
  const method = `Korn–Graubard exact interval, ${unitCount} patients`;
  const about = { level, n, method };
  const share = sum / n;
  if (unitCount < 2) {
    return makeFigure(share, none, { ...about, undefinedBecause: "rows of one patient alone" });
  }
  const variance = clusterVariance(values, share, unitOf, unitCount);
  const varies = variance > 0 && share > 0 && share < 1;
  const effective = varies ? Math.min(n, (share * (1 - share)) / variance) : unitCount;
  const fewer =
    (studentQuantile(0.5 + level / 2, n - 1) / studentQuantile(0.5 + level / 2, unitCount - 1)) **
    2;
  return makeFigure(share, exactInterval(share, effective * fewer, level), about);
}

/** The mean, with Student's interval over patients. */
export function clusteredMean(
  values: ArrayLike<number>,
  { groups, level = 0.95, undefinedBecause = "there are no cases" }: ClusteredOptions = {},
): Figure {
  const n = values.length;
  const { unitOf, unitCount } = numberUnits(n, groups);
  const unit = unitCount === n ? "" : `, ${unitCount} patients`;
  const about = { level, n, method: `Student's t${unit}` };
  if (n === 0) return undefinedFigure(undefinedBecause, about);
  const mean = sumOf(values) / n;
  if (unitCount < 2) {
    const reason = "an interval needs two cases of different patients";
    return makeFigure(mean, none, { ...about, undefinedBecause: reason });
  }
  const error = Math.sqrt(clusterVariance(values, mean, unitOf, unitCount));
  const half = studentQuantile(0.5 + level / 2, unitCount - 1) * error;
  return makeFigure(mean, { low: mean - half, high: mean + half }, about);
}

const none: Interval = { low: null, high: null };

/** Variance of a mean whose patients, not rows, are independent: m / (m − 1) · Σ (Σ (x − x̄))² / n². */
function clusterVariance(
  values: ArrayLike<number>,
  mean: number,
  unitOf: Int32Array,
  unitCount: number,
): number {
  const sums = new Float64Array(unitCount);
  for (let row = 0; row < values.length; row++) sums[unitOf[row]] += values[row] - mean;
  const squares = sums.reduce((total, sum) => total + sum * sum, 0);
  return ((squares / values.length ** 2) * unitCount) / (unitCount - 1);
}

/** Clopper & Pearson's interval at any number of cases. */
function exactInterval(share: number, cases: number, level: number): Interval {
  const tail = (1 - level) / 2;
  const [hits, misses] = [share * cases, (1 - share) * cases];
  return {
    low: hits === 0 ? 0 : betaQuantile(tail, hits, misses + 1),
    high: misses === 0 ? 1 : 1 - betaQuantile(tail, misses, hits + 1),
  };
}

function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let row = 0; row < values.length; row++) sum += values[row];
  return sum;
}
