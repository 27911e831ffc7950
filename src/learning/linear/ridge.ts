// Ridge regression: Σᵢ wᵢ (yᵢ − xᵢβ − β₀)² + α ‖β‖², the objective and α of scikit-learn's Ridge.
// Hoerl and Kennard: "Ridge regression: biased estimation for nonorthogonal problems",
// Technometrics 12, 1970.

import {
  checkParameters,
  type Features,
  flag,
  type NumberPrediction,
  number,
  type OptionsOf,
  parameters,
  throwIfCancelled,
} from "../../base/index.ts";
import type { GraphBuilder } from "../../onnx/index.ts";
import type { FitWork, Learner, OnnxOutputs, TrainingSet } from "../learner.ts";
import { checkFeatures, checkTrainingSet } from "../training-set.ts";
import { originalUnits, standardisedDesign, weightedMoments } from "./design.ts";
import { solveLeastSquares } from "./least-squares.ts";
import { addLinearPredictors, addValueScores } from "./linear-graph.ts";
import { linearPredictors } from "./linear-predictors.ts";

const ridgeParameters = parameters({
  alpha: number({ min: 0 })
    .default(1)
    .describe(
      "Strength of the penalty, as alpha in scikit-learn's Ridge; 0 is ordinary least squares.",
    ),
  intercept: flag()
    .default(true)
    .describe("Whether to fit an intercept, which is never penalised."),
});

/** Options of `ridge`. */
export type RidgeOptions = OptionsOf<typeof ridgeParameters>;

/** A fitted linear model of a number, in the units of the features it was given. */
export interface LinearModel {
  readonly names: readonly string[];
  /** Change of the target per unit of each feature. */
  readonly coefficients: Float64Array;
  readonly intercept: number;
  readonly iterations: number;
  readonly converged: boolean;
  readonly warnings: readonly string[];
}

/** Ridge regression, and ordinary least squares with `alpha: 0`. Solved in closed form. */
export const ridge: Learner<typeof ridgeParameters, LinearModel> = {
  name: "ridge regression",
  tasks: ["regression"],
  handlesMissing: false,
  parameters: ridgeParameters,
  fit: fitRidge,
  predict: async (model, features) => predictLinear(ridge.name, model, features),
  addToGraph: addLinearToGraph,
};

async function fitRidge(
  set: TrainingSet,
  options: RidgeOptions = {},
  work: FitWork = {},
): Promise<LinearModel> {
  const { alpha, intercept } = checkParameters(ridgeParameters, options, "ridge regression");
  checkTrainingSet(ridge, set);
  throwIfCancelled(work.signal, "Fitting the ridge regression");
  if (set.target.task !== "regression") throw new TypeError("unreachable: the task is checked");
  const { rowCount, names } = set.features;
  const weights = set.weights ?? new Float64Array(rowCount).fill(1);
  const design = standardisedDesign(set.features, weights, { centre: intercept });
  const { values } = set.target;
  const mean = intercept ? weightedMoments(values, weights).mean : 0;
  const beta = solveLeastSquares({
    columns: design.columns,
    weights,
    response: values.map((value) => value - mean),
    penalty: design.scales.map((scale) => alpha / scale ** 2),
  });
  return {
    names,
    ...originalUnits(design, beta, mean),
    iterations: 1,
    converged: true,
    warnings: [],
  };
}

/** The prediction of a linear model of a number. */
export function predictLinear(
  name: string,
  { names, coefficients, intercept }: LinearModel,
  features: Features,
): NumberPrediction {
  checkFeatures({ name, handlesMissing: false }, names, features);
  const [values] = linearPredictors(features, [coefficients], Float64Array.of(intercept));
  return { task: "regression", values };
}

/** Adds a linear model of a number to a graph. */
export function addLinearToGraph(
  { coefficients, intercept }: LinearModel,
  graph: GraphBuilder,
  features: string,
): OnnxOutputs {
  const start = Float64Array.of(intercept);
  return addValueScores(graph, addLinearPredictors(graph, features, [coefficients], start));
}
