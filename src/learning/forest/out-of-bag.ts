// Out-of-bag predictions: each training row is predicted by the trees that did not draw it
// (Breiman: "Out-of-bag estimation", 1996), each patient where whole patients are drawn.

import { type Features, RoentgenError, type Target, type WorkOptions } from "../../base/index.ts";
import type { ForestModel, OutOfBag } from "./model.ts";
import { sumTasks, walkedPart } from "./predict.ts";
import type { RowDraw } from "./row-draw.ts";
import { encodeRows } from "./row-keys.ts";
import { runTasks } from "./workers.ts";

interface Grown {
  readonly model: ForestModel;
  readonly features: Features;
  readonly target: Target;
  readonly weights: Float64Array | undefined;
  readonly draw: RowDraw;
}

/** Refuses to promise what trees that see every row cannot give. */
export function checkOutOfBag(draw: Pick<RowDraw, "bootstrap" | "sampleFraction">): void {
  if (draw.bootstrap || draw.sampleFraction < 1) return;
  throw new RoentgenError("bad-option", {
    problem: 'Option "outOfBag" needs trees that leave rows out',
    expected: '"bootstrap" true or "sampleFraction" below 1',
    found: "trees that see all rows",
    subject: "outOfBag",
  });
}

/** Predicts and scores the rows by the trees that did not see them. */
export async function judgeOutOfBag(
  { model, features, target, weights, draw }: Grown,
  { threads = 1, signal }: WorkOptions,
): Promise<OutOfBag> {
  const { outputs } = model;
  const predictions = new Float64Array(features.rowCount * outputs);
  const tasks = sumTasks({ trees: walkedPart(model), rows: encodeRows(features), draw }, threads);
  await runTasks({
    kind: "sum",
    taskCount: tasks.length,
    taskAt: (index) => tasks[index],
    take(index, { sums, counts }) {
      const first = tasks[index].start * outputs;
      for (let i = 0; i < sums.length; i++) {
        // 0 / 0: a row that every tree saw has no prediction.
        predictions[first + i] = sums[i] / counts![Math.floor(i / outputs)];
      }
    },
    threads,
    signal,
  });
  const rows = predictedRows(predictions, outputs);
  const score =
    target.task === "classification"
      ? accuracy(predictions, target.labels, outputs, rows, weights)
      : rSquared(predictions, target.values, rows, weights);
  return { predictions, rowCount: rows.length, score };
}

function predictedRows(predictions: Float64Array, outputs: number): number[] {
  const rows: number[] = [];
  for (let row = 0; row * outputs < predictions.length; row++) {
    if (!Number.isNaN(predictions[row * outputs])) rows.push(row);
  }
  return rows;
}

function accuracy(
  shares: Float64Array,
  labels: Int32Array,
  classCount: number,
  rows: readonly number[],
  weights: Float64Array | undefined,
): number {
  let right = 0;
  let all = 0;
  for (const row of rows) {
    const ofRow = shares.subarray(row * classCount, (row + 1) * classCount);
    const weight = weights?.[row] ?? 1;
    all += weight;
    if (ofRow.indexOf(ofRow.reduce((a, b) => Math.max(a, b))) === labels[row]) right += weight;
  }
  return right / all;
}

function rSquared(
  predicted: Float64Array,
  values: Float64Array,
  rows: readonly number[],
  weights: Float64Array | undefined,
): number {
  const weightOf = (row: number) => weights?.[row] ?? 1;
  const all = rows.reduce((sum, row) => sum + weightOf(row), 0);
  const mean = rows.reduce((sum, row) => sum + weightOf(row) * values[row], 0) / all;
  let rest = 0;
  let spread = 0;
  for (const row of rows) {
    rest += weightOf(row) * (values[row] - predicted[row]) ** 2;
    spread += weightOf(row) * (values[row] - mean) ** 2;
  }
  return 1 - rest / spread;
}
