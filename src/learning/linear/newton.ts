// Newton's method for penalised logistic regression: exact or by conjugate gradients where the
// penalty is smooth, proximal where it has an L1 part.
// Lee, Sun, Saunders: "Proximal Newton-type methods for minimizing composite functions",
// SIAM J. Optim. 24(3), 2014; line search of Tseng and Yun, Math. Program. 117, 2009.

import { throwIfCancelled, type WorkOptions } from "../../base/index.ts";
import { addScaledInPlace, dot } from "./column-products.ts";
import { conjugateGradients } from "./conjugate-gradients.ts";
import { descendInPlace } from "./coordinate-descent.ts";
import {
  evaluateLoss,
  hessianTimes,
  type LogisticProblem,
  type LossState,
  lossGradient,
  lossHessian,
  predictors,
} from "./logistic-loss.ts";
import { factorSymmetric, type SymmetricSolver } from "./symmetric-solve.ts";

/** Weights of |θⱼ| and of θⱼ²/2, one a coefficient of each block. */
export interface Penalty {
  readonly l1: Float64Array;
  readonly l2: Float64Array;
}

export interface NewtonLimits {
  /** Stops when the model of the next step promises less than this, as a share of the loss at 0. */
  readonly tolerance: number;
  readonly maxIterations: number;
}

export type Ending = "converged" | "separated" | "diverging" | "iterations";

export interface NewtonResult {
  readonly coefficients: Float64Array;
  readonly iterations: number;
  readonly ending: Ending;
  /** Gradient of the loss alone, at the end. */
  readonly state: LossState;
}

/** Above this many coefficients a smooth step is found by conjugate gradients. */
const LARGEST_FACTOR = 400;
/** Share of the decrease promised before below which an old Hessian still serves well. */
const FAST_SHRINKING = 0.05;
/** Loss, as a share of that at 0, at which a separated fit is left. */
const SEPARATED_LOSS = 1e-8;
/** Change of a predictor below which a last step counts as small. */
const SMALL_CHANGE = 0.01;

/** Minimises loss + penalty from `start`. */
export function minimiseLogistic(
  problem: LogisticProblem,
  penalty: Penalty,
  limits: NewtonLimits,
  { start, work = {} }: { start: Float64Array; work?: WorkOptions },
): NewtonResult {
  const coefficients = Float64Array.from(start);
  const nullLoss = lossAtZero(problem);
  const unpenalised = isZero(penalty.l1) && isZero(penalty.l2);
  const findStep = stepFinder(problem, penalty);
  const z = predictors(problem, coefficients);
  let state = evaluateLoss(problem, z);
  let promise = nullLoss;
  const end = (ending: Ending, iterations: number) => ({ coefficients, iterations, ending, state });
  if (coefficients.length === 0) return end("converged", 0);

  for (let iteration = 1; iteration <= limits.maxIterations; iteration++) {
    throwIfCancelled(work.signal, "Fitting the logistic regression");
    const gradient = lossGradient(problem, state);
    for (let j = 0; j < gradient.length; j++) gradient[j] += penalty.l2[j] * coefficients[j];
    const { step, exact } = findStep({ state, gradient, coefficients, promise });
    centreUnpenalised(step, problem.columns.length, penalty);
    promise = promisedDecrease(step, gradient, coefficients, penalty);
    const change = predictors(problem, step);
    state = searchLine(problem, penalty, { coefficients, z, state, step, change, promise });
    if (unpenalised && state.separated && state.loss <= SEPARATED_LOSS * nullLoss) {
      return end("separated", iteration);
    }
    // An exact step squares the error that is left, another one only shrinks it.
    if (promise <= limits.tolerance * (exact ? 1 : 1e-4) * nullLoss) {
      const moved = unpenalised && largestAbsolute(change) > SMALL_CHANGE;
      return end(moved ? (state.separated ? "separated" : "diverging") : "converged", iteration);
    }
  }
  return end(unpenalised && state.separated ? "separated" : "iterations", limits.maxIterations);
}

interface Standing {
  readonly state: LossState;
  /** Of loss and L2 penalty. */
  readonly gradient: Float64Array;
  readonly coefficients: Float64Array;
  /** What the step before promised. */
  readonly promise: number;
}

/** `exact` says whether the step is Newton's with the Hessian where we stand. */
type StepFinder = (standing: Standing) => { step: Float64Array; exact: boolean };

function stepFinder(problem: LogisticProblem, penalty: Penalty): StepFinder {
  if (!isZero(penalty.l1)) return proximalSteps(problem, penalty);
  return penalty.l2.length <= LARGEST_FACTOR
    ? factoredSteps(problem, penalty)
    : conjugateSteps(problem, penalty);
}

function isZero(values: Float64Array): boolean {
  return values.every((value) => value === 0);
}

/**
 * The softmax does not see a shift of one feature's coefficients in all classes. Where no penalty
 * sees it either, the shift is fixed by letting them sum to 0.
 */
function centreUnpenalised(step: Float64Array, length: number, { l1, l2 }: Penalty): void {
  const blocks = step.length / length;
  if (blocks === 1) return;
  for (let j = 0; j < length; j++) {
    if (l1[j] > 0 || l2[j] > 0) continue;
    let mean = 0;
    for (let block = 0; block < blocks; block++) mean += step[block * length + j] / blocks;
    for (let block = 0; block < blocks; block++) step[block * length + j] -= mean;
  }
}

/** The loss of a model that knows nothing: Σw · log K. */
function lossAtZero({ weights, classCount }: LogisticProblem): number {
  return weights.reduce((sum, weight) => sum + weight, 0) * Math.log(classCount);
}

/** −H⁻¹g. The Hessian costs as much as many steps, so an old one serves while steps shrink fast. */
function factoredSteps(problem: LogisticProblem, { l2 }: Penalty): StepFinder {
  let solve: SymmetricSolver | undefined;
  let promiseBefore = Number.POSITIVE_INFINITY;
  return ({ state, gradient, promise }) => {
    const exact = solve === undefined || promise > FAST_SHRINKING * promiseBefore;
    promiseBefore = promise;
    if (solve === undefined || exact) {
      const hessian = lossHessian(problem, state);
      addToDiagonal(hessian, l2);
      solve = factorSymmetric(hessian, l2.length, { jitter: 1e-11 });
    }
    return { step: solve(gradient.map((slope) => -slope)), exact };
  };
}

/**
 * −H⁻¹g without forming H, at first roughly and near the minimum exactly.
 * Dembo, Eisenstat, Steihaug: "Inexact Newton methods", SIAM J. Numer. Anal. 19(2), 1982.
 */
function conjugateSteps(problem: LogisticProblem, { l2 }: Penalty): StepFinder {
  const nullLoss = lossAtZero(problem);
  return ({ state, gradient, promise }) => {
    const tolerance = Math.min(0.1, Math.sqrt(promise / nullLoss));
    const apply = (vector: Float64Array) => {
      const product = hessianTimes(problem, state, vector);
      for (let j = 0; j < product.length; j++) product[j] += l2[j] * vector[j];
      return product;
    };
    const downhill = gradient.map((slope) => -slope);
    const diagonal = hessianDiagonal(problem, state, l2);
    return { step: conjugateGradients(apply, downhill, diagonal, { tolerance }), exact: true };
  };
}

/** The minimum of the quadratic model plus the L1 penalty, less where we stand. */
function proximalSteps(problem: LogisticProblem, { l1, l2 }: Penalty): StepFinder {
  return ({ state, gradient, coefficients, promise }) => {
    const hessian = lossHessian(problem, state);
    addToDiagonal(hessian, l2);
    const v = Float64Array.from(coefficients);
    const limits = { tolerance: 1e-10 * promise, maxSweeps: 10_000 };
    descendInPlace({ hessian, size: l1.length, l1 }, v, Float64Array.from(gradient), limits);
    return { step: v.map((value, j) => value - coefficients[j]), exact: true };
  };
}

/** How much the linear model and the penalty fall over the step; not negative. */
function promisedDecrease(
  step: Float64Array,
  gradient: Float64Array,
  coefficients: Float64Array,
  { l1 }: Penalty,
): number {
  let decrease = -dot(step, gradient);
  for (let j = 0; j < step.length; j++) {
    decrease += l1[j] * (Math.abs(coefficients[j]) - Math.abs(coefficients[j] + step[j]));
  }
  return Math.max(decrease, 0);
}

interface LineSearch {
  coefficients: Float64Array;
  z: Float64Array[];
  state: LossState;
  step: Float64Array;
  change: readonly Float64Array[];
  promise: number;
}

/** Halves the step until the objective falls enough; moves coefficients and predictors in place. */
function searchLine(
  problem: LogisticProblem,
  penalty: Penalty,
  { coefficients, z, state, step, change, promise }: LineSearch,
): LossState {
  const before = state.loss + penaltyOf(coefficients, penalty);
  const rounding = 1e-14 * Math.abs(before);
  let length = 1;
  addScaledInPlace(coefficients, 1, step);
  z.forEach((values, block) => {
    addScaledInPlace(values, 1, change[block]);
  });
  for (;;) {
    const next = evaluateLoss(problem, z);
    const after = next.loss + penaltyOf(coefficients, penalty);
    if (after <= before - 1e-4 * length * promise + rounding || length < 1e-10) {
      return next;
    }
    length /= 2;
    addScaledInPlace(coefficients, -length, step);
    z.forEach((values, block) => {
      addScaledInPlace(values, -length, change[block]);
    });
  }
}

function penaltyOf(coefficients: Float64Array, { l1, l2 }: Penalty): number {
  let sum = 0;
  for (let j = 0; j < coefficients.length; j++) {
    sum += l1[j] * Math.abs(coefficients[j]) + 0.5 * l2[j] * coefficients[j] * coefficients[j];
  }
  return sum;
}

function addToDiagonal(matrix: Float64Array, values: Float64Array): void {
  for (let j = 0; j < values.length; j++) matrix[j * values.length + j] += values[j];
}

function hessianDiagonal(
  { columns, weights }: LogisticProblem,
  { probabilities }: LossState,
  l2: Float64Array,
): Float64Array {
  const diagonal = Float64Array.from(l2);
  probabilities.forEach((p, block) => {
    columns.forEach((column, j) => {
      let sum = 0;
      for (let row = 0; row < p.length; row++) {
        sum += weights[row] * p[row] * (1 - p[row]) * column[row] * column[row];
      }
      diagonal[block * columns.length + j] += sum;
    });
  });
  return diagonal;
}

function largestAbsolute(blocks: readonly Float64Array[]): number {
  let largest = 0;
  for (const values of blocks) {
    for (const value of values) largest = Math.max(largest, Math.abs(value));
  }
  return largest;
}
