// Permutation importance: how much a metric worsens when a column of the table is shuffled, so that
// it tells nothing. Breiman: "Random forests", Machine Learning 45, 2001, section 10; model-agnostic
// form of Fisher, Rudin, Dominici, JMLR 20, 2019. Give rows that the model has not seen.

import {
  type Column,
  checkParameters,
  integer,
  number,
  type OptionsOf,
  openCheckpoint,
  type Prediction,
  parameters,
  RoentgenError,
  randomStream,
  type Table,
  type Target,
  takeColumnRows,
  type WorkOptions,
  words,
} from "../../base/index.ts";
import { studentQuantile } from "../../statistics/index.ts";
import type { FittedPipeline } from "../pipeline.ts";
import { type PredictVariant, variantPredictor } from "../variants.ts";
import { quiet } from "./cross-validate.ts";
import { defaultMetric, type Metric, metricByName } from "./metrics.ts";

const importanceParameters = parameters({
  metric: words()
    .optional()
    .describe("By default area under the ROC curve, or root mean squared error."),
  repeats: integer({ min: 2 }).default(10).describe("Shuffles of each column."),
  seed: integer({ min: 0 }).default(0),
  level: number({ above: 0, below: 1 })
    .default(0.95)
    .describe("Confidence level of the intervals."),
});

/** Options of `permutationImportance`. */
export interface ImportanceOptions extends OptionsOf<typeof importanceParameters> {
  /** Columns shuffled together, by a name for the group: correlated columns hide each other otherwise. By default each column by itself. */
  readonly columnGroups?: Readonly<Record<string, readonly string[]>>;
  /** Weight of each row. */
  readonly weights?: Float64Array;
}

/** What shuffling a column costs. */
export interface ColumnImportance {
  /** Of the column, or of the group of columns. */
  readonly name: string;
  readonly columns: readonly string[];
  /** Mean worsening of the metric, in its own unit; positive for a column that helps. */
  readonly mean: number;
  /** Sample standard deviation over shuffles. */
  readonly standardDeviation: number;
  /** Student's t interval of the mean over shuffles. It does not cover the choice of the rows. */
  readonly low: number;
  readonly high: number;
  readonly values: readonly number[];
}

/** What shuffling each column costs, in the metric's own unit. */
export interface PermutationImportance {
  readonly metric: string;
  readonly better: Metric["better"];
  /** The metric of the rows as they are. */
  readonly baseline: number;
  readonly repeats: number;
  readonly level: number;
  readonly n: number;
  /** The most important first. */
  readonly columns: readonly ColumnImportance[];
}

/** A pipeline, or any other way to predict a table. */
export type Predictor = FittedPipeline | ((table: Table) => Promise<Prediction>);

/**
 * Importance of each original column: a text column counts as a whole, not by its categories.
 * @throws RoentgenError "value-invalid" where the metric is undefined for these rows
 */
export async function permutationImportance(
  predictor: Predictor,
  table: Table,
  target: Target,
  { columnGroups, weights, ...options }: ImportanceOptions = {},
  work: WorkOptions = {},
): Promise<PermutationImportance> {
  const settings = checkParameters(importanceParameters, options, "permutation importance");
  const { repeats, seed, level } = settings;
  const metric = metricByName(settings.metric ?? defaultMetric(target), target);
  const predict = variantsOf(predictor, table, work);
  const score = async (changed: readonly Column[]) =>
    metric.score(target, await predict(changed), weights);
  const baseline = await score([]);
  if (!Number.isFinite(baseline)) refuseUndefined(metric);
  const groups = namedGroups(predictor, table, columnGroups);
  const columnOf = new Map(table.columns.map((column) => [column.name, column]));
  const checkpoint = openCheckpoint(work.signal, "Permutation importance");
  const columns: ColumnImportance[] = [];
  for (const [index, { name, members }] of groups.entries()) {
    const values: number[] = [];
    const own = members.map((member) => columnOf.get(member) as Column);
    for (let repeat = 0; repeat < repeats; repeat++) {
      await checkpoint();
      const random = randomStream({ seed, purpose: `importance/${name}`, sample: repeat });
      const order = random.permutation(table.rowCount);
      // The same order for all columns of a group.
      const shuffled = own.map((column) => takeColumnRows(column, order));
      const worse = (await score(shuffled)) - baseline;
      values.push(metric.better === "higher" ? -worse : worse);
    }
    columns.push({ name, columns: members, ...spreadOf(values, level), values });
    const total = groups.length;
    work.onProgress?.({ stage: "Shuffling columns", done: index + 1, total, unit: "columns" });
  }
  columns.sort((a, b) => b.mean - a.mean);
  const { name, better } = metric;
  return { metric: name, better, baseline, repeats, level, n: table.rowCount, columns };
}

/** Predicts the table with some of its columns changed. */
function variantsOf(predictor: Predictor, table: Table, work: WorkOptions): PredictVariant {
  if (typeof predictor === "object") return variantPredictor(predictor, table, quiet(work));
  return (changed) => {
    const replaced = new Map(changed.map((column) => [column.name, column]));
    const columns = table.columns.map((column) => replaced.get(column.name) ?? column);
    return predictor({ rowCount: table.rowCount, columns });
  };
}

/** The groups asked for, or each column that the predictor uses by itself. */
function namedGroups(
  predictor: Predictor,
  table: Table,
  asked: ImportanceOptions["columnGroups"],
): { name: string; members: readonly string[] }[] {
  const used = typeof predictor === "function" ? table.columns : predictor.columns;
  const known = new Set(table.columns.map(({ name }) => name));
  const groups = asked
    ? Object.entries(asked).map(([name, members]) => ({ name, members }))
    : used.map(({ name }) => ({ name, members: [name] }));
  const absent = groups.flatMap(({ members }) => members).find((name) => !known.has(name));
  if (absent === undefined) return groups;
  throw new RoentgenError("value-missing", {
    problem: "Cannot measure the importance of a column",
    expected: "columns of the table",
    found: `"${absent}", which it does not have`,
    subject: absent,
  });
}

function spreadOf(values: readonly number[], level: number) {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const standardDeviation = Math.sqrt(squares / (n - 1));
  const reach = (studentQuantile(0.5 + level / 2, n - 1) * standardDeviation) / Math.sqrt(n);
  return { mean, standardDeviation, low: mean - reach, high: mean + reach };
}

function refuseUndefined({ name }: Metric): never {
  throw new RoentgenError("value-invalid", {
    problem: `The metric "${name}" is undefined for these rows`,
    remedy: "Give rows of every class, or choose another metric.",
    subject: "metric",
  });
}
