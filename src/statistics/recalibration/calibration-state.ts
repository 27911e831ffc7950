// How good probabilities are before and after recalibration: log loss and expected calibration error.

import { calibrationError } from "../calibration.ts";
import { type LogitRows, softmaxRows } from "./logit-input.ts";

/** Two numbers to compare before with after. */
export interface CalibrationState {
  /** Mean of −ln p(true class), in nats. */
  readonly logLoss: number;
  /**
   * Expected calibration error in 15 bins of equal width (Guo et al. 2017): of two classes of class 1's
   * probability, else of the predicted class's.
   */
  readonly calibrationError: number;
}

const bins = 15;

/** The state of the probabilities softmax(scale · logits). */
export function calibrationState(rows: LogitRows, scale: number): CalibrationState {
  const { labels, classCount, weights } = rows;
  const probabilities = softmaxRows(rows.logits, { classCount, scale });
  const confidence = new Float64Array(labels.length);
  const right = new Uint8Array(labels.length);
  for (let row = 0; row < labels.length; row++) {
    const start = row * classCount;
    let shown = 1;
    for (let index = 0; classCount > 2 && index < classCount; index++) {
      if (index === 0 || probabilities[start + index] > probabilities[start + shown]) shown = index;
    }
    confidence[row] = probabilities[start + shown];
    right[row] = labels[row] === shown ? 1 : 0;
  }
  return {
    logLoss: logLossOfLogits(rows, scale),
    calibrationError: calibrationError(right, confidence, { bins, weights }).expected,
  };
}

/** From logits, so that no probability is rounded to 0. */
function logLossOfLogits(
  { logits, labels, classCount, weights }: LogitRows,
  scale: number,
): number {
  let sum = 0;
  let total = 0;
  for (let row = 0; row < labels.length; row++) {
    const start = row * classCount;
    const own = logits[start + labels[row]];
    let highest = Number.NEGATIVE_INFINITY;
    for (let i = start; i < start + classCount; i++) highest = Math.max(highest, logits[i]);
    let others = 0;
    for (let i = start; i < start + classCount; i++)
      others += Math.exp(scale * (logits[i] - highest));
    const weight = weights ? weights[row] : 1;
    sum += weight * (Math.log(others) + scale * (highest - own));
    total += weight;
  }
  return sum / total;
}
