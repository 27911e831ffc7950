// Predictions of a forest: the mean over its trees.

import type { Features, Prediction, WorkOptions } from "../../base/index.ts";
import { type ForestModel, treeCount } from "./model.ts";
import { addTreeInPlace, readRows, type Trees } from "./traverse.ts";

/** Rows sent down the trees together: enough to reuse a tree in the cache, few enough to fit there. */
const BLOCK_ROWS = 1024;

/** Class probabilities or values for each row. Sums run in tree order, whatever the threads. */
export async function predictForest(
  model: ForestModel,
  features: Features,
  _work: WorkOptions = {},
): Promise<Prediction> {
  const means = new Float64Array(features.rowCount * model.outputs);
  predictRowsInto(means, model, features, 0, features.rowCount);
  if (model.task === "regression") return { task: "regression", values: means };
  return { task: "classification", classes: model.classes, probabilities: means };
}

/** Writes the predictions for rows `start` … `end − 1` to their places in `means[rows, outputs]`. */
export function predictRowsInto(
  means: Float64Array,
  model: Trees,
  features: Features,
  start: number,
  end: number,
): void {
  const { outputs } = model;
  const trees = treeCount(model);
  for (let first = start; first < end; first += BLOCK_ROWS) {
    const last = Math.min(end, first + BLOCK_ROWS);
    const block = readRows(features, first, last);
    const sums = means.subarray(first * outputs, last * outputs);
    for (let tree = 0; tree < trees; tree++) addTreeInPlace(model, tree, block, sums);
    for (let i = 0; i < sums.length; i++) sums[i] /= trees;
  }
}
