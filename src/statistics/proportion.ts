// Confidence intervals of a proportion: Wilson's score interval and Clopper & Pearson's exact one.

import { betaQuantile } from "./distributions/beta.ts";
import { normalQuantile } from "./distributions/normal.ts";
import { type Figure, type Interval, makeFigure, undefinedFigure } from "./figure.ts";

export const proportionMethods = ["wilson", "clopper-pearson"] as const;

/** How the interval of a proportion is made. */
export type ProportionMethod = (typeof proportionMethods)[number];

const names: Record<ProportionMethod, string> = {
  wilson: "Wilson score interval",
  "clopper-pearson": "Clopper–Pearson exact interval",
};

/**
 * Wilson's score interval without continuity correction; holds the true proportion about as often as
 * it says, even near 0 and 1. Wilson, JASA 1927;22:209–212.
 * @param successes 0 … trials
 */
export function wilsonInterval(successes: number, trials: number, level = 0.95): Interval {
  if (trials === 0) return { low: null, high: null };
  const z = normalQuantile(0.5 + level / 2);
  const p = successes / trials;
  const shrink = 1 + (z * z) / trials;
  const centre = (p + (z * z) / (2 * trials)) / shrink;
  const half = (z / shrink) * Math.sqrt((p * (1 - p) + (z * z) / (4 * trials)) / trials);
  return {
    low: successes === 0 ? 0 : centre - half,
    high: successes === trials ? 1 : centre + half,
  };
}

/**
 * The exact interval from the binomial distribution; never holds the true proportion less often
 * than it says, so it is wide. Clopper & Pearson, Biometrika 1934;26:404–413.
 */
export function clopperPearsonInterval(successes: number, trials: number, level = 0.95): Interval {
  if (trials === 0) return { low: null, high: null };
  const tail = (1 - level) / 2;
  const failures = trials - successes;
  return {
    low: successes === 0 ? 0 : betaQuantile(tail, successes, failures + 1),
    high: failures === 0 ? 1 : 1 - betaQuantile(tail, failures, successes + 1),
  };
}

/** A proportion of whole cases as a figure. */
export function proportionFigure(
  successes: number,
  trials: number,
  {
    level = 0.95,
    method = "wilson",
    undefinedBecause = "there are no cases to count",
  }: { level?: number; method?: ProportionMethod; undefinedBecause?: string } = {},
): Figure {
  const about = { level, n: trials, method: names[method] };
  if (trials === 0) return undefinedFigure(undefinedBecause, about);
  const interval = method === "wilson" ? wilsonInterval : clopperPearsonInterval;
  return makeFigure(successes / trials, interval(successes, trials, level), about);
}
