// Logits and true classes of the same rows, checked at the door of recalibration.

import { rowChecks } from "../row-checks.ts";

/** A network's outputs before softmax or sigmoid, with the truth. */
export interface LogitRows {
  /** `[rows, classCount]`; the single logit z of a sigmoid stands as the pair 0, z, whose softmax it is. */
  readonly logits: ArrayLike<number>;
  readonly labels: ArrayLike<number>;
  readonly classCount: number;
  readonly weights?: ArrayLike<number>;
}

/**
 * Rows of two classes or more.
 * @throws RoentgenError "shape-mismatch" or "value-invalid"
 */
export function readLogits(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
): LogitRows {
  const columns = labels.length === 0 ? 2 : Math.round(logits.length / labels.length);
  const check = rowChecks("recalibrate probabilities");
  check.length("logits", logits.length, labels.length * columns, "as many of each row");
  check.finite("logits", logits);
  const pairs = columns === 1 ? withZeros(logits) : logits;
  const classCount = Math.max(2, columns);
  check.classes(labels, classCount);
  if (weights) check.weights(weights, labels.length);
  return { logits: pairs, labels, classCount, weights };
}

/** The softmax of scale · logits, `[rows, classCount]`. */
export function softmaxRows(
  logits: ArrayLike<number>,
  { classCount, scale = 1 }: { classCount: number; scale?: number },
): Float64Array {
  const probabilities = new Float64Array(logits.length);
  for (let start = 0; start < logits.length; start += classCount) {
    let highest = Number.NEGATIVE_INFINITY;
    for (let i = start; i < start + classCount; i++) highest = Math.max(highest, logits[i]);
    let sum = 0;
    for (let i = start; i < start + classCount; i++) {
      probabilities[i] = Math.exp(scale * (logits[i] - highest));
      sum += probabilities[i];
    }
    for (let i = start; i < start + classCount; i++) probabilities[i] /= sum;
  }
  return probabilities;
}

/** 0 before each value. */
export function withZeros(values: ArrayLike<number>): Float64Array {
  const pairs = new Float64Array(values.length * 2);
  for (let row = 0; row < values.length; row++) pairs[row * 2 + 1] = values[row];
  return pairs;
}
