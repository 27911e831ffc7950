// Fisher's F distribution, through the incomplete beta function (Abramowitz & Stegun 26.6.2).

import { betaCdf, betaTailQuantile } from "./beta.ts";

/** P(X ≤ x) with d₁ and d₂ degrees of freedom. */
export function fisherCdf(x: number, d1: number, d2: number): number {
  if (x <= 0) return 0;
  const sum = d1 * x + d2;
  return betaCdf((d1 * x) / sum, d1 / 2, d2 / 2, d2 / sum);
}

/** P(X > x). */
export function fisherSurvival(x: number, d1: number, d2: number): number {
  if (x <= 0) return 1;
  const sum = d1 * x + d2;
  return betaCdf(d2 / sum, d2 / 2, d1 / 2, (d1 * x) / sum);
}

/** The x with P(X ≤ x) = p. */
export function fisherQuantile(p: number, d1: number, d2: number): number {
  // Of y and 1 − y the smaller one is solved for, so that the ratio keeps its precision.
  const y = betaTailQuantile(p, "lower", d1 / 2, d2 / 2);
  if (y < 0.5) return (d2 * y) / (d1 * (1 - y));
  const rest = betaTailQuantile(p, "upper", d2 / 2, d1 / 2);
  return (d2 * (1 - rest)) / (d1 * rest);
}
