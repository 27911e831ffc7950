// Predictions of a forest: the mean over its trees.

import { coreCount } from "#workers";
import type { Features, Prediction, WorkOptions } from "../../base/index.ts";
import { type ForestModel, treeCount } from "./model.ts";
import { encodeRows, LANES } from "./row-keys.ts";
import type { SumTask } from "./sum-trees.ts";
import { leafOf } from "./traverse.ts";
import { runTasks } from "./workers.ts";

/** Up to this many rows, laying the trees out anew costs more than it saves. */
const FEW_ROWS = 32;

/** Walks (rows times trees) below which threads cost more than they save. */
const INLINE_WALKS = 1_000_000;

/** Rows of one task. */
const TASK_ROWS = 16384;

/** Class probabilities or values for each row. Sums run in tree order, whatever the threads. */
export async function predictForest(
  model: ForestModel,
  features: Features,
  work: WorkOptions = {},
): Promise<Prediction> {
  const means =
    features.rowCount <= FEW_ROWS
      ? predictFewRows(model, features)
      : await predictRows(model, features, work);
  if (model.task === "regression") return { task: "regression", values: means };
  return { task: "classification", classes: model.classes, probabilities: means };
}

async function predictRows(
  model: ForestModel,
  features: Features,
  { threads = coreCount(), signal, onProgress }: WorkOptions,
): Promise<Float64Array> {
  const { rowCount } = features;
  const walks = rowCount * treeCount(model);
  const means = new Float64Array(rowCount * model.outputs);
  const tasks = sumTasks({ trees: walkedPart(model), rows: encodeRows(features) }, threads);
  await runTasks({
    kind: "sum",
    taskCount: tasks.length,
    taskAt: (index) => tasks[index],
    take: (index, { sums }) => means.set(sums, tasks[index].start * model.outputs),
    threads: walks > INLINE_WALKS ? threads : 1,
    signal,
    onDone: (done, total) => onProgress?.({ stage: "Predicting", done, total, unit: "parts" }),
  });
  for (let i = 0; i < means.length; i++) means[i] /= treeCount(model);
  return means;
}

/** Splits the rows into tasks, at least one a thread. */
export function sumTasks(task: Omit<SumTask, "start" | "end">, threads: number): SumTask[] {
  const { rowCount } = task.rows;
  const share = Math.ceil(rowCount / threads / LANES) * LANES;
  const size = Math.max(LANES, Math.min(TASK_ROWS, share));
  const tasks: SumTask[] = [];
  for (let start = 0; start < rowCount; start += size) {
    tasks.push({ ...task, start, end: Math.min(rowCount, start + size) });
  }
  return tasks;
}

/** The arrays that walking reads, so that no others travel to workers. */
export function walkedPart(model: ForestModel): SumTask["trees"] {
  const { outputs, roots, feature, threshold, missingLeft, child, values } = model;
  return { outputs, roots, feature, threshold, missingLeft, child, values };
}

function predictFewRows(model: ForestModel, { columns, rowCount }: Features): Float64Array {
  const { outputs, values, roots } = model;
  const trees = treeCount(model);
  const means = new Float64Array(rowCount * outputs);
  for (let row = 0; row < rowCount; row++) {
    const valueAt = (feature: number) => columns[feature][row];
    for (let tree = 0; tree < trees; tree++) {
      const leaf = leafOf(model, roots[tree], valueAt) * outputs;
      for (let output = 0; output < outputs; output++) {
        means[row * outputs + output] += values[leaf + output];
      }
    }
  }
  return means.map((sum) => sum / trees);
}
