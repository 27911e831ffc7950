// Judges predictions of a table's rows, whole and by subgroups.

import {
  type Column,
  getColumn,
  type Prediction,
  predictedLabels,
  RoentgenError,
  type Table,
  type Target,
  takeColumnRows,
  textValues,
  type WorkOptions,
} from "../../base/index.ts";
import {
  type ClassificationJudgement,
  judgeClassification,
  judgeRegression,
  type RegressionJudgement,
  type RegressionSubgroupRow,
  regressionSubgroupTable,
  type SubgroupRow,
  subgroupTable,
} from "../../statistics/index.ts";

export type Judgement = ClassificationJudgement | RegressionJudgement;

export interface JudgeSettings {
  readonly level: number;
  readonly resamples: number;
  readonly seed: number;
}

/** How two classes are decided between, where not by the more probable one; a measurement has no such thing. */
interface Decision {
  readonly positiveClass?: string;
  readonly threshold?: number;
}

interface JudgedRows {
  readonly target: Target;
  readonly weights?: Float64Array;
  readonly groups?: Int32Array;
}

/** Figures with intervals for predictions against what is true of the same rows. */
export async function judgePrediction(
  { target, weights, groups }: JudgedRows,
  prediction: Prediction,
  settings: JudgeSettings,
  work: WorkOptions = {},
): Promise<Judgement> {
  if (target.task === "classification" && prediction.task === "classification") {
    const { classes, labels } = target;
    const { probabilities } = prediction;
    return judgeClassification(
      { classes, labels, probabilities, groups, weights, ...settings },
      work,
    );
  }
  if (target.task === "regression" && prediction.task === "regression") {
    return judgeRegression(
      { truth: target.values, predicted: prediction.values, groups, weights, ...settings },
      work,
    );
  }
  throw otherTask(target, prediction);
}

function otherTask(target: Target, prediction: Prediction): RoentgenError {
  return new RoentgenError("type-mismatch", {
    problem: "Cannot judge these predictions",
    expected: `a ${target.task}`,
    found: `a ${prediction.task}`,
  });
}

export interface Subgroups {
  readonly column: string;
  readonly rows: readonly (SubgroupRow | RegressionSubgroupRow)[];
}

/** Numbers with more distinct values than this are shown by quarters of their range of ranks. */
const MOST_VALUES = 8;

/** The same figures for each value of each column; of measured numbers (age), for each quarter. */
export async function judgeSubgroups(
  judged: JudgedRows,
  prediction: Prediction,
  columns: readonly Column[],
  settings: JudgeSettings & Decision,
  work: WorkOptions = {},
): Promise<Subgroups[]> {
  const subgroups: Subgroups[] = [];
  for (const column of columns) {
    subgroups.push(await judgeColumn(judged, prediction, column, settings, work));
  }
  return subgroups;
}

async function judgeColumn(
  { target, weights, groups }: JudgedRows,
  prediction: Prediction,
  column: Column,
  settings: JudgeSettings & Decision,
  work: WorkOptions,
): Promise<Subgroups> {
  const shared = { groups, weights, ...settings, ...subgroupValues(column) };
  if (target.task === "classification" && prediction.task === "classification") {
    const { classes, labels } = target;
    const { probabilities } = prediction;
    const rows = await subgroupTable({ classes, labels, probabilities, ...shared }, work);
    return { column: column.name, rows };
  }
  if (target.task === "regression" && prediction.task === "regression") {
    const judged = { truth: target.values, predicted: prediction.values, ...shared };
    return { column: column.name, rows: await regressionSubgroupTable(judged, work) };
  }
  throw otherTask(target, prediction);
}

/** The column's values as subgroups; of ranges the order, too. */
export function subgroupValues(column: Column): {
  subgroup: readonly (string | null)[];
  order?: readonly string[];
} {
  if (column.kind === "text" || new Set(column.values).size <= MOST_VALUES)
    return { subgroup: textValues(column) };
  const sorted = column.values.filter((value) => !Number.isNaN(value)).sort();
  const cut = (share: number) => sorted[Math.floor(share * (sorted.length - 1))];
  const bounds = [cut(0.25), cut(0.5), cut(0.75)];
  const order = [
    `≤ ${bounds[0]}`,
    `${bounds[0]} to ${bounds[1]}`,
    `${bounds[1]} to ${bounds[2]}`,
    `> ${bounds[2]}`,
  ];
  const subgroup = Array.from(column.values, (value) =>
    Number.isNaN(value) ? null : order[bounds.filter((bound) => value > bound).length],
  );
  return { subgroup, order };
}

/**
 * One row of predictions as text: predicted class (or value), then the probability of each class.
 * @param options.threshold of two classes, the probability of the second one from which on it is predicted
 */
export function predictionColumns(
  prediction: Prediction,
  { threshold }: { threshold?: number } = {},
): Column[] {
  if (prediction.task === "regression") {
    return [{ kind: "number", name: "predicted", values: prediction.values }];
  }
  const { classes, probabilities } = prediction;
  const labels =
    threshold === undefined
      ? predictedLabels(prediction)
      : Array.from({ length: probabilities.length / 2 }, (_, row) =>
          Number(probabilities[2 * row + 1] >= threshold),
        );
  return [
    { kind: "text", name: "predicted", values: Array.from(labels, (label) => classes[label]) },
    ...classes.map((name, index) => ({
      kind: "number" as const,
      name: `probability_${name}`,
      values: Float64Array.from(labels, (_, row) =>
        readable(probabilities[row * classes.length + index]),
      ),
    })),
  ];
}

/** Without the digits beyond float32, in which the model gives its probabilities. */
function readable(probability: number): number {
  return Number(Number(probability.toPrecision(7)).toFixed(9));
}

/** The columns of a table that subgroups are asked for, of the rows at these positions. */
export function subgroupColumns(
  table: Table,
  names: readonly string[],
  rows: Uint32Array,
): Column[] {
  return names.map((name) => takeColumnRows(getColumn(table, name), rows));
}
