// β·x + β₀ of each row, for one or several sets of coefficients.

import type { Features } from "../../base/index.ts";

/** One vector of predictors for each set of coefficients. */
export function linearPredictors(
  { rowCount, columns }: Features,
  coefficients: readonly Float64Array[],
  intercepts: Float64Array,
): Float64Array[] {
  return coefficients.map((slopes, block) => {
    const out = new Float64Array(rowCount).fill(intercepts[block]);
    columns.forEach((values, feature) => {
      const slope = slopes[feature];
      if (slope === 0) return;
      for (let row = 0; row < rowCount; row++) out[row] += slope * values[row];
    });
    return out;
  });
}
