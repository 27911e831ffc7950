// The confusion matrix: how many cases of each class were given which class.

/** Weighted counts of `classCount` classes. */
export interface ConfusionMatrix {
  readonly classCount: number;
  /** `[true class, predicted class]` in row-major order. */
  readonly counts: Float64Array;
}

/** One class against all others. */
export interface BinaryCounts {
  readonly truePositive: number;
  readonly falsePositive: number;
  readonly falseNegative: number;
  readonly trueNegative: number;
}

/**
 * Counts true against predicted classes.
 * @param labels, predicted class indices 0 … classCount − 1, one a row
 * @param weights of the rows; 1 where absent
 */
export function confusionMatrix(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { classCount, weights }: { classCount: number; weights?: ArrayLike<number> },
): ConfusionMatrix {
  const counts = new Float64Array(classCount * classCount);
  for (let row = 0; row < labels.length; row++) {
    counts[labels[row] * classCount + predicted[row]] += weights ? weights[row] : 1;
  }
  return { classCount, counts };
}

/** The matrix with one class taken as positive and all others as negative. */
export function binaryCounts(matrix: ConfusionMatrix, positive: number): BinaryCounts {
  const { classCount, counts } = matrix;
  let falsePositive = 0;
  let falseNegative = 0;
  let trueNegative = 0;
  for (let truth = 0; truth < classCount; truth++) {
    for (let given = 0; given < classCount; given++) {
      const count = counts[truth * classCount + given];
      if (truth !== positive && given !== positive) trueNegative += count;
      else if (truth !== positive) falsePositive += count;
      else if (given !== positive) falseNegative += count;
    }
  }
  const truePositive = counts[positive * classCount + positive];
  return { truePositive, falsePositive, falseNegative, trueNegative };
}

/** Sums over true classes (`rows`) and predicted classes (`columns`). */
export function marginals({ classCount, counts }: ConfusionMatrix): {
  rows: Float64Array;
  columns: Float64Array;
} {
  const rows = new Float64Array(classCount);
  const columns = new Float64Array(classCount);
  for (let truth = 0; truth < classCount; truth++) {
    for (let given = 0; given < classCount; given++) {
      rows[truth] += counts[truth * classCount + given];
      columns[given] += counts[truth * classCount + given];
    }
  }
  return { rows, columns };
}

/** The matrix as nested arrays, for JSON: `[true class][predicted class]`. */
export function confusionRows({ classCount, counts }: ConfusionMatrix): number[][] {
  return Array.from({ length: classCount }, (_, truth) =>
    Array.from(counts.subarray(truth * classCount, (truth + 1) * classCount)),
  );
}
