// Judges a bundle on data that it was not trained on.

import {
  type ClassTarget,
  getColumn,
  type Prediction,
  RoentgenError,
  type Target,
  takeRows,
  textValues,
  type WorkOptions,
} from "../../base/index.ts";
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
      missingTarget: "drop",
    });
    const rows = takeRows(loaded.table, view.rows);
    const truth = alignTarget(
      textValues(getColumn(rows, view.targetName)),
      view.target,
      model.bundle,
    );
    const bare = {
      table: view.features,
      named: view.features.columns.some(({ name }, i) => name !== `x${i + 1}`),
    };
    const known = inputs.every(({ name }) => rows.columns.some((column) => column.name === name));
    const features = known ? rows : matchColumns(bare, inputs, files.data);
    const prediction = await model.predict(features);
    const judged = {
      target: truth,
      ...(view.groups ? { groups: view.groups.index } : {}),
    };
    const settings = { level, resamples, seed };
    const judgement = judgePrediction(judged, prediction, settings, work);
    const subgroups = subgroupColumns(loaded.table, names, view.rows).flatMap((column) => {
      const part = judgeSubgroups(judged, prediction, column, settings, work);
      return part ? [part] : [];
    });
    return {
      judgement,
      subgroups,
      prediction,
      metrics: judgementMetrics(judgement, subgroups),
      files: loaded.files,
      notes: [...loaded.notes, ...view.notes, ...outsideTraining(features, inputs)],
    };
  } finally {
    await model.close();
  }
}

/** The target in the class order of the model; a class that the model does not know is refused. */
function alignTarget(
  values: readonly (string | null)[],
  target: Target,
  { manifest }: Bundle,
): Target {
  if (target.task === "regression" || manifest.target.task === "regression") return target;
  const classes = manifest.target.classes.map(({ name }) => name);
  const position = new Map(classes.map((name, index) => [name, index]));
  const labels = Int32Array.from(values, (value) => position.get(value as string) ?? -1);
  const unknown = labels.indexOf(-1);
  if (unknown >= 0) {
    throw new RoentgenError("value-invalid", {
      problem: `The model does not know the class "${values[unknown]}" of row ${unknown + 1}`,
      expected: `one of ${classes.join(", ")}`,
      subject: manifest.target.name,
    });
  }
  return { task: "classification", classes, labels } satisfies ClassTarget;
}
