// Logistic regression, binary and multinomial, with no, L2, L1 or elastic-net penalty.
// Objective and parameters are those of scikit-learn's LogisticRegression (multi_class="auto",
// intercept not penalised): C · Σᵢ wᵢ · lossᵢ + (1 − ρ)/2 · ‖β‖² + ρ · ‖β‖₁.

import {
  type ClassPrediction,
  checkParameters,
  type Features,
  flag,
  integer,
  number,
  type OptionsOf,
  oneOf,
  parameters,
  type SettingsOf,
} from "../../base/index.ts";
import type { GraphBuilder } from "../../onnx/index.ts";
import { classWeightedRows, classWeightRule } from "../class-weight.ts";
import type { FitWork, Learner, OnnxOutputs, TrainingSet } from "../learner.ts";
import { checkFeatures, checkTrainingSet, presentClasses } from "../training-set.ts";
import { type Design, originalUnits, standardisedDesign } from "./design.ts";
import { addClassScores, addLinearPredictors } from "./linear-graph.ts";
import { linearPredictors } from "./linear-predictors.ts";
import { blockCount, evaluateLoss, type LogisticProblem } from "./logistic-loss.ts";
import type { Ending, NewtonResult, Penalty } from "./newton.ts";
import { minimiseOnWorkingSet } from "./working-set.ts";

const logisticParameters = parameters({
  penalty: oneOf("l2", "l1", "elasticNet", "none")
    .default("l2")
    .describe("Which norm of the coefficients is penalised."),
  c: number({ above: 0 })
    .default(1)
    .describe("Inverse strength of the penalty, as C in scikit-learn: smaller is stronger."),
  l1Ratio: number({ min: 0, max: 1 })
    .default(0.5)
    .describe("Share of L1 in the elastic net, 0 … 1."),
  classWeight: classWeightRule
    .default("none")
    .describe("Weight of the classes; balanced gives every class the same total weight."),
  intercept: flag()
    .default(true)
    .describe("Whether to fit an intercept, which is never penalised."),
  tolerance: number({ above: 0, max: 0.1 })
    .default(1e-10)
    .describe(
      "Stops when the next step promises less than this share of the loss of a model without coefficients.",
    ),
  maxIterations: integer({ min: 1 }).default(100).describe("Most Newton steps."),
});

/** Options of `logistic`. */
export type LogisticOptions = OptionsOf<typeof logisticParameters>;
type LogisticSettings = SettingsOf<typeof logisticParameters>;

/** A fitted logistic regression, in the units of the features it was given. */
export interface LogisticModel {
  readonly names: readonly string[];
  readonly classes: readonly string[];
  /** Classes that occurred in the fit, as indices; the others have probability 0. */
  readonly presentClasses: readonly number[];
  /** Log-odds per unit of each feature: of the second present class against the first where there are two, else one row a present class. */
  readonly coefficients: readonly Float64Array[];
  readonly intercepts: Float64Array;
  readonly iterations: number;
  readonly converged: boolean;
  /** What a reader should know before trusting the coefficients. */
  readonly warnings: readonly string[];
}

/**
 * Logistic regression. Two classes give one vector of log-odds (the second class is the positive
 * one), more give the multinomial model.
 */
export const logistic: Learner<typeof logisticParameters, LogisticModel> = {
  name: "logistic regression",
  tasks: ["classification"],
  handlesMissing: false,
  parameters: logisticParameters,
  fit: fitLogistic,
  predict: async (model, features) => predictLogistic(model, features),
  addToGraph: addLogisticToGraph,
};

async function fitLogistic(
  set: TrainingSet,
  options: LogisticOptions = {},
  work: FitWork = {},
): Promise<LogisticModel> {
  const settings = checkParameters(logisticParameters, options, "logistic regression");
  checkTrainingSet(logistic, set);
  const { features, target, groups: _groups } = set;
  if (target.task !== "classification") throw new TypeError("unreachable: the task is checked");
  const weights = classWeightedRows(target, settings.classWeight, set.weights);
  const present = presentClasses(target.labels, target.classes.length, weights);
  const design = standardisedDesign(features, weights, { centre: settings.intercept });
  const problem = posed(design, target.labels, present, weights, settings.intercept);
  const penalty = penaltyOfSettings(settings, design, problem);
  const result = minimiseOnWorkingSet(problem, penalty, settings, work);
  return {
    names: features.names,
    classes: target.classes,
    presentClasses: present,
    ...modelCoefficients(result, design, problem, settings.intercept),
    iterations: result.iterations,
    converged: result.ending === "converged",
    warnings: warningsOf(result.ending, settings),
  };
}

/** The problem with labels counted among the present classes; absent labels have no rows of weight. */
function posed(
  design: Design,
  labels: Int32Array,
  present: readonly number[],
  weights: Float64Array,
  intercept: boolean,
): LogisticProblem {
  const ones = intercept ? [new Float64Array(design.rowCount).fill(1)] : [];
  return {
    columns: [...design.columns, ...ones],
    labels: labels.map((label) => Math.max(present.indexOf(label), 0)),
    classCount: present.length,
    weights,
  };
}

/** Penalties of the standardised coefficients: βⱼ = standardisedⱼ / scaleⱼ. */
function penaltyOfSettings(
  { penalty, c, l1Ratio }: LogisticSettings,
  design: Design,
  problem: LogisticProblem,
): Penalty {
  const share = { none: 0, l2: 0, l1: 1, elasticNet: l1Ratio }[penalty];
  const strength = penalty === "none" ? 0 : 1 / c;
  const length = problem.columns.length;
  const l1 = new Float64Array(length * blockCount(problem));
  const l2 = new Float64Array(l1.length);
  for (let j = 0; j < l1.length; j++) {
    const scale = design.scales[j % length];
    if (scale === undefined) continue; // the intercept
    l1[j] = (strength * share) / scale;
    l2[j] = (strength * (1 - share)) / scale ** 2;
  }
  return { l1, l2 };
}

function modelCoefficients(
  { coefficients }: NewtonResult,
  design: Design,
  problem: LogisticProblem,
  intercept: boolean,
): Pick<LogisticModel, "coefficients" | "intercepts"> {
  const length = problem.columns.length;
  const blocks = Array.from({ length: blockCount(problem) }, (_, block) => {
    const values = coefficients.subarray(block * length, (block + 1) * length);
    return originalUnits(design, values, intercept ? values[length - 1] : 0);
  });
  const intercepts = Float64Array.from(blocks, (block) => block.intercept);
  // The softmax does not see a shift of all intercepts; in these units, too, they sum to 0.
  if (blocks.length > 1 && intercept) {
    const mean = intercepts.reduce((sum, value) => sum + value, 0) / intercepts.length;
    for (let block = 0; block < intercepts.length; block++) intercepts[block] -= mean;
  }
  return { coefficients: blocks.map((block) => block.coefficients), intercepts };
}

function warningsOf(ending: Ending, { maxIterations }: LogisticSettings): string[] {
  switch (ending) {
    case "converged":
      return [];
    case "separated":
      return [
        "The features separate the classes of the training rows perfectly, so that the unpenalised coefficients have no finite best value. Predictions are near 0 and 1 whatever the truth. Use an L2 penalty.",
      ];
    case "diverging":
      return [
        "Some training rows are separated perfectly (quasi-complete separation), so that some coefficients have no finite best value. Use an L2 penalty.",
      ];
    case "iterations":
      return [
        `The fit had not converged after ${maxIterations} iterations; the coefficients are not final. Raise maxIterations or strengthen the penalty (smaller c).`,
      ];
    default:
      return ending satisfies never;
  }
}

function predictLogistic(model: LogisticModel, features: Features): ClassPrediction {
  checkFeatures(logistic, model.names, features);
  const z = linearPredictors(features, model.coefficients, model.intercepts);
  const { probabilities } = evaluateLoss(
    {
      columns: [],
      labels: new Int32Array(features.rowCount),
      classCount: model.presentClasses.length,
      weights: new Float64Array(features.rowCount),
    },
    z,
  );
  return {
    task: "classification",
    classes: model.classes,
    probabilities: byRow(model, probabilities, z),
  };
}

/** `[rows, classes]`, with 0 for classes that the fit did not see. */
function byRow(
  { classes, presentClasses: present }: LogisticModel,
  probabilities: readonly Float64Array[],
  z: readonly Float64Array[],
): Float64Array {
  const rowCount = z[0].length;
  const out = new Float64Array(rowCount * classes.length);
  const blocks = probabilities.length === 1 ? [negative(z[0]), probabilities[0]] : probabilities;
  present.forEach((label, index) => {
    const values = blocks[index];
    for (let row = 0; row < rowCount; row++) out[row * classes.length + label] = values[row];
  });
  return out;
}

/** The first of two classes: 1 − σ(z) = σ(−z), without cancellation. */
function negative(z: Float64Array): Float64Array {
  return z.map((value) => {
    const small = Math.exp(-Math.abs(value));
    return value >= 0 ? small / (1 + small) : 1 / (1 + small);
  });
}

function addLogisticToGraph(
  model: LogisticModel,
  graph: GraphBuilder,
  features: string,
): OnnxOutputs {
  const z = addLinearPredictors(graph, features, model.coefficients, model.intercepts);
  return addClassScores(graph, z, model);
}
