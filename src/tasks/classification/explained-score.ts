// Which of a model's scores is explained of an image: that of what is predicted of it.

import type { Explainer } from "../../explain/index.ts";
import type { ImagePrediction } from "./image-prediction.ts";

/** The class that is predicted, the most probable of several labels, or the measurement; a place among the names. */
export function predictedScore(prediction: ImagePrediction, names: readonly string[]): number {
  switch (prediction.kind) {
    case "classes":
      return names.indexOf(prediction.predicted);
    case "labels":
      return prediction.probabilities.indexOf(Math.max(...prediction.probabilities));
    case "number":
      return 0;
    default:
      return prediction satisfies never;
  }
}

/** The classes of an explainer that some of a model's `count` scores stand for: a single label has "not found" before it. */
export function explainerClasses(
  { classes }: Pick<Explainer, "classes">,
  scores: readonly number[],
  count: number,
): number[] {
  return scores.map((score) => score + classes - count);
}
