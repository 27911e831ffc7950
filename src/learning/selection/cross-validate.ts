// Cross-validation: every row predicted by a pipeline that did not see it, figures by fold and,
// pooled, by repeat. Stone: "Cross-validatory choice and assessment of statistical predictions",
// JRSS B 36, 1974.

import {
  openCheckpoint,
  type Prediction,
  RoentgenError,
  type Table,
  type Target,
  takeTargetRows,
} from "../../base/index.ts";
import type { Split } from "../../datasets/index.ts";
import type { FitWork } from "../learner.ts";
import {
  type FittedPipeline,
  fitPipeline,
  type PipelinePlan,
  predictPipeline,
  type RowInformation,
} from "../pipeline.ts";
import { defaultMetrics, type Metric, metricByName } from "./metrics.ts";
import { type Rows, rowsAt } from "./rows.ts";
import { definedOrNull, type ScoreSummary, summariseScores } from "./score-summary.ts";

/** What to fit, on which splits, judged by which metrics. */
export interface CrossValidationOptions extends PipelinePlan, RowInformation {
  /** From `makeSplits`, with the groups given there. */
  readonly splits: readonly Split[];
  /** Names of metrics; by default those of `defaultMetrics`. */
  readonly metrics?: readonly string[];
}

/** Scores by name of metric; null where undefined. */
export type Scores = Readonly<Record<string, number | null>>;

/** One split: its sizes and scores. */
export interface FoldResult {
  readonly repeat: number;
  readonly fold: number;
  readonly trainCount: number;
  readonly testCount: number;
  readonly scores: Scores;
  /** What the fit warned of. */
  readonly warnings: readonly string[];
}

/** The out-of-fold predictions of one repeat. */
export interface RepeatResult {
  readonly repeat: number;
  /** Rows tested, ascending: all of them, unless the split is a hold-out. */
  readonly rows: Uint32Array;
  /** Of these rows. */
  readonly prediction: Prediction;
  /** Of all these rows together. */
  readonly scores: Scores;
}

/** Scores by fold, by repeat and in summary. */
export interface CrossValidation {
  readonly task: Target["task"];
  readonly folds: readonly FoldResult[];
  readonly repeats: readonly RepeatResult[];
  /** Over folds, and over the pooled figures of the repeats. */
  readonly summary: Readonly<
    Record<string, { readonly folds: ScoreSummary; readonly pooled: ScoreSummary }>
  >;
}

/**
 * Fits a pipeline on the training side of each split and predicts the other side.
 * @throws RoentgenError "value-invalid" for splits that overlap, reach past the table, or test a row
 *   twice in one repeat
 */
export async function crossValidate(
  table: Table,
  target: Target,
  { splits, metrics, weights, groups, ...plan }: CrossValidationOptions,
  work: FitWork = {},
): Promise<CrossValidation> {
  const rows = { table, target, weights, groups };
  const fitFold = (train: Rows) =>
    fitPipeline(train.table, train.target, { ...plan, ...information(train) }, quiet(work));
  return crossValidateWith(rows, splits, { fitFold, metrics, work, stage: "Cross-validating" });
}

/** How each training side becomes a pipeline: by a plan, or by a search of its own. */
export interface FoldFitting {
  fitFold(train: Rows, split: Split): Promise<FittedPipeline>;
  readonly metrics?: readonly string[];
  readonly work: FitWork;
  readonly stage: string;
}

/** Cross-validation of any way to fit. */
export async function crossValidateWith(
  rows: Rows,
  splits: readonly Split[],
  { fitFold, metrics: names = defaultMetrics(rows.target), work, stage }: FoldFitting,
): Promise<CrossValidation> {
  const { target } = rows;
  const metrics = names.map((name) => metricByName(name, target));
  checkSplits(splits, rows.table.rowCount);
  const checkpoint = openCheckpoint(work.signal, stage);
  const folds: FoldResult[] = [];
  const predictions: Prediction[] = [];
  for (const split of splits) {
    await checkpoint();
    const pipeline = await fitFold(rowsAt(rows, split.train), split);
    const test = rowsAt(rows, split.test);
    const prediction = await predictPipeline(pipeline, test.table, quiet(work));
    predictions.push(prediction);
    folds.push({
      repeat: split.repeat,
      fold: split.fold,
      trainCount: split.train.length,
      testCount: split.test.length,
      scores: scoresOf(metrics, test.target, prediction, test.weights),
      warnings: pipeline.warnings,
    });
    work.onProgress?.({ stage, done: folds.length, total: splits.length, unit: "folds" });
  }
  const repeats = poolRepeats(rows, splits, predictions, metrics);
  return { task: target.task, folds, repeats, summary: summarise(names, folds, repeats) };
}

/** The work options of a fit inside a loop that reports progress itself. */
export function quiet({ threads, signal, seed }: FitWork): FitWork {
  return { threads, signal, seed };
}

/** Weights and groups, where there are any. */
export function information({ weights, groups }: Rows): RowInformation {
  return { weights, groups };
}

function scoresOf(
  metrics: readonly Metric[],
  target: Target,
  prediction: Prediction,
  weights?: Float64Array,
): Scores {
  return Object.fromEntries(
    metrics.map(({ name, score }) => [name, definedOrNull(score(target, prediction, weights))]),
  );
}

function checkSplits(splits: readonly Split[], rowCount: number): void {
  const tested = new Set<string>();
  for (const { train, test, repeat, fold } of splits) {
    const trained = new Set(train);
    for (const row of [...train, ...test]) {
      if (row >= rowCount) refuseSplit(repeat, fold, `row ${row + 1} of ${rowCount}`);
    }
    for (const row of test) {
      if (trained.has(row)) refuseSplit(repeat, fold, `row ${row + 1} on both sides`);
      const key = `${repeat}/${row}`;
      if (tested.has(key)) refuseSplit(repeat, fold, `row ${row + 1} tested twice in a repeat`);
      tested.add(key);
    }
  }
}

function refuseSplit(repeat: number, fold: number, found: string): never {
  throw new RoentgenError("value-invalid", {
    problem: `Cannot cross-validate with fold ${fold + 1} of repeat ${repeat + 1}`,
    expected: "rows of the table, each on one side, and tested once a repeat",
    found,
    remedy: "Make the splits with makeSplits from the same table.",
    subject: "splits",
  });
}

function poolRepeats(
  { target, weights }: Rows,
  splits: readonly Split[],
  predictions: readonly Prediction[],
  metrics: readonly Metric[],
): RepeatResult[] {
  const repeats = [...new Set(splits.map((split) => split.repeat))];
  return repeats.map((repeat) => {
    const parts = splits.flatMap((split, index) =>
      split.repeat === repeat ? [{ rows: split.test, prediction: predictions[index] }] : [],
    );
    const { rows, prediction } = joinParts(parts);
    const rowWeights = weights && Float64Array.from(rows, (row) => weights[row]);
    const scores = scoresOf(metrics, takeTargetRows(target, rows), prediction, rowWeights);
    return { repeat, rows, prediction, scores };
  });
}

/** Predictions of several test sides in the order of the rows. */
function joinParts(parts: readonly { rows: Uint32Array; prediction: Prediction }[]) {
  const places = parts.flatMap((part) =>
    Array.from(part.rows, (row, index) => ({ row, index, prediction: part.prediction })),
  );
  places.sort((a, b) => a.row - b.row);
  const first = parts[0].prediction;
  const width = first.task === "classification" ? first.classes.length : 1;
  const values = new Float64Array(places.length * width);
  places.forEach(({ index, prediction }, at) => {
    const from =
      prediction.task === "classification" ? prediction.probabilities : prediction.values;
    values.set(from.subarray(index * width, (index + 1) * width), at * width);
  });
  const prediction: Prediction =
    first.task === "classification"
      ? { task: "classification", classes: first.classes, probabilities: values }
      : { task: "regression", values };
  return { rows: Uint32Array.from(places, ({ row }) => row), prediction };
}

function summarise(
  names: readonly string[],
  folds: readonly FoldResult[],
  repeats: readonly RepeatResult[],
): CrossValidation["summary"] {
  const of = (name: string, results: readonly { scores: Scores }[]) =>
    summariseScores(results.map(({ scores }) => scores[name]));
  return Object.fromEntries(
    names.map((name) => [name, { folds: of(name, folds), pooled: of(name, repeats) }]),
  );
}
