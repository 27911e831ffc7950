// Rules that choose the probability from which a case is called positive. Choose on validation data,
// never on the cases that are then judged. Youden, Cancer 1950;3:32–35; Vickers & Elkin 2006 (net benefit);
// Metz, Semin Nucl Med 1978;8:283–298 (cost).

import { RoentgenError } from "../base/index.ts";
import { type CumulativeCount, cumulativeCounts } from "./roc.ts";

/** What a threshold is chosen by. */
export type ThresholdRule =
  /** The highest sensitivity + specificity − 1. */
  | { readonly rule: "youden" }
  /** The highest threshold (so the best specificity) that still has this sensitivity. */
  | { readonly rule: "sensitivity"; readonly atLeast: number }
  /** The lowest threshold (so the best sensitivity) that still has this specificity. */
  | { readonly rule: "specificity"; readonly atLeast: number }
  /** The highest net benefit to someone who would act from this probability on. */
  | { readonly rule: "net-benefit"; readonly actAt: number; readonly prevalence?: number }
  /** The least mean cost, a false positive and a false negative costing so much. */
  | {
      readonly rule: "cost";
      readonly falsePositive: number;
      readonly falseNegative: number;
      readonly prevalence?: number;
    };

/** A threshold with what it gives. */
export interface ChosenThreshold {
  /** Positive where the score is at least this; null where calling no case positive is best. */
  readonly threshold: number | null;
  readonly sensitivity: number;
  readonly specificity: number;
  /** Positive and negative cases that it was chosen on, of weight above 0. */
  readonly positives: number;
  readonly negatives: number;
}

/**
 * The threshold that a rule picks among the scores; of equally good ones the highest (for
 * "specificity" the lowest). Net benefit and cost take the share of positive cases from the data unless the rule
 * states the `prevalence` where the classifier will be used.
 * @throws RoentgenError "too-few-samples" without both classes, "bad-option" for a share outside 0 … 1
 */
export function chooseThreshold(
  positive: ArrayLike<number | boolean>,
  scores: ArrayLike<number>,
  rule: ThresholdRule,
  { weights }: { weights?: ArrayLike<number> } = {},
): ChosenThreshold {
  checkRule(rule);
  const steps = cumulativeCounts(positive, scores, weights);
  const all = steps[steps.length - 1];
  if (all.truePositive === 0 || all.falsePositive === 0) {
    throw new RoentgenError("too-few-samples", {
      problem: "Cannot choose a threshold",
      expected: "cases of both classes",
      found: `${all.truePositive} positive and ${all.falsePositive} negative`,
    });
  }
  const chosen = pick(steps, all, rule);
  return {
    threshold: chosen.threshold,
    sensitivity: chosen.truePositive / all.truePositive,
    specificity: specificityOf(chosen, all),
    ...countCases(positive, weights),
  };
}

function pick(
  steps: readonly CumulativeCount[],
  all: CumulativeCount,
  rule: ThresholdRule,
): CumulativeCount {
  const sensitivity = (step: CumulativeCount) => step.truePositive / all.truePositive;
  const falseRate = (step: CumulativeCount) => step.falsePositive / all.falsePositive;
  switch (rule.rule) {
    case "youden":
      return best(steps, (step) => sensitivity(step) - falseRate(step));
    case "sensitivity":
      return steps.find((step) => sensitivity(step) >= rule.atLeast) ?? all;
    case "specificity":
      return steps.findLast((step) => specificityOf(step, all) >= rule.atLeast) ?? steps[0];
    case "net-benefit":
    case "cost": {
      const harm =
        rule.rule === "cost"
          ? rule.falsePositive / rule.falseNegative
          : rule.actAt / (1 - rule.actAt);
      const present = all.truePositive / (all.truePositive + all.falsePositive);
      const { prevalence = present } = rule;
      // Benefit in true positives a case; as the cost in false negatives it falls.
      const benefit = (step: CumulativeCount) =>
        prevalence * sensitivity(step) - (1 - prevalence) * falseRate(step) * harm;
      return best(steps, benefit);
    }
    default:
      return rule satisfies never;
  }
}

/** By counts: 1 − 7/100 is less than 0.93. */
function specificityOf(step: CumulativeCount, all: CumulativeCount): number {
  return (all.falsePositive - step.falsePositive) / all.falsePositive;
}

/** The first step with the greatest merit. Differences of rounding do not count. */
function best(
  steps: readonly CumulativeCount[],
  merit: (step: CumulativeCount) => number,
): CumulativeCount {
  let chosen = steps[0];
  for (const step of steps) if (merit(step) > merit(chosen) + 1e-12) chosen = step;
  return chosen;
}

function countCases(
  positive: ArrayLike<number | boolean>,
  weights: ArrayLike<number> | undefined,
): { positives: number; negatives: number } {
  let positives = 0;
  let n = 0;
  for (let row = 0; row < positive.length; row++) {
    if (weights && weights[row] === 0) continue;
    n += 1;
    if (positive[row]) positives += 1;
  }
  return { positives, negatives: n - positives };
}

function checkRule(rule: ThresholdRule): void {
  const broken = limitsOf(rule).find(({ value, fits }) => !fits(value));
  if (!broken) return;
  throw new RoentgenError("bad-option", {
    problem: `The threshold rule "${rule.rule}" does not fit`,
    expected: broken.expected,
    found: String(broken.value),
  });
}

interface Limit {
  readonly value: number;
  readonly expected: string;
  fits(value: number): boolean;
}

function limitsOf(rule: ThresholdRule): Limit[] {
  const share = { expected: "a share of 0 … 1", fits: (x: number) => x >= 0 && x <= 1 };
  const inside = {
    expected: "a probability above 0 and below 1",
    fits: (x: number) => x > 0 && x < 1,
  };
  const cost = {
    expected: "costs above 0",
    fits: (x: number) => x > 0 && x < Number.POSITIVE_INFINITY,
  };
  switch (rule.rule) {
    case "youden":
      return [];
    case "sensitivity":
    case "specificity":
      return [{ value: rule.atLeast, ...share }];
    case "net-benefit":
      return [rule.actAt, rule.prevalence ?? 0.5].map((value) => ({ value, ...inside }));
    case "cost":
      return [
        { value: rule.falsePositive, ...cost },
        { value: rule.falseNegative, ...cost },
        { value: rule.prevalence ?? 0.5, ...inside },
      ];
    default:
      return rule satisfies never;
  }
}
