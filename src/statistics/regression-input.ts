// What a regression is judged from, checked at the door.

import { RoentgenError } from "../base/index.ts";
import { checkLength, checkWeights } from "./classification-input.ts";

/** True and predicted values of the same rows. */
export interface RegressionInput {
  readonly truth: Float64Array;
  readonly predicted: Float64Array;
  /** Patient of each row, as any index: rows of one patient are resampled together. */
  readonly groups?: Int32Array;
  /** Weight of each row, 0 or more; 1 where absent. */
  readonly weights?: Float64Array;
}

/**
 * Refuses values that can't be judged.
 * @throws RoentgenError "shape-mismatch" or "value-invalid"
 */
export function checkRegression({ truth, predicted, groups, weights }: RegressionInput): void {
  const rows = truth.length;
  checkLength("predicted", predicted.length, rows, `one for each of ${rows} true values`);
  if (groups) checkLength("groups", groups.length, rows, `one patient for each of ${rows} rows`);
  if (weights) checkWeights(weights, rows);
  for (const [subject, values] of [
    ["truth", truth],
    ["predicted", predicted],
  ] as const) {
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad < 0) continue;
    throw new RoentgenError("value-invalid", {
      problem: `Cannot judge predictions: ${subject}`,
      expected: "finite numbers",
      found: `${values[bad]} in row ${bad + 1}`,
      subject,
    });
  }
}
