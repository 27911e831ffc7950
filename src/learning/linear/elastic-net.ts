// Elastic-net regression by coordinate descent with a duality-gap stop: 1/(2n) Σᵢ wᵢ (yᵢ − xᵢβ − β₀)²
// + α ρ ‖β‖₁ + ½ α (1 − ρ) ‖β‖², the objective of scikit-learn's ElasticNet (weights scaled to sum n).
// Zou and Hastie: "Regularization and variable selection via the elastic net", JRSS B 67, 2005.

import {
  checkParameters,
  flag,
  integer,
  number,
  type OptionsOf,
  parameters,
  type SettingsOf,
  throwIfCancelled,
  type WorkOptions,
} from "../../base/index.ts";
import type { FitWork, Learner, TrainingSet } from "../learner.ts";
import { checkTrainingSet } from "../training-set.ts";
import { transposedProduct } from "./column-products.ts";
import { type Design, originalUnits, standardisedDesign, weightedMoments } from "./design.ts";
import { type LassoProblem, type LassoSolution, solveLasso } from "./lasso.ts";
import { solveLeastSquares } from "./least-squares.ts";
import { addLinearToGraph, type LinearModel, predictLinear } from "./ridge.ts";

const elasticNetParameters = parameters({
  alpha: number({ min: 0 })
    .default(1)
    .describe("Strength of the penalty, as alpha in scikit-learn's ElasticNet."),
  l1Ratio: number({ min: 0, max: 1 })
    .default(0.5)
    .describe(
      "Share of L1: 1 is the lasso, 0 ridge regression with alpha times the number of rows.",
    ),
  intercept: flag()
    .default(true)
    .describe("Whether to fit an intercept, which is never penalised."),
  tolerance: number({ above: 0, max: 0.1 })
    .default(1e-10)
    .describe("Stops when the duality gap is below this share of the target's sum of squares."),
  maxIterations: integer({ min: 1 })
    .default(100_000)
    .describe("Most sweeps over the coefficients."),
});

/** Options of `elasticNet`. */
export type ElasticNetOptions = OptionsOf<typeof elasticNetParameters>;

/** Elastic net and lasso. */
export const elasticNet: Learner<typeof elasticNetParameters, LinearModel> = {
  name: "elastic net",
  tasks: ["regression"],
  handlesMissing: false,
  parameters: elasticNetParameters,
  fit: fitElasticNet,
  predict: async (model, features) => predictLinear(elasticNet.name, model, features),
  addToGraph: addLinearToGraph,
};

const pathParameters = parameters({
  l1Ratio: number({ above: 0, max: 1 }).default(0.5),
  intercept: flag()
    .default(true)
    .describe("Whether to fit an intercept, which is never penalised."),
  tolerance: number({ above: 0, max: 0.1 }).default(1e-10),
  maxIterations: integer({ min: 1 }).default(100_000),
  count: integer({ min: 1 })
    .default(100)
    .describe("Number of penalties, evenly spaced on a logarithmic scale."),
  smallestShare: number({ above: 0, below: 1 })
    .default(1e-3)
    .describe("The smallest penalty as a share of the largest."),
});

/** Options of `elasticNetPath`. */
export type ElasticNetPathOptions = OptionsOf<typeof pathParameters>;

/**
 * Models along a path of penalties, from the smallest alpha at which all coefficients are 0 down to
 * `smallestShare` of it. Each fit starts where the one before ended.
 */
export async function elasticNetPath(
  set: TrainingSet,
  options: ElasticNetPathOptions = {},
  work: WorkOptions = {},
): Promise<{ alpha: number; model: LinearModel }[]> {
  const settings = checkParameters(pathParameters, options, "elastic-net path");
  const { count, smallestShare, l1Ratio } = settings;
  const posed = pose(set, settings.intercept);
  const largest = emptyingAlpha(posed, l1Ratio);
  const path: { alpha: number; model: LinearModel }[] = [];
  let start: Float64Array | undefined;
  for (let step = 0; step < count; step++) {
    const alpha = largest * smallestShare ** (step / Math.max(count - 1, 1));
    const solution = solveAt(posed, { ...settings, alpha }, { start, signal: work.signal });
    start = solution.coefficients;
    path.push({ alpha, model: modelOf(posed, solution) });
    work.onProgress?.({ stage: "Following the path", done: step + 1, total: count, unit: "fits" });
  }
  return path;
}

async function fitElasticNet(
  set: TrainingSet,
  options: ElasticNetOptions = {},
  work: FitWork = {},
): Promise<LinearModel> {
  const settings = checkParameters(elasticNetParameters, options, "elastic net");
  const posed = pose(set, settings.intercept);
  throwIfCancelled(work.signal, "Fitting the elastic net");
  return modelOf(posed, solveAt(posed, settings, { signal: work.signal }));
}

interface Posed {
  readonly names: readonly string[];
  readonly design: Design;
  readonly problem: LassoProblem;
  readonly mean: number;
}

/** Columns centred and scaled, weights that sum to 1. */
function pose(set: TrainingSet, intercept: boolean): Posed {
  checkTrainingSet(elasticNet, set);
  if (set.target.task !== "regression") throw new TypeError("unreachable: the task is checked");
  const { rowCount, names } = set.features;
  const given = set.weights ?? new Float64Array(rowCount).fill(1);
  const total = given.reduce((sum, weight) => sum + weight, 0);
  const weights = given.map((weight) => weight / total);
  const design = standardisedDesign(set.features, weights, { centre: intercept });
  const { values } = set.target;
  const mean = intercept ? weightedMoments(values, weights).mean : 0;
  const response = values.map((value) => value - mean);
  return { names, design, mean, problem: { columns: design.columns, weights, response } };
}

type Penalising = Pick<
  SettingsOf<typeof elasticNetParameters>,
  "alpha" | "l1Ratio" | "tolerance" | "maxIterations"
>;

/** Standardised coefficients; in closed form where there is no L1 part. */
function solveAt(
  { design, problem }: Posed,
  { alpha, l1Ratio, tolerance, maxIterations }: Penalising,
  { start, signal }: { start?: Float64Array; signal?: AbortSignal },
): LassoSolution {
  const l2 = design.scales.map((scale) => (alpha * (1 - l1Ratio)) / scale ** 2);
  if (alpha * l1Ratio === 0) {
    const coefficients = solveLeastSquares({ ...problem, penalty: l2 });
    return { coefficients, sweeps: 1, converged: true, gap: 0 };
  }
  const l1 = design.scales.map((scale) => (alpha * l1Ratio) / scale);
  return solveLasso(problem, { l1, l2, tolerance, maxSweeps: maxIterations, start, signal });
}

/** The smallest alpha with which every coefficient is 0. */
function emptyingAlpha({ design, problem }: Posed, l1Ratio: number): number {
  const weighted = problem.response.map((value, row) => value * problem.weights[row]);
  const slopes = transposedProduct(problem.columns, weighted);
  const steepest = slopes.reduce(
    (most, slope, j) => Math.max(most, Math.abs(slope) * design.scales[j]),
    0,
  );
  return steepest / l1Ratio;
}

function modelOf(
  { names, design, mean }: Posed,
  { coefficients, sweeps, converged, gap }: LassoSolution,
): LinearModel {
  const warnings = converged
    ? []
    : [
        `The fit had not converged after ${sweeps} sweeps (duality gap ${gap.toPrecision(2)}); the coefficients are not final. Raise maxIterations or alpha.`,
      ];
  return {
    names,
    ...originalUnits(design, coefficients, mean),
    iterations: sweeps,
    converged,
    warnings,
  };
}
