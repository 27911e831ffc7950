// The rule that a training's settings name for thresholds, and a threshold that rounding can't move.

import type { ThresholdRule } from "../../statistics/index.ts";
import type { ImageTrainingSettings } from "./image-settings.ts";

/** From which probability on something is found, and what chose that. */
export interface StatedThreshold {
  readonly value: number;
  readonly rule: string;
}

/** Nothing where the threshold is to be one half. */
export function ruleOf({
  threshold,
  thresholdAt,
}: Pick<ImageTrainingSettings, "threshold" | "thresholdAt">): ThresholdRule | undefined {
  switch (threshold) {
    case "half":
      return undefined;
    case "youden":
      return { rule: "youden" };
    case "net-benefit":
      return { rule: "net-benefit", actAt: thresholdAt ?? 0.5 };
    default:
      return { rule: threshold, atLeast: thresholdAt ?? 0.95 };
  }
}

/** "sensitivity of at least 0.95". */
export function ruleInWords(rule: ThresholdRule): string {
  switch (rule.rule) {
    case "youden":
      return "youden";
    case "net-benefit":
      return `net benefit of acting from ${rule.actAt} on`;
    default:
      return `${rule.rule} of at least ${"atLeast" in rule ? rule.atLeast : ""}`;
  }
}

/** Halfway to the next lower score, so that rounding of a score decides nothing. */
export function betweenScores(scores: Float64Array, threshold: number): number {
  let next = 0;
  for (const score of scores) if (score < threshold && score > next) next = score;
  return (threshold + next) / 2;
}
