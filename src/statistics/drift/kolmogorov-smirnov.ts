// The two-sample Kolmogorov–Smirnov test: do two samples come from one distribution? Hodges, Ark Mat
// 1958;3:469–486 (exact); Stephens, J R Stat Soc B 1970;32:115–122 (large samples).

import { kolmogorovSurvival } from "../distributions/kolmogorov.ts";
import type { TestResult } from "../figure.ts";

// An exact p value takes as many steps as there are pairs.
const mostPairs = 100_000;

/**
 * The test, two-sided. Exact up to 100,000 pairs of cases, if no values tie (with ties the p value is too
 * large); beyond that by Kolmogorov's distribution with Stephens' correction.
 */
export function kolmogorovSmirnovTest(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): TestResult {
  const [m, n] = [first.length, second.length];
  const about = { n: m + n, method: "Kolmogorov–Smirnov" };
  if (m === 0 || n === 0) {
    return { ...about, statistic: null, pValue: null, undefinedBecause: "a sample has no cases" };
  }
  const statistic = greatestDistance(first, second);
  if (m * n <= mostPairs) {
    const pValue = exactSurvival(statistic, Math.min(m, n), Math.max(m, n));
    return { ...about, method: `${about.method}, exact`, statistic, pValue };
  }
  const root = Math.sqrt((m * n) / (m + n));
  const pValue = kolmogorovSurvival((root + 0.12 + 0.11 / root) * statistic);
  return { ...about, method: `${about.method}, large samples`, statistic, pValue };
}

/** The greatest distance between the empirical distribution functions. */
function greatestDistance(first: ArrayLike<number>, second: ArrayLike<number>): number {
  const a = Float64Array.from(first).sort();
  const b = Float64Array.from(second).sort();
  let [i, j, greatest] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i], b[j]);
    while (i < a.length && a[i] === value) i += 1;
    while (j < b.length && b[j] === value) j += 1;
    greatest = Math.max(greatest, Math.abs(i / a.length - j / b.length));
  }
  return greatest;
}

/**
 * P(D ≥ d) by counting the orderings of m + n cases that stay closer than d: `inside[j]` is the share of those of
 * i cases of the first sample and j of the second, up to a factor that the last row has lost.
 */
function exactSurvival(statistic: number, m: number, n: number): number {
  // Distances are multiples of 1/mn: half a step below d parts those that reach it from those that don't.
  const reach = (Math.round(statistic * m * n) - 0.5) / (m * n);
  const inside = Float64Array.from({ length: n + 1 }, (_, j) => (j / n > reach ? 0 : 1));
  for (let i = 1; i <= m; i++) {
    const share = i / (i + n);
    inside[0] = i / m > reach ? 0 : share * inside[0];
    for (let j = 1; j <= n; j++) {
      inside[j] = Math.abs(i / m - j / n) > reach ? 0 : share * inside[j] + inside[j - 1];
    }
  }
  return Math.min(1, Math.max(0, 1 - inside[n]));
}
