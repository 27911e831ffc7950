// Rules that choose the probability from which a case is called positive. Choose on validation data,
// never on the cases that are then judged. Youden, Cancer 1950;3:32–35; Vickers & Elkin 2006 (net benefit).

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
  | { readonly rule: "net-benefit"; readonly actAt: number };

/** A threshold with what it gives. */
export interface ChosenThreshold {
  /** Positive where the score is at least this; null where calling no case positive is best. */
  readonly threshold: number | null;
  readonly sensitivity: number;
  readonly specificity: number;
}

/**
 * The threshold that a rule picks among the scores; of equally good ones the highest (for
 * "specificity" the lowest).
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
    specificity: 1 - chosen.falsePositive / all.falsePositive,
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
      return steps.findLast((step) => 1 - falseRate(step) >= rule.atLeast) ?? steps[0];
    case "net-benefit": {
      const odds = rule.actAt / (1 - rule.actAt);
      return best(steps, (step) => step.truePositive - step.falsePositive * odds);
    }
    default:
      return rule satisfies never;
  }
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

function checkRule(rule: ThresholdRule): void {
  const share =
    rule.rule === "youden" ? 0.5 : rule.rule === "net-benefit" ? rule.actAt : rule.atLeast;
  const open = rule.rule === "net-benefit";
  if (share >= 0 && share <= 1 && !(open && (share === 0 || share === 1))) return;
  throw new RoentgenError("bad-option", {
    problem: `The threshold rule "${rule.rule}" does not fit`,
    expected: open ? "a probability above 0 and below 1" : "a share of 0 … 1",
    found: String(share),
  });
}
