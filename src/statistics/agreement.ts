// Agreement of true and predicted classes over a whole confusion matrix: accuracy, averages over
// classes, Matthews' correlation, Cohen's kappa. NaN where undefined.

import { binaryCounts, type ConfusionMatrix, marginals } from "./confusion.ts";
import { f1Score } from "./rates.ts";

/** Mean over classes, mean weighted by their cases, or from the pooled counts. */
export type ClassAverage = "macro" | "weighted" | "micro";

/** Share of cases given their true class. */
export function accuracy({ classCount, counts }: ConfusionMatrix): number {
  let right = 0;
  let total = 0;
  for (let index = 0; index < counts.length; index++) total += counts[index];
  for (let index = 0; index < classCount; index++) right += counts[index * (classCount + 1)];
  return right / total;
}

/** Mean sensitivity of the classes; undefined if a class has no true case. */
export function balancedAccuracy(matrix: ConfusionMatrix): number {
  const { rows } = marginals(matrix);
  let sum = 0;
  for (let index = 0; index < matrix.classCount; index++) {
    sum += matrix.counts[index * (matrix.classCount + 1)] / rows[index];
  }
  return sum / matrix.classCount;
}

/**
 * F1 averaged over classes: equally ("macro"), by their true cases ("weighted"), or from pooled
 * counts ("micro", which for one label a case is the accuracy). A class that is neither true nor
 * predicted anywhere has no F1, and so neither has the macro average.
 */
export function averageF1(matrix: ConfusionMatrix, average: ClassAverage): number {
  if (average === "micro") return accuracy(matrix);
  const { rows } = marginals(matrix);
  let sum = 0;
  let total = 0;
  for (let index = 0; index < matrix.classCount; index++) {
    const weight = average === "macro" ? 1 : rows[index];
    if (weight === 0) continue;
    sum += weight * f1Score(binaryCounts(matrix, index));
    total += weight;
  }
  return sum / total;
}

/**
 * Matthews correlation coefficient for any number of classes, R_K.
 * Gorodkin, Comput Biol Chem 2004;28:367–374, eq. 8. Undefined where all truths or all predictions are one class.
 */
export function matthewsCorrelation(matrix: ConfusionMatrix): number {
  const { classCount, counts } = matrix;
  const { rows, columns } = marginals(matrix);
  const trueTotal = total(rows);
  const givenTotal = total(columns);
  let right = 0;
  let chance = 0;
  let trueSpread = 0;
  let givenSpread = 0;
  for (let index = 0; index < classCount; index++) {
    right += counts[index * (classCount + 1)];
    chance += rows[index] * columns[index];
    trueSpread += rows[index] * (trueTotal - rows[index]);
    givenSpread += columns[index] * (givenTotal - columns[index]);
  }
  if (trueSpread === 0 || givenSpread === 0) return Number.NaN;
  return (right * trueTotal - chance) / Math.sqrt(trueSpread * givenSpread);
}

/**
 * Cohen's kappa: agreement beyond chance. Cohen, Educ Psychol Meas 1960;20:37–46; with weights for
 * ordered classes, Psychol Bull 1968;70:213–220. Undefined where truth and prediction are one and the same class throughout.
 */
export function cohenKappa(
  matrix: ConfusionMatrix,
  { weighting = "none" }: { weighting?: "none" | "linear" | "quadratic" } = {},
): number {
  const { classCount, counts } = matrix;
  const { rows, columns } = marginals(matrix);
  let observed = 0;
  let expected = 0;
  for (let truth = 0; truth < classCount; truth++) {
    for (let given = 0; given < classCount; given++) {
      const distance = Math.abs(truth - given);
      const penalty =
        weighting === "quadratic"
          ? distance * distance
          : weighting === "linear"
            ? distance
            : Math.min(distance, 1);
      observed += penalty * counts[truth * classCount + given];
      expected += penalty * rows[truth] * columns[given];
    }
  }
  return 1 - (observed * total(rows)) / expected;
}

function total(values: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index];
  return sum;
}
