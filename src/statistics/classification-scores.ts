// Every score of a classification in one pass over the rows, under any row weights: what the bootstrap
// repeats. Sorting, losses and bins are worked out once beforehand; a pass costs O(rows × classes).

import { predictedLabels } from "../base/index.ts";
import {
  accuracy,
  averageF1,
  balancedAccuracy,
  cohenKappa,
  matthewsCorrelation,
} from "./agreement.ts";
import { assignBins, binnedError, equalMassBins } from "./calibration.ts";
import type { ClassificationInput } from "./classification-input.ts";
import { binaryCounts, type ConfusionMatrix, confusionMatrix } from "./confusion.ts";
import { rankedAveragePrecision } from "./precision-recall.ts";
import { logLosses, squaredDistances, weightedMean } from "./probability-scores.ts";
import { type Ranking, rankDescending } from "./ranking.ts";
import {
  f1Score,
  negativeLikelihoodRatio,
  negativePredictiveValue,
  positiveLikelihoodRatio,
  positivePredictiveValue,
  sensitivity,
  specificity,
} from "./rates.ts";
import { classWins, columnOf, oneVsOne, oneVsRest, restAuc } from "./roc.ts";

/** Scores of the classification as a whole. */
export const overallScores = [
  "accuracy",
  "balancedAccuracy",
  "macroF1",
  "weightedF1",
  "microF1",
  "mcc",
  "kappa",
  "linearKappa",
  "quadraticKappa",
  "rocAucOneVsRest",
  "rocAucOneVsRestWeighted",
  "rocAucOneVsOne",
  "rocAucOneVsOneWeighted",
  "macroAveragePrecision",
  "weightedAveragePrecision",
  "brier",
  "logLoss",
  "expectedCalibrationError",
  "equalMassCalibrationError",
  "maximumCalibrationError",
  "netBenefit",
] as const;

/** Scores of one class against the others. */
export const classScores = [
  "sensitivity",
  "specificity",
  "ppv",
  "npv",
  "positiveLikelihoodRatio",
  "negativeLikelihoodRatio",
  "f1",
  "rocAuc",
  "averagePrecision",
] as const;

export type OverallScore = (typeof overallScores)[number];
export type ClassScore = (typeof classScores)[number];

/** Where a score of the whole stands in the vector of scores. */
export const overallAt = (name: OverallScore): number => overallScores.indexOf(name);

/** Where a score of a class stands in the vector of scores. */
export const classAt = (index: number, name: ClassScore): number =>
  overallScores.length + index * classScores.length + classScores.indexOf(name);

/** Length of the vector of scores. */
export const scoreCount = (classCount: number): number =>
  overallScores.length + classCount * classScores.length;

/** With two classes these repeat the area or average precision of the positive class, or mix it with the other's. */
const severalClassesOnly: readonly OverallScore[] = [
  "rocAucOneVsRest",
  "rocAucOneVsRestWeighted",
  "rocAucOneVsOne",
  "rocAucOneVsOneWeighted",
  "macroAveragePrecision",
  "weightedAveragePrecision",
];

/** The scores of the whole that mean something for two classes, or for more. */
export function overallScoresFor(binary: boolean): OverallScore[] {
  return overallScores.filter((name) =>
    binary ? !severalClassesOnly.includes(name) : name !== "netBenefit",
  );
}

/** The headline: scores of the whole and, of two classes, of the positive one, each with its place in the vector. */
export function headlineScores(
  positive: number | undefined,
): { name: OverallScore | ClassScore; at: number }[] {
  const whole = overallScoresFor(positive !== undefined);
  const overall = whole.map((name) => ({ name, at: overallAt(name) }));
  if (positive === undefined) return overall;
  return [...overall, ...classScores.map((name) => ({ name, at: classAt(positive, name) }))];
}

/** Everything that does not change with the weights. */
export interface PreparedClassification {
  readonly classCount: number;
  readonly labels: Int32Array;
  readonly predicted: Int32Array;
  /** Positive class of two. */
  readonly positive: number | undefined;
  /** Odds at the threshold, for net benefit. */
  readonly odds: number;
  /** One a class; one of two classes suffices where the columns mirror each other. */
  readonly rankings: readonly Ranking[];
  readonly squares: Float64Array;
  readonly losses: Float64Array;
  readonly bins: number;
  /** Outcome − probability: of the positive class of two, else of the predicted class. */
  readonly gaps: Float64Array;
  readonly widthBins: Int32Array;
  readonly confidenceRanking: Ranking;
}

/** Class given to each row: by threshold on the positive class, or the most probable (the first of equals). */
export function decideClasses(
  { classes, probabilities }: Pick<ClassificationInput, "classes" | "probabilities">,
  { positive, threshold }: { positive?: number; threshold?: number } = {},
): Int32Array {
  if (threshold === undefined || positive === undefined) {
    return predictedLabels({ task: "classification", classes, probabilities });
  }
  return Int32Array.from({ length: probabilities.length / 2 }, (_, row) =>
    probabilities[row * 2 + positive] >= threshold ? positive : 1 - positive,
  );
}

/** Sorts, and works out what each row contributes. */
export function prepareClassification(
  input: ClassificationInput,
  { positive, threshold, bins }: { positive?: number; threshold?: number; bins: number },
): PreparedClassification {
  const { labels, probabilities } = input;
  const classCount = input.classes.length;
  const predicted = decideClasses(input, { positive, threshold });
  const squares = squaredDistances(labels, probabilities, classCount);
  const shown = positive === undefined ? predicted : predicted.map(() => positive);
  const confidence = Float64Array.from(
    shown,
    (index, row) => probabilities[row * classCount + index],
  );
  const cut = threshold ?? 0.5;
  return {
    classCount,
    labels,
    predicted,
    positive,
    odds: cut / (1 - cut),
    rankings: Array.from({ length: classCount }, (_, index) =>
      rankDescending(columnOf(probabilities, index, classCount)),
    ),
    squares:
      positive === undefined
        ? squares
        : confidence.map((p, row) => (p - +(labels[row] === positive)) ** 2),
    losses: logLosses(labels, probabilities, classCount),
    bins,
    gaps: confidence.map((p, row) => +(labels[row] === shown[row]) - p),
    widthBins: assignBins(confidence, { bins, strategy: "equal-width" }),
    confidenceRanking: rankDescending(confidence),
  };
}

/** Computes every score under the weights into `out`; NaN (or ∞) where undefined. */
export function scoreClassification(
  prepared: PreparedClassification,
  weights: Float64Array,
  out: Float64Array,
): void {
  const matrix = confusionMatrix(prepared.labels, prepared.predicted, {
    classCount: prepared.classCount,
    weights,
  });
  const set = (name: OverallScore, value: number) => {
    out[overallAt(name)] = value;
  };
  scoreAgreement(matrix, set);
  scoreRates(matrix, out);
  scoreRanks(prepared, weights, out, set);
  set("brier", weightedMean(prepared.squares, weights));
  set("logLoss", weightedMean(prepared.losses, weights));
  scoreCalibration(prepared, weights, set);
  set(
    "netBenefit",
    prepared.positive === undefined
      ? Number.NaN
      : benefit(matrix, prepared.positive, prepared.odds),
  );
}

type Setter = (name: OverallScore, value: number) => void;

function scoreAgreement(matrix: ConfusionMatrix, set: Setter): void {
  set("accuracy", accuracy(matrix));
  set("balancedAccuracy", balancedAccuracy(matrix));
  set("macroF1", averageF1(matrix, "macro"));
  set("weightedF1", averageF1(matrix, "weighted"));
  set("microF1", averageF1(matrix, "micro"));
  set("mcc", matthewsCorrelation(matrix));
  set("kappa", cohenKappa(matrix));
  set("linearKappa", cohenKappa(matrix, { weighting: "linear" }));
  set("quadraticKappa", cohenKappa(matrix, { weighting: "quadratic" }));
}

function scoreRates(matrix: ConfusionMatrix, out: Float64Array): void {
  for (let index = 0; index < matrix.classCount; index++) {
    const counts = binaryCounts(matrix, index);
    out[classAt(index, "sensitivity")] = sensitivity(counts);
    out[classAt(index, "specificity")] = specificity(counts);
    out[classAt(index, "ppv")] = positivePredictiveValue(counts);
    out[classAt(index, "npv")] = negativePredictiveValue(counts);
    out[classAt(index, "positiveLikelihoodRatio")] = positiveLikelihoodRatio(counts);
    out[classAt(index, "negativeLikelihoodRatio")] = negativeLikelihoodRatio(counts);
    out[classAt(index, "f1")] = f1Score(counts);
  }
}

function scoreRanks(
  { classCount, labels, rankings }: PreparedClassification,
  weights: Float64Array,
  out: Float64Array,
  set: Setter,
): void {
  const wins = new Float64Array(classCount * classCount);
  const sums = new Float64Array(classCount);
  for (let row = 0; row < labels.length; row++) sums[labels[row]] += weights[row];
  let macro = 0;
  let weighted = 0;
  let total = 0;
  for (let index = 0; index < classCount; index++) {
    const about = { positive: index, classCount, weights };
    classWins(
      labels,
      rankings[index],
      about,
      wins.subarray(index * classCount, (index + 1) * classCount),
    );
    const precision = rankedAveragePrecision(labels, rankings[index], about);
    out[classAt(index, "rocAuc")] = restAuc(wins, sums, index);
    out[classAt(index, "averagePrecision")] = precision;
    macro += precision / classCount;
    if (sums[index] > 0) weighted += precision * sums[index];
    total += sums[index];
  }
  set("macroAveragePrecision", macro);
  set("weightedAveragePrecision", weighted / total);
  set("rocAucOneVsRest", oneVsRest(wins, sums, "macro"));
  set("rocAucOneVsRestWeighted", oneVsRest(wins, sums, "weighted"));
  set("rocAucOneVsOne", oneVsOne(wins, sums, "macro"));
  set("rocAucOneVsOneWeighted", oneVsOne(wins, sums, "weighted"));
}

function scoreCalibration(
  prepared: PreparedClassification,
  weights: Float64Array,
  set: Setter,
): void {
  const { bins, gaps, widthBins, confidenceRanking } = prepared;
  const width = binnedError(gaps, widthBins, { bins, weights });
  const mass = binnedError(gaps, equalMassBins(confidenceRanking, { bins, weights }), {
    bins,
    weights,
  });
  set("expectedCalibrationError", width.expected);
  set("maximumCalibrationError", width.maximum);
  set("equalMassCalibrationError", mass.expected);
}

function benefit(matrix: ConfusionMatrix, positive: number, odds: number): number {
  const { truePositive, falsePositive, falseNegative, trueNegative } = binaryCounts(
    matrix,
    positive,
  );
  const n = truePositive + falsePositive + falseNegative + trueNegative;
  return (truePositive - falsePositive * odds) / n;
}
