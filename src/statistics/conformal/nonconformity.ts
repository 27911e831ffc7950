// How badly each class fits a case, from its predicted probabilities: what conformal sets are cut at.
// "lac": Sadinle, Lei & Wasserman, JASA 2019;114:223–234; "aps": Romano, Sesia & Candès, NeurIPS 2020;
// "raps": Angelopoulos, Bates, Malik & Jordan, ICLR 2021.

import { randomStream } from "../../base/index.ts";

export const conformalMethods = ["lac", "aps", "raps"] as const;

/**
 * "lac" gives the smallest sets on average; "aps" sets that grow with how hard a case is; "raps" as
 * "aps", with a penalty that keeps them from growing long.
 */
export type ConformalMethod = (typeof conformalMethods)[number];

/** What the scores depend on beside the probabilities. */
export interface NonconformityRule {
  readonly method: ConformalMethod;
  /** Added for each rank after `freeRanks` ("raps"). */
  readonly penalty: number;
  readonly freeRanks: number;
  /** Whether the class itself counts with a uniform share (exact coverage) or in full (more than promised). */
  readonly randomised: boolean;
  readonly seed: number;
}

/**
 * Scores of all classes of each row, `[rows, classCount]`; a class of more probability never scores higher.
 * @param samples number of each row's draw; its index where absent
 */
export function nonconformity(
  probabilities: ArrayLike<number>,
  classCount: number,
  {
    rule,
    purpose,
    samples,
  }: { rule: NonconformityRule; purpose: string; samples?: ArrayLike<number> },
): Float64Array {
  if (rule.method === "lac") return Float64Array.from(probabilities, (p) => 1 - p);
  const scores = new Float64Array(probabilities.length);
  const order = Array.from({ length: classCount }, (_, index) => index);
  for (let row = 0; row * classCount < scores.length; row++) {
    const start = row * classCount;
    order.sort((a, b) => probabilities[start + b] - probabilities[start + a] || a - b);
    const share = rule.randomised ? drawOf(rule.seed, purpose, samples?.[row] ?? row) : 1;
    let above = 0;
    order.forEach((index, rank) => {
      const p = probabilities[start + index];
      scores[start + index] = above + share * p + penaltyOf(rule, rank + 1);
      above += p;
    });
  }
  return scores;
}

/** λ (rank − k)⁺: Angelopoulos et al. 2021, eq. 4. */
function penaltyOf({ method, penalty, freeRanks }: NonconformityRule, rank: number): number {
  return method === "raps" ? penalty * Math.max(0, rank - freeRanks) : 0;
}

function drawOf(seed: number, purpose: string, sample: number): number {
  return randomStream({ seed, purpose, sample }).uniform();
}
