// Metrics by the names that judgements use, for scoring in cross-validation and searches.

import {
  type ClassTarget,
  type NumberTarget,
  type Prediction,
  predictedLabels,
  RoentgenError,
  type Target,
} from "../../base/index.ts";
import {
  accuracy,
  averageF1,
  averagePrecision,
  balancedAccuracy,
  binaryCounts,
  brierScore,
  type ConfusionMatrix,
  cohenKappa,
  concordanceCorrelation,
  confusionMatrix,
  f1Score,
  logLoss,
  matthewsCorrelation,
  meanAbsoluteError,
  medianAbsoluteError,
  multiclassAuc,
  multiclassBrier,
  rocAuc,
  rootMeanSquaredError,
  rSquared,
  sensitivity,
  specificity,
} from "../../statistics/index.ts";

/** A figure of how well predictions fit the truth; NaN where undefined. */
export interface Metric {
  readonly name: string;
  readonly task: Target["task"];
  readonly better: "higher" | "lower";
  /** The metric of these rows. With two classes the second is the positive one. */
  score(target: Target, prediction: Prediction, weights?: Float64Array): number;
}

interface ClassRows {
  readonly labels: Int32Array;
  readonly probabilities: Float64Array;
  readonly classCount: number;
  readonly weights?: Float64Array;
}

type Better = Metric["better"];
type ClassScore = (rows: ClassRows) => number;
type ValueScore = (
  truth: Float64Array,
  predicted: Float64Array,
  options: { weights?: Float64Array },
) => number;

const ofConfusion =
  (score: (matrix: ConfusionMatrix) => number): ClassScore =>
  ({ labels, probabilities, classCount, weights }) => {
    const classes = Array.from({ length: classCount }, String);
    const predicted = predictedLabels({ task: "classification", classes, probabilities });
    return score(confusionMatrix(labels, predicted, { classCount, weights }));
  };

const ofPositive =
  (score: (positive: Int32Array, p: Float64Array, rows: ClassRows) => number): ClassScore =>
  (rows) =>
    score(
      rows.labels,
      Float64Array.from(rows.labels, (_, row) => rows.probabilities[2 * row + 1]),
      rows,
    );

/** Defined for two classes only. */
const binaryOnly = new Set(["f1", "sensitivity", "specificity", "averagePrecision"]);

const classMetrics: Record<string, [Better, ClassScore]> = {
  accuracy: ["higher", ofConfusion(accuracy)],
  balancedAccuracy: ["higher", ofConfusion(balancedAccuracy)],
  macroF1: ["higher", ofConfusion((matrix) => averageF1(matrix, "macro"))],
  mcc: ["higher", ofConfusion(matthewsCorrelation)],
  kappa: ["higher", ofConfusion((matrix) => cohenKappa(matrix))],
  f1: ["higher", ofConfusion((matrix) => f1Score(binaryCounts(matrix, 1)))],
  sensitivity: ["higher", ofConfusion((matrix) => sensitivity(binaryCounts(matrix, 1)))],
  specificity: ["higher", ofConfusion((matrix) => specificity(binaryCounts(matrix, 1)))],
  averagePrecision: ["higher", ofPositive(averagePrecision)],
  rocAuc: [
    "higher",
    (rows) =>
      rows.classCount === 2
        ? ofPositive(rocAuc)(rows)
        : multiclassAuc(rows.labels, rows.probabilities, rows),
  ],
  brier: [
    "lower",
    (rows) =>
      rows.classCount === 2
        ? ofPositive(brierScore)(rows)
        : multiclassBrier(rows.labels, rows.probabilities, rows),
  ],
  logLoss: ["lower", (rows) => logLoss(rows.labels, rows.probabilities, rows)],
};

const valueMetrics: Record<string, [Better, ValueScore]> = {
  mae: ["lower", meanAbsoluteError],
  rmse: ["lower", rootMeanSquaredError],
  medianAbsoluteError: ["lower", medianAbsoluteError],
  r2: ["higher", rSquared],
  concordance: ["higher", concordanceCorrelation],
};

/** The metric that a search goes by where none is named: area under the ROC curve, or root mean squared error. */
export function defaultMetric({ task }: Target): string {
  return task === "classification" ? "rocAuc" : "rmse";
}

/** The metrics that a cross-validation shows where none are named. */
export function defaultMetrics({ task }: Target): string[] {
  return task === "classification"
    ? ["accuracy", "balancedAccuracy", "rocAuc", "mcc", "logLoss"]
    : ["mae", "rmse", "r2"];
}

/** Names of the metrics for a target. */
export function metricNames(target: Target): string[] {
  if (target.task === "regression") return Object.keys(valueMetrics);
  const binary = target.classes.length === 2;
  return Object.keys(classMetrics).filter((name) => binary || !binaryOnly.has(name));
}

/**
 * The metric of that name.
 * @throws RoentgenError "bad-option", naming those that suit the target
 */
export function metricByName(name: string, target: Target): Metric {
  const known = metricNames(target);
  if (!known.includes(name)) {
    throw new RoentgenError("bad-option", {
      problem: `There is no metric "${name}" for ${describe(target)}`,
      remedy: `There are: ${known.join(", ")}.`,
      subject: "metric",
    });
  }
  return target.task === "classification" ? classMetric(name) : valueMetric(name);
}

function describe(target: Target): string {
  return target.task === "classification" ? `${target.classes.length} classes` : "regression";
}

function classMetric(name: string): Metric {
  const [better, score] = classMetrics[name];
  return {
    name,
    task: "classification",
    better,
    score(target, prediction, weights) {
      const { labels, classes } = target as ClassTarget;
      if (prediction.task !== "classification") throw mismatch(prediction);
      const { probabilities } = prediction;
      return score({ labels, probabilities, classCount: classes.length, weights });
    },
  };
}

function valueMetric(name: string): Metric {
  const [better, score] = valueMetrics[name];
  return {
    name,
    task: "regression",
    better,
    score(target, prediction, weights) {
      if (prediction.task !== "regression") throw mismatch(prediction);
      return score((target as NumberTarget).values, prediction.values, { weights });
    },
  };
}

function mismatch({ task }: Prediction): RoentgenError {
  return new RoentgenError("type-mismatch", {
    problem: "Cannot score the prediction",
    expected: "a prediction of the target's kind",
    found: `one for ${task}`,
  });
}
