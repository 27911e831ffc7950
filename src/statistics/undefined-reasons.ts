// Why a score of a classification is undefined, in words for a report.

import { type BinaryCounts, type ConfusionMatrix, marginals } from "./confusion.ts";
import type { ClassScore, OverallScore } from "./score-names.ts";

/** The reason for a score of the whole, should it be undefined. `matrix` counts rows. */
export function whyUndefined(
  name: OverallScore,
  matrix: ConfusionMatrix,
  classes: readonly string[],
): string {
  const { rows, columns } = marginals(matrix);
  const absent = classes.filter((_, index) => rows[index] === 0);
  if (absent.length === classes.length) return "there are no cases";
  if (name === "mcc" || name.endsWith("appa")) {
    if (rows.filter((count) => count > 0).length === 1) return "all cases are of one class";
    if (columns.filter((count) => count > 0).length === 1) return "all cases were given one class";
  }
  if (name === "macroF1") {
    const unseen = classes.filter((_, index) => rows[index] + columns[index] === 0);
    if (unseen.length > 0)
      return `class ${listed(unseen)} is neither true nor predicted in any case`;
  }
  if (absent.length > 0) return `there are no cases of class ${listed(absent)}`;
  return "all cases have weight 0";
}

/** The reason for a score of one class, should it be undefined or infinite. `counts` are of rows. */
export function whyClassUndefined(score: ClassScore, counts: BinaryCounts, name: string): string {
  const { truePositive: tp, falsePositive: fp, falseNegative: fn, trueNegative: tn } = counts;
  const noPositives = tp + fn === 0;
  const noNegatives = tn + fp === 0;
  if (noPositives && noNegatives) return "there are no cases";
  if (score === "ppv" && tp + fp === 0) return `no case was given class ${name}`;
  if (score === "npv" && tn + fn === 0) return `every case was given class ${name}`;
  if (score === "f1" && noPositives && fp === 0) {
    return `class ${name} is neither true nor predicted in any case`;
  }
  if (noPositives && score !== "specificity") return `there are no cases of class ${name}`;
  if (noNegatives && score !== "sensitivity") return `there are only cases of class ${name}`;
  if (score === "positiveLikelihoodRatio" && fp === 0) {
    return tp === 0
      ? "there are no positive results"
      : "there are no false positives: the ratio is infinite";
  }
  if (score === "negativeLikelihoodRatio" && tn === 0) {
    return fn === 0
      ? "there are no negative results"
      : "there are no true negatives: the ratio is infinite";
  }
  return "the cases that it counts have weight 0";
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
