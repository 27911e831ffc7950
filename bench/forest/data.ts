// The data both sides learn from: normal features, two classes by a noisy sum with one product.

import { randomStream } from "../../src/base/index.ts";

export interface Size {
  rows: number;
  columns: number;
}

export interface BenchmarkData extends Size {
  /** Column after column. */
  values: Float64Array;
  labels: Int32Array;
}

/** Ten columns decide (or as many as there are); the best possible accuracy is about 0.93. */
export function makeData({ rows, columns }: Size, seed = 1): BenchmarkData {
  const random = randomStream({ seed, purpose: "bench/forest" });
  const values = Float64Array.from({ length: rows * columns }, () => random.normal());
  const labels = Int32Array.from({ length: rows }, (_, row) => {
    let score = 2 * values[row] * values[rows + row] + random.normal();
    for (let column = 0; column < Math.min(10, columns); column++) {
      score += (column % 2 === 0 ? -1 : 1) * values[column * rows + row];
    }
    return score > 0 ? 1 : 0;
  });
  return { rows, columns, values, labels };
}
