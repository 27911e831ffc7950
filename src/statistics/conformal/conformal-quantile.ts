// The calibration score that a new, exchangeable case stays at or below with at least a wanted
// probability. Vovk, Gammerman & Shafer, Algorithmic Learning in a Random World, 2005, section 2.2;
// how sure that is with the calibration cases at hand: Vovk, ACML 2012, section 2.

import { betaQuantile } from "../distributions/beta.ts";
import type { Interval } from "../figure.ts";

/** A quantile with what it promises. */
export interface ConformalQuantile {
  /** The k-th smallest of n scores, k = ⌈(n + 1) coverage⌉; null (nothing exceeds it) where k > n. */
  readonly threshold: number | null;
  /** Calibration scores. */
  readonly n: number;
  /** Coverage of new cases on average over calibration sets, k / (n + 1), if no scores tie; 1 without threshold. */
  readonly expectedCoverage: number;
  /** Where the coverage of this very calibration set lies 95 times in 100: Beta(k, n + 1 − k). */
  readonly likelyCoverage: Interval;
}

/** The finite-sample quantile of scores, of which greater ones are stranger. */
export function conformalQuantile(scores: ArrayLike<number>, coverage: number): ConformalQuantile {
  const n = scores.length;
  // The tolerance absorbs rounding: 0.07 · 100 is above 7.
  const k = Math.max(1, Math.ceil((n + 1) * coverage - 1e-9));
  if (k > n) {
    return { threshold: null, n, expectedCoverage: 1, likelyCoverage: { low: 1, high: 1 } };
  }
  return {
    threshold: Float64Array.from(scores).sort()[k - 1],
    n,
    expectedCoverage: k / (n + 1),
    likelyCoverage: {
      low: betaQuantile(0.025, k, n + 1 - k),
      high: betaQuantile(0.975, k, n + 1 - k),
    },
  };
}

/** The fewest scores that give a threshold. */
export function fewestScores(coverage: number): number {
  return Math.ceil(coverage / (1 - coverage) - 1e-9);
}
