// The χ² distribution, through the incomplete gamma function (Abramowitz & Stegun 26.4.19).

import { gammaP, gammaQ, poissonTerm } from "./gamma.ts";
import { solveQuantile } from "./root.ts";

/** P(X ≤ x) with k degrees of freedom. */
export function chiSquareCdf(x: number, degrees: number): number {
  return gammaP(degrees / 2, x / 2);
}

/** P(X > x): the p value of a χ² test. */
export function chiSquareSurvival(x: number, degrees: number): number {
  return gammaQ(degrees / 2, x / 2);
}

/** The x with P(X ≤ x) = p. */
export function chiSquareQuantile(p: number, degrees: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return Number.POSITIVE_INFINITY;
  const a = degrees / 2;
  const tails = {
    lower: (x: number) => chiSquareCdf(x, degrees),
    upper: (x: number) => chiSquareSurvival(x, degrees),
    density: (x: number) => (a * poissonTerm(a, x / 2)) / x,
  };
  const side = p < 0.5 ? "lower" : "upper";
  const probability = p < 0.5 ? p : 1 - p;
  return solveQuantile(tails, { probability, side }, { start: degrees });
}
