// Columns that know the answer: one that alone predicts the target almost perfectly, or whose being missing does.

import {
  type Column,
  type Features,
  type Table,
  type Target,
  takeColumnRows,
  takeTargetRows,
} from "../../base/index.ts";
import {
  balancedAccuracy,
  chiSquareSurvival,
  confusionMatrix,
  rocAuc,
  rSquared,
  spearmanCorrelation,
} from "../../statistics/index.ts";
import { countMembers } from "../splits/members.ts";
import type { Finding } from "./finding.ts";
import { leaveOneOutMeans } from "./one-column-prediction.ts";

export interface SuspicionThresholds {
  /** Area under the ROC curve of a number, of two classes. */
  auc: number;
  /** Leave-one-out balanced accuracy. */
  accuracy: number;
  /** Leave-one-out R², or squared Spearman correlation, of a measured target. */
  rSquared: number;
  /** Cramér's V (classes) or correlation (a measured target) of being missing. */
  missingness: number;
}

/**
 * Real measurements stay below: of the 30 of the Wisconsin breast cancer data, the best has AUC 0.975
 * and a balanced accuracy of 0.91.
 */
export const SUSPICION: SuspicionThresholds = {
  auc: 0.99,
  accuracy: 0.98,
  rSquared: 0.99,
  missingness: 0.5,
};

/** With fewer rows in two classes (or altogether, twice as many), chance finds perfect columns. */
const FEWEST_OF_A_CLASS = 8;

/** Of more rows than these, as many evenly spaced ones (an equal number of each class) tell as much. */
const MOST_ROWS = 4000;

export interface SuspicionOptions {
  thresholds?: Partial<SuspicionThresholds>;
  /** Group of each row. Of each, only the first row is looked at: a patient's age would else tell the diagnosis. */
  groups?: ArrayLike<number>;
}

/** Reports the columns that alone predict the target almost perfectly, by their values or by lacking them. */
export function findSuspectColumns(
  features: Table | Features,
  target: Target,
  { thresholds, groups }: SuspicionOptions = {},
): Finding[] {
  const limits = { ...SUSPICION, ...thresholds };
  const rows = sampleRows(firstOfEachGroup(features.rowCount, groups), target);
  const own = takeTargetRows(target, rows);
  if (!enoughRows(own)) return [];
  return columnsOf(features).flatMap((column) => {
    const taken = takeColumnRows(column, rows);
    return tellingColumn(taken, own, limits) ?? tellingMissingness(taken, own, limits) ?? [];
  });
}

function columnsOf(features: Table | Features): readonly Column[] {
  if (!("names" in features)) return features.columns;
  return features.columns.map((values, i) => ({ kind: "number", name: features.names[i], values }));
}

function firstOfEachGroup(rowCount: number, groups: ArrayLike<number> | undefined): number[] {
  const seen = new Set<number>();
  const rows: number[] = [];
  for (let row = 0; row < rowCount; row++) {
    const group = groups ? groups[row] : row;
    if (seen.has(group)) continue;
    seen.add(group);
    rows.push(row);
  }
  return rows;
}

function sampleRows(rows: number[], target: Target): number[] {
  if (rows.length <= MOST_ROWS) return rows;
  if (target.task === "regression") return evenlySpaced(rows, MOST_ROWS);
  const { classes, labels } = target;
  const most = Math.ceil(MOST_ROWS / classes.length);
  const ofClass = classes.map((_, label) => rows.filter((row) => labels[row] === label));
  return ofClass.flatMap((own) => evenlySpaced(own, most)).sort((a, b) => a - b);
}

function evenlySpaced(rows: number[], most: number): number[] {
  if (rows.length <= most) return rows;
  return Array.from({ length: most }, (_, i) => rows[Math.floor((i * rows.length) / most)]);
}

function enoughRows(target: Target): boolean {
  if (target.task === "regression") return target.values.length >= 2 * FEWEST_OF_A_CLASS;
  const counts = Array.from(countMembers(target.labels));
  return counts.filter((count) => count >= FEWEST_OF_A_CLASS).length >= 2;
}

function tellingColumn(column: Column, target: Target, limits: SuspicionThresholds) {
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

/** Whether a value is there or not, against the target: association and its significance. */
function tellingMissingness(column: Column, target: Target, limits: SuspicionThresholds) {
  const rows = column.values.length;
  const missing = Array.from<string | number | null, boolean>(
    column.values,
    (value) => value === null || Number.isNaN(value),
  );
  const count = missing.filter(Boolean).length;
  if (Math.min(count, rows - count) < 5) return undefined;
  const { strength, degrees } =
    target.task === "classification"
      ? associationWithClasses(missing, target.labels, target.classes.length)
      : { strength: associationWithValues(missing, target.values), degrees: 1 };
  // n V² is χ² distributed where there is no association.
  if (strength < limits.missingness) return undefined;
  if (chiSquareSurvival(rows * strength ** 2, degrees) > 1e-6) return undefined;
  return {
    kind: "telling-missingness",
    severity: strength >= 0.9 ? "leak" : "warning",
    columns: [column.name],
    figure: strength,
    message:
      `Whether "${column.name}" is missing (${count} of ${rows} rows) goes with the target ` +
      `(association ${strength.toFixed(2)}). It may have been measured only in certain cases.`,
  } satisfies Finding;
}

/** Cramér's V of a 2 × K table. */
function associationWithClasses(missing: readonly boolean[], labels: Int32Array, classes: number) {
  const counts = new Float64Array(2 * classes);
  labels.forEach((label, row) => {
    counts[(missing[row] ? classes : 0) + label] += 1;
  });
  const share = missing.filter(Boolean).length / missing.length;
  let chiSquare = 0;
  let degrees = -1;
  for (let label = 0; label < classes; label++) {
    const total = counts[label] + counts[classes + label];
    if (total === 0) continue;
    degrees += 1;
    chiSquare += (counts[classes + label] - total * share) ** 2 / (total * share * (1 - share));
  }
  return { strength: Math.sqrt(chiSquare / missing.length), degrees: Math.max(degrees, 1) };
}

/** |point-biserial correlation| */
function associationWithValues(missing: readonly boolean[], values: Float64Array): number {
  const flags = missing.map(Number);
  return Math.abs(spearmanCorrelation(values, flags)) || 0;
}
