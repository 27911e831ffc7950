// What a learner sees: named numeric columns, and what is to be predicted from them.

import type { NumberValues } from "./table.ts";
import { takeNumbers } from "./table.ts";

/** Numeric columns of equal length; NaN where missing. Columns are shared with the table, not copied. */
export interface Features {
  readonly rowCount: number;
  readonly names: readonly string[];
  readonly columns: readonly NumberValues[];
}

/** Class of each row, as an index into `classes`. */
export interface ClassTarget {
  readonly task: "classification";
  /** Names in a fixed order. Of two, the second is the positive one. */
  readonly classes: readonly string[];
  /** 0 … classes.length − 1, one a row. */
  readonly labels: Int32Array;
}

/** A measured value of each row, never NaN. */
export interface NumberTarget {
  readonly task: "regression";
  readonly values: Float64Array;
  /** Unit, where known: "mm". */
  readonly unit?: string;
}

/** What is to be predicted, one value a row; `task` tells which it is. */
export type Target = ClassTarget | NumberTarget;

/** Probability of each class for each row. */
export interface ClassPrediction {
  readonly task: "classification";
  readonly classes: readonly string[];
  /** `[rows, classes]` in row-major order; each row sums to 1. */
  readonly probabilities: Float64Array;
}

/** Predicted value of each row, in the unit of the target. */
export interface NumberPrediction {
  readonly task: "regression";
  readonly values: Float64Array;
}

/** What a model says of each row; `task` tells which it is. */
export type Prediction = ClassPrediction | NumberPrediction;

/** The features of the rows at these positions, in this order. */
export function takeFeatureRows(features: Features, rows: ArrayLike<number>): Features {
  return {
    rowCount: rows.length,
    names: features.names,
    columns: features.columns.map((values) => takeNumbers(values, rows)),
  };
}

/** The target of the rows at these positions, in this order. */
export function takeTargetRows<T extends Target>(target: T, rows: ArrayLike<number>): T;
export function takeTargetRows(target: Target, rows: ArrayLike<number>): Target {
  if (target.task === "classification") {
    const labels = Int32Array.from(rows, (row) => target.labels[row]);
    return { ...target, labels };
  }
  return { ...target, values: Float64Array.from(rows, (row) => target.values[row]) };
}

/** The most probable class of each row (the first of equals). */
export function predictedLabels({ classes, probabilities }: ClassPrediction): Int32Array {
  const count = classes.length;
  const labels = new Int32Array(probabilities.length / count);
  for (let row = 0; row < labels.length; row++) {
    let best = 0;
    for (let index = 1; index < count; index++) {
      if (probabilities[row * count + index] > probabilities[row * count + best]) best = index;
    }
    labels[row] = best;
  }
  return labels;
}
