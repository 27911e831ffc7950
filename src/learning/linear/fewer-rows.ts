// Where to start on many rows: the solution on an even sample of them, which costs a fraction and
// leaves the whole problem few steps.

import type { WorkOptions } from "../../base/index.ts";
import type { LogisticProblem } from "./logistic-loss.ts";
import { minimiseLogistic, type Penalty } from "./newton.ts";

/** Rows and rows a coefficient that make a sample good enough. */
const SAMPLE_ROWS = 4000;
const ROWS_PER_COEFFICIENT = 20;
/** A sample pays where it is at most this share of the rows. */
const WORTHWHILE = 0.25;

/** Zeros where there are too few rows for a sample to pay, or where the sample has no finite solution. */
export function startOnFewerRows(
  problem: LogisticProblem,
  penalty: Penalty,
  work: WorkOptions = {},
): Float64Array {
  const start = new Float64Array(penalty.l1.length);
  const rowCount = problem.labels.length;
  const wanted = Math.max(SAMPLE_ROWS, ROWS_PER_COEFFICIENT * start.length);
  if (wanted > WORTHWHILE * rowCount) return start;
  const limits = { tolerance: 1e-5, maxIterations: 20 };
  const sample = everyNthRow(problem, Math.floor(rowCount / wanted));
  const { ending, coefficients } = minimiseLogistic(sample, penalty, limits, { start, work });
  return ending === "converged" ? coefficients : start;
}

/** Every `stride`-th row, weighing as much as `stride` rows. */
function everyNthRow(problem: LogisticProblem, stride: number): LogisticProblem {
  const count = Math.floor(problem.labels.length / stride);
  const taken = (values: Float64Array, factor = 1) => {
    const out = new Float64Array(count);
    for (let index = 0; index < count; index++) out[index] = factor * values[index * stride];
    return out;
  };
  return {
    columns: problem.columns.map((column) => taken(column)),
    labels: Int32Array.from({ length: count }, (_, index) => problem.labels[index * stride]),
    classCount: problem.classCount,
    weights: taken(problem.weights, stride),
  };
}
