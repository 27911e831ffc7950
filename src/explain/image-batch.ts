// Images on their way through a model: checked, and handed on in batches of one size.

import { elementCount, RoentgenError } from "../base/index.ts";
import type { ExplainedModel } from "./explained-model.ts";

/** Images as a model takes them: [N, channels, height, width] or [N, channels, depth, height, width], C order. */
export interface ImageBatch {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * The number of images.
 * @throws RoentgenError "shape-mismatch" where they are none that the model takes
 */
export function imageCount({ shape, data }: ImageBatch, { imageShape }: ExplainedModel): number {
  const fits = shape.slice(1).join() === imageShape.join() && data.length === elementCount(shape);
  if (fits) return shape[0];
  throw new RoentgenError("shape-mismatch", {
    problem: "Cannot explain the images",
    expected: `float32 of shape [N, ${imageShape.join(", ")}], which the model takes`,
    found: `shape [${shape.join(", ")}] with ${data.length} numbers`,
    subject: "inputs",
  });
}

/** Rows of a batch: the same rows of every array. */
export interface RowBatch {
  /** Number of the first row, and how many follow with it; what fills up the batch does not count. */
  readonly first: number;
  readonly count: number;
  /** A row of values taken from an array of `rows` rows, the last one repeated until the batch is full. */
  take(array: Float32Array): Float32Array;
}

/** Cuts rows into batches of one size. */
export function* rowBatches(rows: number, batchSize: number): Generator<RowBatch> {
  for (let first = 0; first < rows; first += batchSize) {
    const start = first;
    yield {
      first,
      count: Math.min(batchSize, rows - first),
      take: (array) => takeRows(array, { rows, start, batchSize }),
    };
  }
}

function takeRows(
  array: Float32Array,
  { rows, start, batchSize }: { rows: number; start: number; batchSize: number },
): Float32Array {
  const length = array.length / rows;
  const taken = array.subarray(start * length, (start + batchSize) * length);
  if (taken.length === batchSize * length) return taken;
  const full = new Float32Array(batchSize * length);
  full.set(taken);
  const last = taken.subarray(taken.length - length);
  for (let at = taken.length; at < full.length; at += length) full.set(last, at);
  return full;
}

/** A row of an array whose rows have a length. */
export function rowOf(data: Float32Array, row: number, length: number): Float32Array {
  return data.subarray(row * length, (row + 1) * length);
}

/** A row many times over. */
export function repeatRow(row: Float32Array, times: number): Float32Array {
  const result = new Float32Array(row.length * times);
  for (let at = 0; at < times; at++) result.set(row, at * row.length);
  return result;
}
