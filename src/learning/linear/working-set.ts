// Solves a logistic problem on the features that matter and adds those that break the conditions of
// optimality, until none does. Without an L1 penalty all features matter.
// Massias, Gramfort, Salmon: "Celer: a fast solver for the lasso with dual extrapolation", ICML 2018.

import type { WorkOptions } from "../../base/index.ts";
import { startOnFewerRows } from "./fewer-rows.ts";
import { blockCount, type LogisticProblem, lossGradient } from "./logistic-loss.ts";
import { minimiseLogistic, type NewtonLimits, type NewtonResult, type Penalty } from "./newton.ts";

/** With no more coefficients than this, leaving features out gains nothing. */
const SMALL = 128;
/** Features of the first working set. */
const FIRST = 32;

/** Minimises loss + penalty from zero. */
export function minimiseOnWorkingSet(
  problem: LogisticProblem,
  penalty: Penalty,
  limits: NewtonLimits,
  work: WorkOptions = {},
): NewtonResult {
  const size = penalty.l1.length;
  const smooth = penalty.l1.every((weight) => weight === 0);
  if (smooth || size <= SMALL) {
    const start = startOnFewerRows(problem, penalty, work);
    return minimiseLogistic(problem, penalty, limits, { start, work });
  }
  const start = new Float64Array(size);
  let features = alwaysIn(problem, penalty);
  let iterations = 0;
  for (;;) {
    const part = restrict(problem, penalty, features);
    const inner = { start: gather(start, part.positions), work };
    const result = minimiseLogistic(part.problem, part.penalty, limits, inner);
    part.positions.forEach((position, index) => {
      start[position] = result.coefficients[index];
    });
    iterations += result.iterations;
    const slack = limits.tolerance ** 0.5;
    const broken = violations(problem, penalty, result, features, slack);
    if (broken.length === 0 || result.ending !== "converged") {
      return { ...result, coefficients: start, iterations };
    }
    const growth = Math.max(FIRST, features.length);
    features = [...features, ...broken.slice(0, growth)].sort((a, b) => a - b);
  }
}

/** Features with a coefficient that is not L1-penalised: the intercept. */
function alwaysIn({ columns }: LogisticProblem, { l1 }: Penalty): number[] {
  return columns.flatMap((_, feature) => (l1[feature] === 0 ? [feature] : []));
}

/** The problem of some features only, and where their coefficients stand in the whole. */
function restrict(problem: LogisticProblem, { l1, l2 }: Penalty, features: readonly number[]) {
  const length = problem.columns.length;
  const positions = Array.from({ length: blockCount(problem) }, (_, block) =>
    features.map((feature) => block * length + feature),
  ).flat();
  return {
    positions,
    problem: { ...problem, columns: features.map((feature) => problem.columns[feature]) },
    penalty: { l1: gather(l1, positions), l2: gather(l2, positions) },
  };
}

function gather(values: Float64Array, positions: readonly number[]): Float64Array {
  return Float64Array.from(positions, (position) => values[position]);
}

/** Features left out whose gradient exceeds the L1 weight: their best coefficient is not 0; the worst first. */
function violations(
  problem: LogisticProblem,
  { l1 }: Penalty,
  { state }: NewtonResult,
  features: readonly number[],
  slack: number,
): number[] {
  const gradient = lossGradient(problem, state);
  const length = problem.columns.length;
  const excess = new Float64Array(length);
  gradient.forEach((slope, j) => {
    const over = Math.abs(slope) / l1[j] - 1;
    if (over > slack) excess[j % length] = Math.max(excess[j % length], over);
  });
  for (const feature of features) excess[feature] = 0;
  const broken = Array.from(excess.keys()).filter((feature) => excess[feature] > 0);
  return broken.sort((a, b) => excess[b] - excess[a]);
}
