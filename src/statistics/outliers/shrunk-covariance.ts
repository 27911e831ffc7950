// The covariance of many features from few rows: shrunk towards a multiple of the identity by as much
// as lowers its expected error most. Ledoit & Wolf, J Multivar Anal 2004;88:365–411, section 3.3.

import { openCheckpoint } from "../../base/index.ts";
import type { JudgementWork } from "../judgement-work.ts";

/** (1 − δ) S + δ μ I, S being the mean outer product of the deviations. */
export interface ShrunkCovariance {
  /** `[dimension, dimension]`. */
  readonly covariance: Float64Array;
  /** δ, 0 … 1. */
  readonly shrinkage: number;
}

/** Deviations from a centre, and how to shrink their covariance. */
export interface Deviations {
  readonly rows: number;
  readonly dimension: number;
  /** Writes the deviations of one row. */
  read(row: number, out: Float64Array): void;
}

/**
 * The shrunk covariance of deviations whose mean is 0.
 * @param shrinkage δ, where it is not to be Ledoit and Wolf's
 */
export async function shrunkCovariance(
  deviations: Deviations,
  { shrinkage }: { shrinkage?: number } = {},
  { signal }: JudgementWork = {},
): Promise<ShrunkCovariance> {
  const { dimension, rows } = deviations;
  const covariance = new Float64Array(dimension * dimension);
  const fourth = await addProducts(deviations, covariance, signal);
  for (let index = 0; index < covariance.length; index++) covariance[index] /= rows;
  const mean = traceOf(covariance, dimension) / dimension;
  const delta = shrinkage ?? bestShrinkage(covariance, { dimension, rows, fourth, mean });
  for (let index = 0; index < covariance.length; index++) covariance[index] *= 1 - delta;
  for (let i = 0; i < dimension; i++) covariance[i * (dimension + 1)] += delta * mean;
  return { covariance, shrinkage: delta };
}

/** b̄² / d²: Ledoit & Wolf 2004, lemmas 3.2–3.5. `fourth` is Σ ‖x‖⁴ over rows. */
function bestShrinkage(
  covariance: Float64Array,
  {
    dimension,
    rows,
    fourth,
    mean,
  }: { dimension: number; rows: number; fourth: number; mean: number },
): number {
  let norm = 0;
  for (const value of covariance) norm += value * value;
  // ‖S − μI‖² and Σ ‖x xᵀ − S‖² / n², both over the dimension.
  const distance = norm / dimension - mean * mean;
  const error = (fourth / rows - norm) / (dimension * rows);
  return distance <= 0 ? 0 : Math.min(1, Math.max(0, error / distance));
}

// Rows go in blocks that stay in the processor's cache, features along rows, so that the inner loop
// runs through memory in order.
const blockRows = 128;

/** Adds Σ x xᵀ, and gives Σ ‖x‖⁴. Takes rows × dimension² / 2 multiplications. */
async function addProducts(
  deviations: Deviations,
  sums: Float64Array,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { rows, dimension } = deviations;
  const block = new Float64Array(dimension * blockRows);
  const row = new Float64Array(dimension);
  const checkpoint = openCheckpoint(signal, "Measuring covariance");
  let fourth = 0;
  for (let first = 0; first < rows; first += blockRows) {
    block.fill(0);
    for (let r = first; r < Math.min(rows, first + blockRows); r++) {
      deviations.read(r, row);
      let square = 0;
      for (let i = 0; i < dimension; i++) {
        block[i * blockRows + r - first] = row[i];
        square += row[i] * row[i];
      }
      fourth += square * square;
    }
    for (let i = 0; i < dimension; i += 2) {
      addPairOfRows(block, sums, i, dimension);
      if (i % 64 === 0) await checkpoint();
    }
  }
  mirrorInPlace(sums, dimension);
  return fourth;
}

/** Adds to rows i and i + 1 from the diagonal on: two by two features at once, which halves the reads. */
function addPairOfRows(
  block: Float64Array,
  sums: Float64Array,
  i: number,
  dimension: number,
): void {
  const a = i * blockRows;
  const b = Math.min(i + 1, dimension - 1) * blockRows;
  for (let j = i; j < dimension; j += 2) {
    const c = j * blockRows;
    const d = Math.min(j + 1, dimension - 1) * blockRows;
    let ac = 0;
    let ad = 0;
    let bc = 0;
    let bd = 0;
    for (let r = 0; r < blockRows; r++) {
      const x = block[a + r];
      const y = block[b + r];
      const z = block[c + r];
      const w = block[d + r];
      ac += x * z;
      ad += x * w;
      bc += y * z;
      bd += y * w;
    }
    sums[i * dimension + j] += ac;
    if (j + 1 < dimension) sums[i * dimension + j + 1] += ad;
    if (i + 1 < dimension) sums[(i + 1) * dimension + j] += bc;
    if (i + 1 < dimension && j + 1 < dimension) sums[(i + 1) * dimension + j + 1] += bd;
  }
}

/** Copies the upper triangle to the lower one. */
function mirrorInPlace(matrix: Float64Array, dimension: number): void {
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j < i; j++) matrix[i * dimension + j] = matrix[j * dimension + i];
  }
}

function traceOf(matrix: Float64Array, dimension: number): number {
  let trace = 0;
  for (let i = 0; i < dimension; i++) trace += matrix[i * (dimension + 1)];
  return trace;
}
