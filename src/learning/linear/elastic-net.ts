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
  throwIfCancelled,
} from "../../base/index.ts";
import type { FitWork, Learner, TrainingSet } from "../learner.ts";
import { checkTrainingSet } from "../training-set.ts";
import { type Design, originalUnits, standardisedDesign, weightedMoments } from "./design.ts";
import { type LassoProblem, solveLasso } from "./lasso.ts";
import { solveLeastSquares } from "./least-squares.ts";
import { addLinearToGraph, type LinearModel, predictLinear } from "./ridge.ts";

const elasticNetParameters = parameters({
  /** Strength of the penalty, as alpha in scikit-learn's ElasticNet. */
  alpha: number({ min: 0 }).default(1),
  /** Share of L1: 1 is the lasso, 0 ridge regression with alpha times the number of rows. */
  l1Ratio: number({ min: 0, max: 1 }).default(0.5),
  intercept: flag().default(true),
  /** Stops when the duality gap is below this share of the target's sum of squares. */
  tolerance: number({ above: 0, max: 0.1 }).default(1e-10),
  /** Most sweeps over the coefficients. */
  maxIterations: integer({ min: 1 }).default(100_000),
});

export type ElasticNetOptions = OptionsOf<typeof elasticNetParameters>;

/** Elastic net and lasso. */
export const elasticNet: Learner<typeof elasticNetParameters, LinearModel> = {
  name: "elastic-net",
  tasks: ["regression"],
  handlesMissing: false,
  parameters: elasticNetParameters,
  fit: fitElasticNet,
  predict: async (model, features) => predictLinear(elasticNet.name, model, features),
  addToGraph: addLinearToGraph,
};

async function fitElasticNet(
  set: TrainingSet,
  options: ElasticNetOptions = {},
  work: FitWork = {},
): Promise<LinearModel> {
  const settings = checkParameters(elasticNetParameters, options, "elastic net");
  const { alpha, l1Ratio } = settings;
  const posed = pose(set, settings.intercept);
  throwIfCancelled(work.signal, "Fitting the elastic net");
  // Without an L1 part the minimum has a closed form.
  if (alpha * l1Ratio === 0) return closedForm(posed, alpha);
  const { problem, design } = posed;
  const solution = solveLasso(problem, {
    l1: design.scales.map((scale) => (alpha * l1Ratio) / scale),
    l2: design.scales.map((scale) => (alpha * (1 - l1Ratio)) / scale ** 2),
    tolerance: settings.tolerance,
    maxSweeps: settings.maxIterations,
    signal: work.signal,
  });
  return modelOf(posed, solution.coefficients, solution);
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

function closedForm(posed: Posed, alpha: number): LinearModel {
  const penalty = posed.design.scales.map((scale) => alpha / scale ** 2);
  const coefficients = solveLeastSquares({ ...posed.problem, penalty });
  return modelOf(posed, coefficients, { sweeps: 1, converged: true, gap: 0 });
}

function modelOf(
  { names, design, mean }: Posed,
  coefficients: Float64Array,
  { sweeps, converged, gap }: { sweeps: number; converged: boolean; gap: number },
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
