// Every score of a classification in one pass over the rows, under any row weights: what the bootstrap
// repeats. A pass costs O(rows × classes).

import {
  accuracy,
  averageF1,
  balancedAccuracy,
  cohenKappa,
  matthewsCorrelation,
} from "./agreement.ts";
import { binnedError, equalMassBins } from "./calibration.ts";
import { binaryCounts, type ConfusionMatrix, confusionMatrix } from "./confusion.ts";
import { classSums, classWins, oneVsOne, oneVsRest, restAuc } from "./multiclass-auc.ts";
import { rankedAveragePrecision } from "./precision-recall.ts";
import type { PreparedClassification } from "./prepared-classification.ts";
import { weightedMean } from "./probability-scores.ts";
import {
  f1Score,
  negativeLikelihoodRatio,
  negativePredictiveValue,
  positiveLikelihoodRatio,
  positivePredictiveValue,
  sensitivity,
  specificity,
} from "./rates.ts";
import { classAt, type OverallScore, overallAt } from "./score-names.ts";

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
  const sums = classSums(labels, { classCount, weights });
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
