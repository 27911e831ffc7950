// A column that alone predicts the target almost perfectly.

import type { Column, Target } from "../../base/index.ts";
import {
  balancedAccuracy,
  confusionMatrix,
  rocAuc,
  rSquared,
  spearmanCorrelation,
} from "../../statistics/index.ts";
import type { Finding } from "./finding.ts";
import { leaveOneOutMeans } from "./one-column-prediction.ts";
import { FEWEST_OF_A_CLASS, type SuspicionThresholds } from "./suspicion.ts";

/** Reports a column that predicts the target almost perfectly. */
export function findTellingColumn(
  column: Column,
  target: Target,
  limits: SuspicionThresholds,
): Finding | undefined {
  if (target.task === "regression") return tellingOfValues(column, target.values, limits);
  const auc = target.classes.length === 2 ? separation(column, target.labels) : 0;
  if (auc >= limits.auc) return telling(column, auc, "AUC");
  const accuracy = accuracyOf(column, target.labels, target.classes.length);
  return accuracy >= limits.accuracy ? telling(column, accuracy, "balanced accuracy") : undefined;
}

/** AUC of the present numbers in the better direction. */
function separation(column: Column, labels: Int32Array): number {
  if (column.kind === "text") return 0;
  const present = [...labels.keys()].filter((row) => !Number.isNaN(column.values[row]));
  const positive = present.map((row) => labels[row]);
  const smaller = Math.min(...[0, 1].map((label) => positive.filter((l) => l === label).length));
  if (smaller < FEWEST_OF_A_CLASS) return 0;
  const auc = rocAuc(
    positive,
    present.map((row) => column.values[row]),
  );
  return Math.max(auc, 1 - auc);
}

/** Balanced over the classes that occur. */
function accuracyOf(column: Column, labels: Int32Array, classCount: number): number {
  const oneHot = new Float64Array(labels.length * classCount);
  labels.forEach((label, row) => {
    oneHot[row * classCount + label] = 1;
  });
  const means = leaveOneOutMeans(column, oneHot, classCount);
  const predicted = labels.map((_, row) => largest(means, row * classCount, classCount));
  const present = [...new Set(labels)].sort((a, b) => a - b);
  const position = new Map(present.map((label, index) => [label, index]));
  // What occurs nowhere else, or in no class that occurs, is told wrong.
  const compact = (label: number, otherwise: number) => position.get(label) ?? otherwise;
  const truth = labels.map((label) => compact(label, 0));
  const told = predicted.map((label, row) => compact(label, (truth[row] + 1) % present.length));
  return balancedAccuracy(confusionMatrix(truth, told, { classCount: present.length }));
}

/** Position of the largest of `count` means, −1 where they are undefined. */
function largest(means: Float64Array, start: number, count: number): number {
  let best = -1;
  for (let index = 0; index < count; index++) {
    if (means[start + index] > (best < 0 ? Number.NEGATIVE_INFINITY : means[start + best]))
      best = index;
  }
  return best;
}

function tellingOfValues(
  column: Column,
  values: Float64Array,
  { rSquared: limit }: SuspicionThresholds,
) {
  const means = leaveOneOutMeans(column, values, 1);
  const overall = values.reduce((sum, value) => sum + value, 0) / values.length;
  const predicted = means.map((mean) => (Number.isNaN(mean) ? overall : mean));
  const explained = Math.max(rSquared(values, predicted), rankExplained(column, values));
  return explained >= limit ? telling(column, explained, "R²") : undefined;
}

function rankExplained(column: Column, values: Float64Array): number {
  if (column.kind === "text") return 0;
  const present = [...values.keys()].filter((row) => !Number.isNaN(column.values[row]));
  if (present.length < 2 * FEWEST_OF_A_CLASS) return 0;
  const truth = present.map((row) => values[row]);
  const rho = spearmanCorrelation(
    truth,
    present.map((row) => column.values[row]),
  );
  return rho ** 2 || 0;
}

function telling({ name }: Column, figure: number, measure: string): Finding {
  return {
    kind: "telling-column",
    severity: "leak",
    columns: [name],
    figure,
    message:
      `"${name}" alone predicts the target almost perfectly (${measure} ${figure.toFixed(3)}). ` +
      "Check that it is known before the answer is; if not, drop it.",
  };
}
