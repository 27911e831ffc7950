// Net benefit of acting on a probability, and the decision curve.
// Vickers & Elkin, Med Decis Making 2006;26:565–574.

import { type CumulativeCount, cumulativeCounts } from "./roc.ts";

/** Net benefit at one threshold probability. */
export interface DecisionPoint {
  /** Probability at which one would just act: false positives are weighed by threshold / (1 − threshold). */
  readonly threshold: number;
  /** Net benefit of acting on the model, in true positives a case. */
  readonly model: number;
  /** Net benefit of acting on everyone. Acting on no one has 0. */
  readonly everyone: number;
}

/**
 * Net benefit at a threshold t: TP/n − FP/n · t/(1 − t), a case counting as positive where p ≥ t.
 * @param threshold in (0, 1)
 */
export function netBenefit(
  positive: ArrayLike<number | boolean>,
  probabilities: ArrayLike<number>,
  threshold: number,
  { weights }: { weights?: ArrayLike<number> } = {},
): number {
  return (
    decisionCurve(positive, probabilities, { thresholds: [threshold], weights })[0]?.model ??
    Number.NaN
  );
}

/** Net benefit over thresholds, 0.01 … 0.99 unless given. Empty without cases. */
export function decisionCurve(
  positive: ArrayLike<number | boolean>,
  probabilities: ArrayLike<number>,
  {
    thresholds = Array.from({ length: 99 }, (_, index) => (index + 1) / 100),
    weights,
  }: { thresholds?: readonly number[]; weights?: ArrayLike<number> } = {},
): DecisionPoint[] {
  const steps = cumulativeCounts(positive, probabilities, weights);
  const all = steps[steps.length - 1];
  const n = all.truePositive + all.falsePositive;
  if (n === 0) return [];
  return thresholds.map((threshold) => {
    const odds = threshold / (1 - threshold);
    const benefit = ({ truePositive, falsePositive }: CumulativeCount) =>
      truePositive / n - (falsePositive / n) * odds;
    return { threshold, model: benefit(lastAtLeast(steps, threshold)), everyone: benefit(all) };
  });
}

/** The step of the lowest score that still reaches the threshold, by bisection. */
function lastAtLeast(steps: readonly CumulativeCount[], threshold: number): CumulativeCount {
  let low = 0;
  let high = steps.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((steps[middle].threshold as number) >= threshold) low = middle;
    else high = middle - 1;
  }
  return steps[low];
}
