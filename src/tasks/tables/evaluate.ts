// Judges a bundle on data that it was not trained on.

import { type Prediction, type Table, takeRows, type WorkOptions } from "../../base/index.ts";
import { type TableView, viewTable } from "../../datasets/index.ts";
import type { Fingerprint, TableBundle } from "../../study/index.ts";
import { openModel } from "./deployed-model.ts";
import {
  type Judgement,
  judgePrediction,
  judgeSubgroups,
  type Subgroups,
  subgroupColumns,
} from "./judge.ts";
import { type DataFiles, type LoadedTable, loadTable } from "./load.ts";
import { judgementMetrics, type Metrics } from "./metrics.ts";
import { matchColumns, outsideTraining } from "./predict.ts";

export interface EvaluationOptions extends DataFiles {
  readonly subgroups?: readonly string[];
  readonly level?: number;
  readonly resamples?: number;
  readonly seed?: number;
}

export interface EvaluatedTable {
  readonly judgement: Judgement;
  readonly subgroups: readonly Subgroups[];
  readonly prediction: Prediction;
  /** The figures as plain JSON, as in a run's metrics.json. */
  readonly metrics: Metrics;
  readonly files: readonly Fingerprint[];
  /** What was guessed, what lies outside the training rows, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Predicts a table with what is true beside it, and judges the predictions.
 * @throws RoentgenError where model or data can't be read, or don't fit each other
 */
export async function evaluateTable(
  modelPath: string,
  { subgroups: names = [], level = 0.95, resamples = 2000, seed = 0, ...files }: EvaluationOptions,
  work: WorkOptions = {},
): Promise<EvaluatedTable> {
  const model = await openModel(modelPath, work);
  try {
    const loaded = await loadTable(files, work);
    const view = viewForModel(loaded, files, model.bundle);
    const features = modelColumns(loaded, view, model.bundle, files.data);
    const prediction = await model.predict(features);
    const judged = { target: view.target, groups: view.groups?.index };
    const settings = { level, resamples, seed };
    const judgement = await judgePrediction(judged, prediction, settings, work);
    const columns = subgroupColumns(loaded.table, names, view.rows);
    const subgroups = await judgeSubgroups(judged, prediction, columns, settings, work);
    return {
      judgement,
      subgroups,
      prediction,
      metrics: judgementMetrics(judgement, subgroups),
      files: loaded.files,
      notes: [
        ...seenBefore(loaded.files, model.bundle),
        ...loaded.notes,
        ...view.notes,
        ...outsideTraining(features, model.bundle.manifest.inputs),
      ],
    };
  } finally {
    await model.close();
  }
}

/** The table with the model's target and classes; a class that it does not know is refused. */
function viewForModel(loaded: LoadedTable, files: DataFiles, { manifest }: TableBundle): TableView {
  const { target } = manifest;
  return viewTable(loaded.table, {
    target: files.target ?? loaded.target ?? target.name,
    group: files.group ?? loaded.group,
    task: target.task,
    classes: target.task === "classification" ? target.classes.map(({ name }) => name) : undefined,
    missingTarget: "drop",
  });
}

/** The columns that the model takes: by name or, of a bare matrix, in their order. */
function modelColumns(
  { table }: LoadedTable,
  view: TableView,
  { manifest }: TableBundle,
  path: string,
): Table {
  const { inputs } = manifest;
  const rows = takeRows(table, view.rows);
  const present = new Set(table.columns.map(({ name }) => name));
  if (inputs.every(({ name }) => present.has(name))) return rows;
  const named = view.features.columns.some(({ name }, index) => name !== `x${index + 1}`);
  return matchColumns({ table: view.features, named }, inputs, path);
}

/** A warning where the data are the file that the model was trained on. */
function seenBefore(files: readonly Fingerprint[], { manifest }: TableBundle): string[] {
  const known = new Set(manifest.data.map(({ sha256 }) => sha256));
  return files.some(({ sha256 }) => known.has(sha256))
    ? [
        "Most of these rows taught the model: the figures are too favourable. Judge it on new data, or see the report of its run.",
      ]
    : [];
}
