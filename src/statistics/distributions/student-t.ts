// Student's t distribution, through the incomplete beta function (DLMF 8.17; Abramowitz & Stegun 26.7.1).

import { betaCdf, betaQuantile } from "./beta.ts";

/** P(T ≤ t) with ν degrees of freedom. */
export function studentCdf(t: number, degrees: number): number {
  const tail =
    0.5 * betaCdf(degrees / (degrees + t * t), degrees / 2, 0.5, 1 / (1 + degrees / (t * t)));
  return t < 0 ? tail : 1 - tail;
}

/** P(|T| ≥ |t|): the two-sided p value. */
export function studentTwoSided(t: number, degrees: number): number {
  if (t === 0) return 1;
  return betaCdf(degrees / (degrees + t * t), degrees / 2, 0.5, 1 / (1 + degrees / (t * t)));
}

/** The t with P(T ≤ t) = p. */
export function studentQuantile(p: number, degrees: number): number {
  if (p === 0.5) return 0;
  const sign = p < 0.5 ? -1 : 1;
  const tail = Math.min(p, 1 - p);
  if (tail === 0) return sign * Number.POSITIVE_INFINITY;
  // Near the middle t² / (ν + t²) is small, in the tails ν / (ν + t²) is: each is solved where exact.
  if (tail > 0.25) {
    const y = betaQuantile(2 * Math.abs(p - 0.5), 0.5, degrees / 2);
    return sign * Math.sqrt((degrees * y) / (1 - y));
  }
  const x = betaQuantile(2 * tail, degrees / 2, 0.5);
  return sign * Math.sqrt((degrees * (1 - x)) / x);
}
