// Shapley values of a forest's predictions, exact for its trees: what each feature adds to a
// prediction, where unknown features follow the training rows down both sides of a split
// (Lundberg, Erion, Lee: "Consistent individualized feature attribution for tree ensembles", 2018).

import { coreCount } from "#workers";
import type { Features, WorkOptions } from "../../base/index.ts";
import { checkFeatures } from "../training-set.ts";
import { type ForestModel, treeCount } from "./model.ts";
import { type ExplainTask, expectedValues } from "./tree-shapley.ts";
import { runTasks } from "./workers.ts";

/** Shapley values of each row, output and feature. With `base` they add up to the prediction. */
export interface ShapleyValues {
  readonly names: readonly string[];
  /** Numbers explained for each row: the classes, or 1. */
  readonly outputs: number;
  /** Mean prediction over the training rows, as the trees hold it: `[outputs]`. */
  readonly base: Float64Array;
  /** `[rows, features, outputs]`; base plus the sum over features is the prediction. */
  readonly values: Float64Array;
}

const TASK_ROWS = 16;

/** Work (rows times leaves) below which threads cost more than they save. */
const INLINE_LEAVES = 200_000;

/**
 * Explains predictions, class probabilities or values, for each row. Time grows with
 * rows × leaves × depth².
 * @throws RoentgenError where the features are not those of the fit
 */
export async function shapleyValues(
  model: ForestModel,
  features: Features,
  { threads = coreCount(), signal, onProgress }: WorkOptions = {},
): Promise<ShapleyValues> {
  checkFeatures({ name: "the forest", handlesMissing: true }, model.featureNames, features);
  const { outputs, featureNames: names } = model;
  const values = new Float64Array(features.rowCount * names.length * outputs);
  const tasks = explainTasks(model, features);
  await runTasks({
    kind: "explain",
    taskCount: tasks.length,
    taskAt: (index) => tasks[index],
    take: (index, part) => values.set(part, index * TASK_ROWS * names.length * outputs),
    threads: features.rowCount * model.feature.length > INLINE_LEAVES ? threads : 1,
    signal,
    onDone: (done, total) => onProgress?.({ stage: "Explaining", done, total, unit: "parts" }),
  });
  return { names, outputs, base: meanOfTrees(model), values };
}

function explainTasks(model: ForestModel, { columns, rowCount }: Features): ExplainTask[] {
  const { outputs, roots, feature, threshold, missingLeft, child, cover, values } = model;
  const trees = { outputs, roots, feature, threshold, missingLeft, child, cover, values };
  const tasks: ExplainTask[] = [];
  for (let start = 0; start < rowCount; start += TASK_ROWS) {
    const count = Math.min(TASK_ROWS, rowCount - start);
    const rows = new Float32Array(count * columns.length);
    for (let row = 0; row < count; row++) {
      columns.forEach((column, index) => {
        rows[row * columns.length + index] = column[start + row];
      });
    }
    tasks.push({ trees, rows, featureCount: columns.length });
  }
  return tasks;
}

function meanOfTrees(model: ForestModel): Float64Array {
  const mean = new Float64Array(model.outputs);
  for (let tree = 0; tree < treeCount(model); tree++) {
    const expected = expectedValues(model, model.roots[tree]);
    for (let output = 0; output < mean.length; output++) {
      mean[output] += expected[output] / treeCount(model);
    }
  }
  return mean;
}
