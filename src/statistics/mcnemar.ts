// McNemar's test: do two classifiers, on the same cases, get different cases wrong equally often?
// McNemar, Psychometrika 1947;12:153–157; Edwards 1948 (correction); mid-p: Fagerland, Lydersen &
// Laake, BMC Med Res Methodol 2013;13:91.

import { binomialCdf, binomialProbability } from "./distributions/binomial.ts";
import { chiSquareSurvival } from "./distributions/chi-square.ts";
import type { TestResult } from "./figure.ts";

/** Binomial, binomial with mid-p, χ² without or with continuity correction. */
export type McNemarVariant = "exact" | "mid-p" | "chi-square" | "corrected";

/** Cases that just one of two classifiers gets right. */
export interface Discordance {
  /** Cases that only the first classifier gets right. */
  readonly onlyFirst: number;
  /** Cases that only the second gets right. */
  readonly onlySecond: number;
  /** All cases. */
  readonly n: number;
}

/** Counts the cases that one classifier gets right and the other wrong. */
export function countDiscordance(
  labels: ArrayLike<number>,
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): Discordance {
  let onlyFirst = 0;
  let onlySecond = 0;
  for (let row = 0; row < labels.length; row++) {
    const firstRight = first[row] === labels[row];
    const secondRight = second[row] === labels[row];
    if (firstRight && !secondRight) onlyFirst += 1;
    if (secondRight && !firstRight) onlySecond += 1;
  }
  return { onlyFirst, onlySecond, n: labels.length };
}

/**
 * The test. "mid-p" (the default) keeps its level without the exact test's loss of power; "corrected"
 * is χ² with Edwards' continuity correction, as R's mcnemar.test. The statistic of "exact" and
 * "mid-p" is the smaller discordant count. Without discordant cases these two give p = 1, and χ² is undefined.
 */
export function mcnemarTest(
  { onlyFirst, onlySecond, n }: Discordance,
  { variant = "mid-p" }: { variant?: McNemarVariant } = {},
): TestResult {
  const method = `McNemar, ${names[variant]}`;
  const discordant = onlyFirst + onlySecond;
  const fewer = Math.min(onlyFirst, onlySecond);
  if (variant === "exact") {
    const pValue = Math.min(1, 2 * binomialCdf(fewer, discordant, 0.5));
    return { statistic: fewer, pValue, n, method };
  }
  if (variant === "mid-p") {
    const pValue =
      2 * binomialCdf(fewer, discordant, 0.5) - binomialProbability(fewer, discordant, 0.5);
    return { statistic: fewer, pValue: Math.min(1, pValue), n, method };
  }
  if (discordant === 0) {
    const undefinedBecause = "the classifiers are right and wrong on the same cases";
    return { statistic: null, pValue: null, n, method, undefinedBecause };
  }
  const difference = Math.abs(onlyFirst - onlySecond);
  // R's mcnemar.test: no correction where the counts are equal.
  const correction = variant === "corrected" && difference > 0 ? 1 : 0;
  const statistic = (difference - correction) ** 2 / discordant;
  return { statistic, degreesOfFreedom: 1, pValue: chiSquareSurvival(statistic, 1), n, method };
}

const names: Record<McNemarVariant, string> = {
  exact: "exact",
  "mid-p": "exact with mid-p",
  "chi-square": "χ²",
  corrected: "χ² with continuity correction",
};
