// ½ Σ wᵢ (yᵢ − xᵢβ)² + Σ l1ⱼ |βⱼ| + ½ Σ l2ⱼ βⱼ² by coordinate descent on the Gram matrix of the
// features that matter, until the duality gap closes. Kim, Koh, Lustig, Boyd, Gorinevsky:
// "An interior-point method for large-scale l1-regularized least squares", IEEE J. Sel. Top. Signal
// Process. 1(4), 2007, section III (gap); Massias et al., ICML 2018 (working sets).

import { throwIfCancelled } from "../../base/index.ts";
import { addGram, addProduct, transposedProduct } from "./column-products.ts";
import { descendInPlace } from "./coordinate-descent.ts";

export interface LassoProblem {
  readonly columns: readonly Float64Array[];
  readonly weights: Float64Array;
  readonly response: Float64Array;
}

export interface LassoPenalty {
  /** Positive, one a column. */
  readonly l1: Float64Array;
  readonly l2: Float64Array;
  /** Largest duality gap, as a share of Σ wᵢ yᵢ². */
  readonly tolerance: number;
  readonly maxSweeps: number;
  readonly signal?: AbortSignal;
  /** Where to start; zeros if absent. */
  readonly start?: Float64Array;
}

export interface LassoSolution {
  readonly coefficients: Float64Array;
  readonly sweeps: number;
  readonly gap: number;
  readonly converged: boolean;
}

/** Up to this many columns all of them are worked on at once. */
const SMALL = 256;
const FIRST = 64;

/** First tolerance of the descent as a share of the gap, and by how much it tightens each round. */
const ROUGHLY = 1e-4;
const TIGHTENING = 0.1;
/** The tolerance is below rounding long before. */
const MOST_ROUNDS = 40;

/** Minimises by growing the set of columns worked on, the worst offenders first. */
export function solveLasso(problem: LassoProblem, penalty: LassoPenalty): LassoSolution {
  const { columns, weights, response } = problem;
  const coefficients = Float64Array.from(penalty.start ?? new Float64Array(columns.length));
  const goal = penalty.tolerance * weightedDot(response, weights, response);
  let set = firstSet(problem, penalty, coefficients);
  let { gap, excess } = dualityGap(problem, penalty, coefficients);
  let tolerance = ROUGHLY * Math.max(gap, goal);
  let gram = gramOf(problem, set, penalty.l2);
  let sweeps = 0;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    throwIfCancelled(penalty.signal, "Fitting the elastic net");
    sweeps += descendOn(problem, penalty, { set, gram, coefficients, tolerance });
    ({ gap, excess } = dualityGap(problem, penalty, coefficients));
    if (gap <= goal || sweeps >= penalty.maxSweeps) break;
    tolerance *= TIGHTENING;
    // Columns that came to nothing make room.
    const used = columns.length <= SMALL ? set : set.filter((j) => coefficients[j] !== 0);
    const added = offenders(excess, used, Math.max(FIRST, used.length));
    if (added.length === 0 && used.length === set.length) continue;
    set = [...used, ...added].sort((a, b) => a - b);
    gram = gramOf(problem, set, penalty.l2);
  }
  return { coefficients, sweeps, gap, converged: gap <= goal };
}

function firstSet(
  problem: LassoProblem,
  penalty: LassoPenalty,
  coefficients: Float64Array,
): number[] {
  const all = Array.from(coefficients.keys());
  if (all.length <= SMALL) return all;
  const started = all.filter((j) => coefficients[j] !== 0);
  const { excess } = dualityGap(problem, penalty, coefficients);
  const added = offenders(excess, started, Math.max(FIRST, started.length));
  return [...started, ...added].sort((a, b) => a - b);
}

function gramOf({ columns, weights }: LassoProblem, set: readonly number[], l2: Float64Array) {
  const gram = new Float64Array(set.length ** 2);
  addGram(
    set.map((j) => columns[j]),
    weights,
    gram,
  );
  set.forEach((j, index) => {
    gram[index * set.length + index] += l2[j];
  });
  return gram;
}

interface Descent {
  readonly set: readonly number[];
  readonly gram: Float64Array;
  readonly coefficients: Float64Array;
  readonly tolerance: number;
}

/** Descends on the coefficients of the set, in place; returns the sweeps it took. */
function descendOn(
  problem: LassoProblem,
  penalty: LassoPenalty,
  { set, gram, coefficients, tolerance }: Descent,
): number {
  const v = Float64Array.from(set, (j) => coefficients[j]);
  const residual = residualOf(problem, coefficients);
  const slopes = downhill(problem, penalty.l2, coefficients, residual);
  const gradient = Float64Array.from(set, (j) => -slopes[j]);
  const l1 = Float64Array.from(set, (j) => penalty.l1[j]);
  const limits = { tolerance, maxSweeps: penalty.maxSweeps };
  const sweeps = descendInPlace({ hessian: gram, size: set.length, l1 }, v, gradient, limits);
  set.forEach((j, index) => {
    coefficients[j] = v[index];
  });
  return sweeps;
}

/** y − Xβ. */
function residualOf({ columns, response }: LassoProblem, beta: Float64Array): Float64Array {
  const fitted = new Float64Array(response.length);
  addProduct(columns, beta, fitted);
  return response.map((value, row) => value - fitted[row]);
}

/** XᵀWr − l2·β: downhill for the smooth part. */
function downhill(
  { columns, weights }: LassoProblem,
  l2: Float64Array,
  beta: Float64Array,
  residual: Float64Array,
): Float64Array {
  const slopes = transposedProduct(
    columns,
    residual.map((value, row) => weights[row] * value),
  );
  for (let j = 0; j < slopes.length; j++) slopes[j] -= l2[j] * beta[j];
  return slopes;
}

/**
 * How far the objective can at most be from its minimum: primal less dual at the residual scaled
 * until it is feasible. The L2 part counts as further rows of the lasso.
 * `excess` is by how much, as a share, each slope is steeper than its L1 weight.
 */
function dualityGap(
  problem: LassoProblem,
  { l1, l2 }: LassoPenalty,
  beta: Float64Array,
): { gap: number; excess: Float64Array } {
  const { weights, response } = problem;
  const residual = residualOf(problem, beta);
  const excess = downhill(problem, l2, beta, residual).map((s, j) => Math.abs(s) / l1[j] - 1);
  const scaling = 1 / (1 + excess.reduce((most, over) => Math.max(most, over), 0));
  let squares = weightedDot(residual, weights, residual);
  let norm = 0;
  for (let j = 0; j < beta.length; j++) {
    squares += l2[j] * beta[j] * beta[j];
    norm += l1[j] * Math.abs(beta[j]);
  }
  const overlap = weightedDot(response, weights, residual);
  return { gap: 0.5 * squares * (1 + scaling * scaling) + norm - scaling * overlap, excess };
}

/** Columns outside the set whose slope is too steep for a coefficient of 0; the worst `most` of them. */
function offenders(excess: Float64Array, set: readonly number[], most: number): number[] {
  const inside = new Set(set);
  const outside = Array.from(excess.keys()).filter((j) => excess[j] > 0 && !inside.has(j));
  return outside.sort((a, b) => excess[b] - excess[a]).slice(0, most);
}

function weightedDot(a: Float64Array, weights: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < a.length; row++) sum += weights[row] * a[row] * b[row];
  return sum;
}
