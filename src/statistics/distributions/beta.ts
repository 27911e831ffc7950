// The beta distribution: regularised incomplete beta function and its inverse.
// Continued fraction DLMF 8.17.22 by modified Lentz; prefix by Loader (2000).

import { deviance, stirlingError } from "./gamma.ts";
import { solveQuantile } from "./root.ts";

/** I_x(a, b) = P(X ≤ x) for X ~ Beta(a, b); a, b > 0. `complement` is 1 − x where that is known better. */
export function betaCdf(x: number, a: number, b: number, complement = 1 - x): number {
  if (!(a > 0 && b > 0) || Number.isNaN(x)) return Number.NaN;
  if (x <= 0) return 0;
  if (complement <= 0) return 1;
  const prefix = betaPrefix(x, complement, a, b);
  return x <= (a + 1) / (a + b + 2)
    ? (prefix / a) * betaFraction(x, a, b)
    : 1 - (prefix / b) * betaFraction(complement, b, a);
}

/** P(X > x), accurate in the upper tail. */
export function betaSurvival(x: number, a: number, b: number, complement = 1 - x): number {
  return betaCdf(complement, b, a, x);
}

/** The x with P(X ≤ x) = p. */
export function betaQuantile(p: number, a: number, b: number): number {
  return betaTailQuantile(p, "lower", a, b);
}

/** The x with P(X ≤ x) = p ("lower") or P(X > x) = p ("upper"). */
export function betaTailQuantile(p: number, side: "lower" | "upper", a: number, b: number): number {
  if (p <= 0 || p >= 1) return p <= 0 === (side === "lower") ? 0 : 1;
  const tails = {
    lower: (x: number) => betaCdf(x, a, b),
    upper: (x: number) => betaSurvival(x, a, b),
    density: (x: number) => betaPrefix(x, 1 - x, a, b) / (x * (1 - x)),
  };
  return solveQuantile(tails, { probability: p, side }, { start: a / (a + b), supremum: 1 });
}

/** x^a (1 − x)^b / B(a, b), as ab/(a + b) times a binomial probability continued to real numbers. */
export function betaPrefix(x: number, y: number, a: number, b: number): number {
  const n = a + b;
  const log =
    stirlingError(n) -
    stirlingError(a) -
    stirlingError(b) -
    deviance(a, n * x) -
    deviance(b, n * y);
  return Math.exp(log) * Math.sqrt((a * b) / (2 * Math.PI * n));
}

function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1), tiny);
  let h = d;
  for (let m = 1; m < 100000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guard(1 + even * d, tiny);
    c = guard(1 + even / c, tiny);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guard(1 + odd * d, tiny);
    c = guard(1 + odd / c, tiny);
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return h;
}

function guard(value: number, tiny: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}
