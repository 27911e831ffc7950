// Which weights of a training are the best ones, where probabilities are calibrated afterwards: those of the least log loss
// at the temperature that suits them. A loss that is not calibrated first prefers early weights, which are merely less sure.
// Berta, Holzmüller, Jordan & Bach: "Rethinking early stopping: refine, then calibrate", 2025.

import type { Metric } from "../../networks/index.ts";
import { temperedProbabilities } from "../../statistics/index.ts";

/** Log loss in nats of one class a sample, given as probabilities or as that of the second of two, at its best temperature. */
export function calibratedLoss(): Metric {
  return {
    name: "calibrated loss",
    better: "smaller",
    begin() {
      const logits: number[] = [];
      const labels: number[] = [];
      let classCount = 0;
      return {
        add({ outputs, targets, weights }) {
          classCount = outputs.length / weights.length;
          for (let row = 0; row < weights.length; row++) {
            if (weights[row] === 0) continue;
            const own = outputs.subarray(row * classCount, (row + 1) * classCount);
            logits.push(...(classCount === 1 ? [logitOf(own[0])] : Array.from(own, logOf)));
            labels.push(targets[row]);
          }
        },
        value: () => leastLoss(logits, labels, classCount),
      };
    },
  };
}

/** What single precision still tells from 0 and 1. */
const TINY = 1e-7;
const logOf = (probability: number) => Math.log(Math.max(TINY, probability));
const logitOf = (probability: number) => logOf(probability) - logOf(1 - probability);

/** Logarithms of the temperatures that are looked through. */
const [COLDEST, HOTTEST] = [Math.log(0.05), Math.log(20)];
/** Steps of the golden section through that range: to a thousandth. */
const STEPS = 20;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** The loss is convex in 1 / temperature, hence has one minimum in its logarithm, too. */
function leastLoss(logits: readonly number[], labels: readonly number[], classCount: number) {
  const loss = (logarithm: number) =>
    smoothedLoss(
      temperedProbabilities(logits, { temperature: Math.exp(logarithm), classCount }),
      labels,
    );
  let [low, high] = [COLDEST, HOTTEST];
  for (let step = 0; step < STEPS; step++) {
    const part = GOLDEN * (high - low);
    if (loss(high - part) < loss(low + part)) high = low + part;
    else low = high - part;
  }
  return loss((low + high) / 2);
}

/**
 * Log loss against targets short of 1, so that samples which are all told right have a best temperature as well:
 * (n + 1) / (n + 2) for the true one of n samples' classes. Platt: "Probabilistic outputs for support vector machines", 1999.
 */
function smoothedLoss(probabilities: Float64Array, labels: readonly number[]): number {
  const classCount = probabilities.length / labels.length;
  const share = 1 / (labels.length + 2);
  let sum = 0;
  for (const [row, label] of labels.entries()) {
    for (let index = 0; index < classCount; index++) {
      const target = index === label ? 1 - share : share / (classCount - 1);
      sum -= target * Math.log(Math.max(Number.MIN_VALUE, probabilities[row * classCount + index]));
    }
  }
  return sum / labels.length;
}
