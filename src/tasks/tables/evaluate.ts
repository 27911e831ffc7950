// Judges a bundle on data that it was not trained on.

import { type Prediction, takeRows, type WorkOptions } from "../../base/index.ts";
import { viewTable } from "../../datasets/index.ts";
import type { Bundle, Fingerprint } from "../../study/index.ts";
import { openModel } from "./deployed-model.ts";
import {
  type Judgement,
  judgePrediction,
  judgeSubgroups,
  type Subgroups,
  subgroupColumns,
} from "./judge.ts";
import { type DataFiles, loadTable } from "./load.ts";
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
    const { target: stated, inputs } = model.bundle.manifest;
    const named =
      files.labels === undefined && loaded.target === undefined ? stated.name : loaded.target;
    const target = files.target ?? named;
    const group = files.group ?? loaded.group;
    const view = viewTable(loaded.table, {
      ...(target === undefined ? {} : { target }),
      ...(group === undefined ? {} : { group }),
      task: stated.task,
      // In the model's order; a class that it does not know is refused.
      ...(stated.task === "classification"
        ? { classes: stated.classes.map(({ name }) => name) }
        : {}),
      missingTarget: "drop",
    });
    const rows = takeRows(loaded.table, view.rows);
    const bare = {
      table: view.features,
      named: view.features.columns.some(({ name }, i) => name !== `x${i + 1}`),
    };
    const known = inputs.every(({ name }) => rows.columns.some((column) => column.name === name));
    const features = known ? rows : matchColumns(bare, inputs, files.data);
    const prediction = await model.predict(features);
    const judged = {
      target: view.target,
      ...(view.groups ? { groups: view.groups.index } : {}),
    };
    const settings = { level, resamples, seed };
    const judgement = judgePrediction(judged, prediction, settings, work);
    const subgroups = subgroupColumns(loaded.table, names, view.rows).map((column) =>
      judgeSubgroups(judged, prediction, column, settings, work),
    );
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
        ...outsideTraining(features, inputs),
      ],
    };
  } finally {
    await model.close();
  }
}

/** A warning where the data are the file that the model was trained on. */
function seenBefore(files: readonly Fingerprint[], { manifest }: Bundle): string[] {
  const known = new Set(manifest.data.map(({ sha256 }) => sha256));
  return files.some(({ sha256 }) => known.has(sha256))
    ? [
        "Most of these rows taught the model: the figures are too favourable. Judge it on new data, or see the report of its run.",
      ]
    : [];
}
