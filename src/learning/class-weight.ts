// Weights that let rare classes count: none, balanced, or given by the caller for each class.

import { anyOf, type ClassTarget, number, oneOf, RoentgenError, rules } from "../base/index.ts";

/** "none", "balanced", or a weight by class name; classes not named keep weight 1. */
export type ClassWeight = "none" | "balanced" | Record<string, number>;

/** The rule of the option `classWeight`, shared by all classifiers. */
export const classWeightRule = anyOf(
  '"none", "balanced" or a positive number for each class name',
  oneOf("none", "balanced"),
  rules.record(rules.string(), number({ above: 0 })),
);

/**
 * Weight of each row: its own times that of its class. "balanced" gives class k the weight
 * n / (K · n_k), counted without row weights, as scikit-learn does
 * (King and Zeng: "Logistic regression in rare events data", Political Analysis 9, 2001).
 */
export function classWeightedRows(
  { labels, classes }: ClassTarget,
  classWeight: ClassWeight,
  weights?: Float64Array,
): Float64Array {
  const ofClass = weightOfClass(labels, classes, classWeight);
  const ofRow = new Float64Array(labels.length);
  for (let row = 0; row < ofRow.length; row++) {
    ofRow[row] = ofClass[labels[row]] * (weights ? weights[row] : 1);
  }
  return ofRow;
}

function weightOfClass(
  labels: Int32Array,
  classes: readonly string[],
  classWeight: ClassWeight,
): number[] {
  if (classWeight === "none") return classes.map(() => 1);
  if (classWeight !== "balanced") {
    refuseUnknownClasses(classWeight, classes);
    return classes.map((name) => classWeight[name] ?? 1);
  }
  const counts = new Array<number>(classes.length).fill(0);
  for (const label of labels) counts[label] += 1;
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count > 0 ? labels.length / (present * count) : 1));
}

function refuseUnknownClasses(weights: Record<string, number>, classes: readonly string[]): void {
  const unknown = Object.keys(weights).find((name) => !classes.includes(name));
  if (unknown === undefined) return;
  throw new RoentgenError("bad-option", {
    problem: `Option "classWeight" names a class "${unknown}" that the target does not have`,
    remedy: `The classes are: ${classes.join(", ")}.`,
    subject: "classWeight",
  });
}
