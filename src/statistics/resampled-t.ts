// The corrected resampled t test: are two learners different, by their scores on the same folds?
// Folds share training cases, so the plain t test finds differences that are not there.
// Nadeau & Bengio, Mach Learn 2003;52:239–281, section 3.

import { RoentgenError } from "../base/index.ts";
import { studentQuantile, studentTwoSided } from "./distributions/student-t.ts";
import { type Figure, makeFigure, type TestResult } from "./figure.ts";

/** Two learners compared over the folds of a cross-validation. */
export interface FoldComparison {
  /** Mean of first − second over folds. `n` counts folds. */
  readonly difference: Figure;
  readonly test: TestResult;
}

/**
 * Compares scores fold by fold. The variance of the mean is s² (1/J + n_test/n_train) with J − 1
 * degrees of freedom.
 * @param first, second the score of each fold (of each repeat), in the same order
 * @throws RoentgenError "shape-mismatch" if the lengths differ
 */
export function correctedResampledT(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  { trainRows, testRows, level = 0.95 }: { trainRows: number; testRows: number; level?: number },
): FoldComparison {
  if (first.length !== second.length) {
    throw new RoentgenError("shape-mismatch", {
      problem: "Cannot compare scores over folds",
      expected: "both learners' scores of the same folds",
      found: `${first.length} and ${second.length} scores`,
    });
  }
  const n = first.length;
  const about = { n, method: "corrected resampled t (Nadeau & Bengio)" };
  const differences = Float64Array.from(first, (value, fold) => value - second[fold]);
  const mean = differences.reduce((sum, value) => sum + value, 0) / n;
  const squares = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const error = Math.sqrt((squares / (n - 1)) * (1 / n + testRows / trainRows));
  const identical = n > 1 && differences.every((value) => value === 0);
  const reason = n < 2 ? "two folds or more are needed" : "all folds differ by the same amount";
  const certain = n > 1 && (identical || error > 0);
  const half = certain ? studentQuantile(0.5 + level / 2, n - 1) * error : Number.NaN;
  const difference = makeFigure(
    mean,
    { low: mean - half, high: mean + half },
    { ...about, level, undefinedBecause: reason },
  );
  const statistic = identical ? 0 : mean / error;
  const degreesOfFreedom = n - 1;
  if (!Number.isFinite(statistic)) {
    return {
      difference,
      test: { ...about, statistic: null, pValue: null, undefinedBecause: reason },
    };
  }
  const pValue = studentTwoSided(statistic, degreesOfFreedom);
  return { difference, test: { ...about, statistic, degreesOfFreedom, pValue } };
}
