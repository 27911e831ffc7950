// What every learner demands of its rows, checked at the door.

import { type Features, RoentgenError, type Target } from "../base/index.ts";
import type { TrainingSet } from "./learner.ts";

/** The part of a learner that its checks need. */
interface Demands {
  readonly name: string;
  readonly tasks: readonly Target["task"][];
  readonly handlesMissing: boolean;
}

/**
 * Refuses rows that a learner cannot learn from: counts that differ, a task it has no method for,
 * missing or infinite numbers, weights below zero, no rows, a single class.
 */
export function checkTrainingSet(learner: Demands, set: TrainingSet): void {
  const { features, target, weights, groups } = set;
  checkTask(learner, target);
  checkCount(learner, "features", features.rowCount, targetLength(target), "targets");
  if (weights) checkCount(learner, "features", features.rowCount, weights.length, "weights");
  if (groups) checkCount(learner, "features", features.rowCount, groups.length, "groups");
  if (features.rowCount === 0 || features.columns.length === 0) {
    throw new RoentgenError("too-few-samples", {
      problem: `Cannot fit ${learner.name}`,
      expected: "at least one row and one feature",
      found: `${features.rowCount} rows and ${features.columns.length} features`,
    });
  }
  checkNumbers(learner, features);
  if (weights) checkWeights(learner, weights);
  if (target.task === "classification")
    checkLabels(learner, target.labels, target.classes, weights);
  else checkValues(learner, target.values);
}

/** Refuses features other than those that a model was fitted on, and numbers it cannot take. */
export function checkFeatures(
  learner: Omit<Demands, "tasks">,
  expected: readonly string[],
  features: Features,
): void {
  const { names } = features;
  const differs = expected.findIndex((name, index) => name !== names[index]);
  if (differs >= 0 || names.length !== expected.length) {
    const at = differs >= 0 ? differs : expected.length;
    throw new RoentgenError("shape-mismatch", {
      problem: `Cannot predict with ${learner.name}`,
      expected: `the ${expected.length} features of the fit in their order, "${expected[at] ?? "no more"}" at place ${at + 1}`,
      found: `${names.length} features, "${names[at] ?? "none"}" there`,
      remedy: "Bring the columns into the order of the fit; a pipeline does this by name.",
      subject: expected[at] ?? names[at],
    });
  }
  checkNumbers(learner, features);
}

function targetLength(target: Target): number {
  return target.task === "classification" ? target.labels.length : target.values.length;
}

function checkTask({ name, tasks }: Demands, { task }: Target): void {
  if (tasks.includes(task)) return;
  throw new RoentgenError("type-mismatch", {
    problem: `Cannot fit ${name}`,
    expected: `a target for ${tasks.join(" or ")}`,
    found: `one for ${task}`,
    remedy: "Choose a learner for that task, or another target column.",
  });
}

function checkCount(
  { name }: Demands,
  what: string,
  rows: number,
  found: number,
  of: string,
): void {
  if (rows === found) return;
  throw new RoentgenError("shape-mismatch", {
    problem: `Cannot fit ${name}`,
    expected: `as many ${of} as rows of ${what}, ${rows}`,
    found: `${found}`,
    subject: of,
  });
}

function checkNumbers(learner: Omit<Demands, "tasks">, { names, columns }: Features): void {
  for (let index = 0; index < columns.length; index++) {
    const values = columns[index];
    let missing = 0;
    let infinite = 0;
    for (let row = 0; row < values.length; row++) {
      // NaN − NaN and ∞ − ∞ are NaN; every other number gives 0.
      if (values[row] - values[row] === 0) continue;
      if (Number.isNaN(values[row])) missing += 1;
      else infinite += 1;
    }
    if (infinite > 0) refuseNumbers(learner, names[index], `${infinite} infinite values`);
    if (missing > 0 && !learner.handlesMissing) {
      refuseNumbers(learner, names[index], `${missing} missing values`);
    }
  }
}

function refuseNumbers(
  { name, handlesMissing }: Omit<Demands, "tasks">,
  column: string,
  found: string,
) {
  throw new RoentgenError("value-missing", {
    problem: `Feature "${column}" does not suit ${name}`,
    expected: handlesMissing ? "finite or missing numbers" : "finite numbers",
    found,
    remedy: "Impute missing values in preprocessing, or correct the table.",
    subject: column,
  });
}

function checkWeights({ name }: Demands, weights: Float64Array): void {
  const row = weights.findIndex((weight) => !(weight >= 0 && weight < Number.POSITIVE_INFINITY));
  if (row < 0 && weights.some((weight) => weight > 0)) return;
  throw new RoentgenError("value-invalid", {
    problem: `Cannot fit ${name}`,
    expected: "weights that are finite, not negative and not all zero",
    found: row < 0 ? "only zeros" : `${weights[row]} in row ${row + 1}`,
    subject: "weights",
  });
}

function checkLabels(
  { name }: Demands,
  labels: Int32Array,
  classes: readonly string[],
  weights?: Float64Array,
): void {
  const row = labels.findIndex((label) => !(label >= 0 && label < classes.length));
  if (row >= 0) {
    throw new RoentgenError("value-invalid", {
      problem: `Cannot fit ${name}`,
      expected: `class numbers from 0 to ${classes.length - 1}`,
      found: `${labels[row]} in row ${row + 1}`,
      remedy: "Remove the rows whose class is not known.",
      subject: "target",
    });
  }
  const present = presentClasses(labels, classes.length, weights);
  if (present.length > 1) return;
  throw new RoentgenError("too-few-samples", {
    problem: `Cannot fit ${name}`,
    expected: "rows of at least two classes",
    found: `only "${classes[present[0]]}"`,
    remedy: "Check the target column and the split: every training side needs both classes.",
    subject: "target",
  });
}

function checkValues({ name }: Demands, values: Float64Array): void {
  const row = values.findIndex((value) => !Number.isFinite(value));
  if (row < 0) return;
  throw new RoentgenError("value-missing", {
    problem: `Cannot fit ${name}`,
    expected: "a finite target in every row",
    found: `${values[row]} in row ${row + 1}`,
    remedy: "Remove the rows whose target is not known.",
    subject: "target",
  });
}

/** Classes that occur in rows of positive weight, ascending. */
export function presentClasses(
  labels: Int32Array,
  classCount: number,
  weights?: Float64Array,
): number[] {
  const occurs = new Array<boolean>(classCount).fill(false);
  for (let row = 0; row < labels.length; row++) {
    if (!weights || weights[row] > 0) occurs[labels[row]] = true;
  }
  return occurs.flatMap((present, label) => (present ? [label] : []));
}
