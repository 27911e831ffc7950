// What makes the answers of a network for several findings honest, learnt from the validation side: of each finding a line
// on its log odds, and the probability from which on it counts as found.

import {
  type ChosenThreshold,
  chooseLabelThresholds,
  fitPlattScaling,
  type PlattLine,
  plattProbabilities,
} from "../../statistics/index.ts";
import type { ImageTrainingSettings } from "./image-settings.ts";
import { betweenScores, ruleInWords, ruleOf, type StatedThreshold } from "./threshold-rule.ts";

/** One finding. */
export interface CalibratedLabel {
  readonly label: string;
  readonly line: PlattLine;
  readonly threshold: StatedThreshold & { readonly chosen?: ChosenThreshold };
}

export interface LabelCalibration {
  readonly labels: readonly CalibratedLabel[];
  /** Where something could not be done, why. */
  readonly notes: readonly string[];
}

interface ValidationFindings {
  /** [rows, labels]. */
  readonly logits: Float64Array;
  /** [rows, labels]: 1 found, 0 not found, NaN unknown. */
  readonly truth: Float64Array;
  /** By what images with a finding counted more in the loss. */
  readonly positiveWeights?: readonly number[];
}

/** Calibrates findings. A finding with too few validation images for it keeps what is known without them, and that is said. */
export function calibrateLabels(
  labels: readonly string[],
  { logits, truth, positiveWeights }: ValidationFindings,
  settings: Pick<ImageTrainingSettings, "threshold" | "thresholdAt">,
): LabelCalibration {
  const lines = fitPlattScaling(logits, truth, { labels }).map((line, at) =>
    line.keptBecause === undefined ? line : unweighted(line, positiveWeights?.[at]),
  );
  const probabilities = plattProbabilities(logits, lines);
  const thresholds = thresholdsOf(labels, { truth, probabilities }, settings);
  return {
    labels: labels.map((label, at) => ({ label, line: lines[at], threshold: thresholds[at] })),
    notes: lines.flatMap(({ label, keptBecause }) =>
      keptBecause === undefined
        ? []
        : [`Probabilities of "${label}" could not be calibrated: ${keptBecause}.`],
    ),
  };
}

/**
 * Where images with a finding count w times in the loss, the odds that are learnt are w times too large (Elkan: "The foundations
 * of cost-sensitive learning", 2001, theorem 2): that much is known without a fit.
 */
function unweighted(line: PlattLine, weight = 1): PlattLine {
  return { ...line, intercept: -Math.log(weight) };
}

function thresholdsOf(
  labels: readonly string[],
  { truth, probabilities }: { truth: Float64Array; probabilities: Float64Array },
  settings: Pick<ImageTrainingSettings, "threshold" | "thresholdAt">,
): CalibratedLabel["threshold"][] {
  const rule = ruleOf(settings);
  if (!rule) return labels.map(() => ({ value: 0.5, rule: "half" }));
  return chooseLabelThresholds(truth, probabilities, rule, { labels }).map(
    ({ label: _, keptBecause, ...chosen }, at) => {
      if (keptBecause !== undefined) return { value: 0.5, rule: `half: ${keptBecause}` };
      const scores = probabilities.filter((_, place) => place % labels.length === at);
      const value = betweenScores(scores, chosen.threshold ?? 1);
      return { value, rule: ruleInWords(rule), chosen };
    },
  );
}
