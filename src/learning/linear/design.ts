// The design matrix of the linear learners: columns centred and scaled for conditioning.
// Penalties are divided by the scales, so that the solution is that of the original columns.

import { type Features, RoentgenError } from "../../base/index.ts";

export interface Design {
  readonly rowCount: number;
  /** Columns that vary, each with weighted mean 0 and weighted standard deviation 1. */
  readonly columns: readonly Float64Array[];
  /** Position of each of these columns among the features. */
  readonly featureOf: Uint32Array;
  /** Of the columns kept. */
  readonly means: Float64Array;
  readonly scales: Float64Array;
  readonly featureCount: number;
}

/**
 * Centres and scales the columns by their weighted moments; columns that do not vary are left out.
 * @throws RoentgenError "value-invalid" where the moments overflow
 */
export function standardisedDesign(
  { rowCount, names, columns }: Features,
  weights: Float64Array,
  { centre = true } = {},
): Design {
  const kept: Float64Array[] = [];
  const featureOf: number[] = [];
  const means: number[] = [];
  const scales: number[] = [];
  columns.forEach((values, feature) => {
    const { mean, deviation } = weightedMoments(values, weights);
    if (!Number.isFinite(deviation)) refuseOverflow(names[feature]);
    // Below this, what varies is rounding error of the mean.
    const varies = deviation > 1e-14 * Math.abs(mean);
    if (centre && !varies) return;
    const shift = centre ? mean : 0;
    const scale = centre ? deviation : Math.hypot(mean, deviation);
    if (scale === 0) return;
    kept.push(standardised(values, shift, scale));
    featureOf.push(feature);
    means.push(shift);
    scales.push(scale);
  });
  return {
    rowCount,
    columns: kept,
    featureOf: Uint32Array.from(featureOf),
    means: Float64Array.from(means),
    scales: Float64Array.from(scales),
    featureCount: columns.length,
  };
}

function refuseOverflow(name: string): never {
  throw new RoentgenError("value-invalid", {
    problem: `Feature "${name}" cannot be centred and scaled`,
    expected: "features and weights whose squares can be summed",
    found: "numbers too large for that",
    remedy: "Bring features and weights to a usual scale, or leave out extreme values.",
    subject: name,
  });
}

/** A plain loop: mapping a typed array through a function takes thirty times as long. */
function standardised(values: ArrayLike<number>, shift: number, scale: number): Float64Array {
  const out = new Float64Array(values.length);
  for (let row = 0; row < out.length; row++) out[row] = (values[row] - shift) / scale;
  return out;
}

/** Coefficients and intercept in the units of the original columns; 0 for columns left out. */
export function originalUnits(
  design: Design,
  standardised: ArrayLike<number>,
  intercept: number,
): { coefficients: Float64Array; intercept: number } {
  const coefficients = new Float64Array(design.featureCount);
  for (let index = 0; index < design.featureOf.length; index++) {
    const slope = standardised[index] / design.scales[index];
    coefficients[design.featureOf[index]] = slope;
    intercept -= slope * design.means[index];
  }
  return { coefficients, intercept };
}

/** Weighted mean and standard deviation (of the population), in two passes. */
export function weightedMoments(
  values: ArrayLike<number>,
  weights: Float64Array,
): { mean: number; deviation: number } {
  let total = 0;
  let sum = 0;
  for (let row = 0; row < weights.length; row++) {
    total += weights[row];
    sum += weights[row] * values[row];
  }
  const mean = sum / total;
  let squares = 0;
  for (let row = 0; row < weights.length; row++) {
    const difference = values[row] - mean;
    squares += weights[row] * difference * difference;
  }
  return { mean, deviation: Math.sqrt(squares / total) };
}
