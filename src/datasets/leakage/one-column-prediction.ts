// How well a single column predicts the target, each row from the other rows with its value or the values nearest to it.

import type { Column, NumberColumn } from "../../base/index.ts";

/** Rows with values at least this near are asked, for numbers. */
const NEIGHBOURS = 5;

/**
 * Leave-one-out predictions: the mean of the target vectors of the other rows with the same value; numbers also take
 * the nearest values until five rows are asked. A category of a single row learns nothing from itself, so many small
 * categories do not pass for a good predictor.
 * @param targets `[rows, width]`, row-major: the value, or 1 at the class and 0 elsewhere
 * @returns `[rows, width]`, row-major; NaN where no other row says anything
 */
export function leaveOneOutMeans(
  column: Column,
  targets: Float64Array,
  width: number,
): Float64Array {
  const blocks = column.kind === "number" ? blocksOfNumbers(column) : blocksOfText(column.values);
  const sums = new Float64Array(blocks.count * width);
  const sizes = new Float64Array(blocks.count);
  const rows = column.values.length;
  for (let row = 0; row < rows; row++) {
    const block = blocks.ofRow[row];
    sizes[block] += 1;
    for (let j = 0; j < width; j++) sums[block * width + j] += targets[row * width + j];
  }
  const means = new Float64Array(rows * width);
  const total = new Float64Array(width);
  for (let row = 0; row < rows; row++) {
    const own = blocks.ofRow[row];
    for (let j = 0; j < width; j++) total[j] = sums[own * width + j] - targets[row * width + j];
    let asked = sizes[own] - 1;
    for (const block of blocksAround(own, blocks, sizes, NEIGHBOURS - asked)) {
      asked += sizes[block];
      for (let j = 0; j < width; j++) total[j] += sums[block * width + j];
    }
    for (let j = 0; j < width; j++) means[row * width + j] = total[j] / asked;
  }
  return means;
}

interface Blocks {
  readonly count: number;
  /** Block of each row. */
  readonly ofRow: Int32Array;
  /** Value of each block, ascending; none for text. Missing numbers are one more block without a value. */
  readonly values?: Float64Array;
}

function blocksOfNumbers({ values }: NumberColumn): Blocks {
  const sorted = Float64Array.from(values).sort();
  const distinct = sorted.filter((value, i) => !Number.isNaN(value) && value !== sorted[i - 1]);
  const ofRow = Int32Array.from(values, (value) => positionOf(value, distinct));
  return { count: distinct.length + 1, ofRow, values: distinct };
}

/** Binary search; the number of values for NaN. */
function positionOf(value: number, ascending: Float64Array): number {
  if (Number.isNaN(value)) return ascending.length;
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function blocksOfText(values: readonly (string | null)[]): Blocks {
  const position = new Map<string | null, number>();
  const ofRow = Int32Array.from(values, (value) => {
    const block = position.get(value) ?? position.size;
    position.set(value, block);
    return block;
  });
  return { count: position.size, ofRow };
}

/** The blocks with the nearest values that together hold `wanted` rows. */
function* blocksAround(own: number, { values }: Blocks, sizes: Float64Array, wanted: number) {
  if (!values || own >= values.length) return;
  let below = own - 1;
  let above = own + 1;
  while (wanted > 0 && (below >= 0 || above < values.length)) {
    const down = below >= 0 ? values[own] - values[below] : Number.POSITIVE_INFINITY;
    const up = above < values.length ? values[above] - values[own] : Number.POSITIVE_INFINITY;
    const block = down <= up ? below-- : above++;
    wanted -= sizes[block];
    yield block;
  }
}
