// What does not change with the weights of rows: decisions, sorted scores, losses and bins, worked out
// once before resampling.

import { predictedLabels } from "../base/index.ts";
import { assignBins } from "./calibration.ts";
import type { ClassificationInput } from "./classification-input.ts";
import { columnOf } from "./columns.ts";
import { logLosses, squaredDistances } from "./probability-scores.ts";
import { type Ranking, rankDescending } from "./ranking.ts";

/** Everything that does not change with the weights. */
export interface PreparedClassification {
  readonly classCount: number;
  readonly labels: Int32Array;
  readonly predicted: Int32Array;
  /** Positive class of two. */
  readonly positive: number | undefined;
  /** Odds at the threshold, for net benefit. */
  readonly odds: number;
  /** One a class. */
  readonly rankings: readonly Ranking[];
  readonly squares: Float64Array;
  readonly losses: Float64Array;
  readonly bins: number;
  /** Outcome − probability: of the positive class of two, else of the predicted class. */
  readonly gaps: Float64Array;
  readonly widthBins: Int32Array;
  readonly confidenceRanking: Ranking;
}

/** Class given to each row: by threshold on the positive class, or the most probable (the first of equals). */
function decideClasses(
  { classes, probabilities }: Pick<ClassificationInput, "classes" | "probabilities">,
  { positive, threshold }: { positive?: number; threshold?: number } = {},
): Int32Array {
  if (threshold === undefined || positive === undefined) {
    return predictedLabels({ task: "classification", classes, probabilities });
  }
  return Int32Array.from({ length: probabilities.length / 2 }, (_, row) =>
    probabilities[row * 2 + positive] >= threshold ? positive : 1 - positive,
  );
}

/** Sorts, and works out what each row contributes. */
export function prepareClassification(
  input: ClassificationInput,
  { positive, threshold, bins }: { positive?: number; threshold?: number; bins: number },
): PreparedClassification {
  const { labels, probabilities } = input;
  const classCount = input.classes.length;
  const predicted = decideClasses(input, { positive, threshold });
  const squares = squaredDistances(labels, probabilities, classCount);
  const shown = positive === undefined ? predicted : predicted.map(() => positive);
  const confidence = Float64Array.from(
    shown,
    (index, row) => probabilities[row * classCount + index],
  );
  const cut = threshold ?? 0.5;
  return {
    classCount,
    labels,
    predicted,
    positive,
    odds: cut / (1 - cut),
    rankings: Array.from({ length: classCount }, (_, index) =>
      rankDescending(columnOf(probabilities, index, classCount)),
    ),
    squares:
      positive === undefined
        ? squares
        : confidence.map((p, row) => (p - +(labels[row] === positive)) ** 2),
    losses: logLosses(labels, probabilities, classCount),
    bins,
    gaps: confidence.map((p, row) => +(labels[row] === shown[row]) - p),
    widthBins: assignBins(confidence, { bins, strategy: "equal-width" }),
    confidenceRanking: rankDescending(confidence),
  };
}
