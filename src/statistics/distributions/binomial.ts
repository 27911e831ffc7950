// The binomial distribution, through the incomplete beta function (DLMF 8.17.5).

import { betaCdf, betaPrefix } from "./beta.ts";

/** P(X ≤ k) of n trials with chance p. */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  if (k >= n) return 1;
  return betaCdf(1 - p, n - k, k + 1, p);
}

/** P(X = k) of n trials with chance p in (0, 1). */
export function binomialProbability(k: number, n: number, p: number): number {
  if (k < 0 || k > n) return 0;
  if (k === 0) return Math.exp(n * Math.log1p(-p));
  if (k === n) return p ** n;
  // betaPrefix(p, q, a, b) is ab/(a + b) times the probability of a in a + b trials.
  return (betaPrefix(p, 1 - p, k, n - k) * n) / (k * (n - k));
}
