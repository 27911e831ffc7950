// A threshold for each label of a multi-label classifier, by one rule.

import { columnOf } from "./columns.ts";
import { rowChecks } from "./row-checks.ts";
import { type ChosenThreshold, chooseThreshold, type ThresholdRule } from "./threshold.ts";

/** The threshold of one label. */
export interface LabelThreshold extends ChosenThreshold {
  readonly label: string;
  /** Why the threshold is the one to fall back on, where it is. */
  readonly keptBecause?: string;
}

const fewest = 5;

/**
 * Chooses each label's threshold on the rows whose truth is known. A label with fewer than 5 cases with or without it
 * gets the threshold `otherwise`, and `keptBecause` says so.
 * @param truth `[rows, labels]`: 1 found, 0 not found, NaN unknown
 * @param probabilities `[rows, labels]`
 * @throws RoentgenError "shape-mismatch", "value-invalid" or "bad-option"
 */
export function chooseLabelThresholds(
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  rule: ThresholdRule,
  { labels, otherwise = 0.5 }: { labels: readonly string[]; otherwise?: number },
): LabelThreshold[] {
  const check = rowChecks("choose thresholds");
  const rows = Math.round(truth.length / labels.length);
  check.length("truth", truth.length, rows * labels.length, `rows of ${labels.length} labels`);
  check.length("probabilities", probabilities.length, truth.length, "one for each truth");
  check.findings("truth", truth);
  check.probabilities("probabilities", probabilities);
  return labels.map((label, index) => {
    const ofLabel = columnOf(truth, index, labels.length);
    const scores = columnOf(probabilities, index, labels.length);
    const known = Array.from(ofLabel.keys()).filter((row) => !Number.isNaN(ofLabel[row]));
    const positive = known.map((row) => ofLabel[row]);
    const taken = known.map((row) => scores[row]);
    const positives = positive.filter((value) => value === 1).length;
    const negatives = positive.length - positives;
    if (Math.min(positives, negatives) >= fewest) {
      return { label, ...chooseThreshold(positive, taken, rule) };
    }
    const given = (outcome: number) =>
      taken.filter((p, row) => positive[row] === outcome && p >= otherwise).length;
    return {
      label,
      threshold: otherwise,
      sensitivity: given(1) / positives,
      specificity: 1 - given(0) / negatives,
      positives,
      negatives,
      keptBecause: `${positives} positive and ${negatives} negative cases; ${fewest} of each are needed`,
    };
  });
}
