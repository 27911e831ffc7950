// Coordinate descent on a quadratic with an L1 penalty:
// minimise gᵀ(v − v₀) + ½ (v − v₀)ᵀ H (v − v₀) + Σ l1ⱼ |vⱼ|.
// Friedman, Hastie, Tibshirani: "Regularization paths for generalized linear models via coordinate
// descent", J. Stat. Softw. 33(1), 2010, section 2.2 (covariance updates).

import { extrapolator } from "./extrapolation.ts";

export interface QuadraticWithL1 {
  /** Row-major, symmetric, `size` × `size`. */
  readonly hessian: Float64Array;
  readonly size: number;
  /** Weight of |vⱼ|; 0 where not penalised. */
  readonly l1: Float64Array;
}

export interface DescentLimits {
  /** Stops when no update lowers the quadratic by more than this. */
  readonly tolerance: number;
  readonly maxSweeps: number;
}

/**
 * Moves `v` to the minimum and keeps `gradient` that of the quadratic at `v`, both in place.
 * A sweep costs size² multiplications at most, a sweep over the coordinates that are not zero less.
 * @returns the number of sweeps; `maxSweeps` where the tolerance was not reached
 */
export function descendInPlace(
  quadratic: QuadraticWithL1,
  v: Float64Array,
  gradient: Float64Array,
  { tolerance, maxSweeps }: DescentLimits,
): number {
  const all = Uint32Array.from({ length: quadratic.size }, (_, index) => index);
  let sweeps = 0;
  while (sweeps++ < maxSweeps && sweepInPlace(quadratic, v, gradient, all) > tolerance) {
    // The support settles long before the values do.
    const active = all.filter((index) => v[index] !== 0 || quadratic.l1[index] === 0);
    const extrapolateInPlace = extrapolator(quadratic);
    while (sweeps++ < maxSweeps && sweepInPlace(quadratic, v, gradient, active) > tolerance) {
      extrapolateInPlace(v, gradient);
    }
  }
  return Math.min(sweeps, maxSweeps);
}

/** One update of each of these coordinates; returns the largest δ²Hⱼⱼ. */
function sweepInPlace(
  { hessian, size, l1 }: QuadraticWithL1,
  v: Float64Array,
  gradient: Float64Array,
  coordinates: Uint32Array,
): number {
  let largest = 0;
  for (const j of coordinates) {
    const curvature = hessian[j * size + j];
    if (curvature <= 0) continue;
    const step = softThreshold(v[j] * curvature - gradient[j], l1[j]) / curvature - v[j];
    if (step === 0) continue;
    v[j] += step;
    const row = j * size;
    for (let k = 0; k < size; k++) gradient[k] += step * hessian[row + k];
    largest = Math.max(largest, step * step * curvature);
  }
  return largest;
}

/** sign(x)·max(|x| − threshold, 0). */
function softThreshold(x: number, threshold: number): number {
  if (x > threshold) return x - threshold;
  if (x < -threshold) return x + threshold;
  return 0;
}
