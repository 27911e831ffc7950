// The single metrics give what the judgement gives, whose values are checked against scikit-learn.

import { describe, expect, it } from "vitest";
import {
  accuracy,
  agreementLimits,
  averageF1,
  averagePrecision,
  balancedAccuracy,
  binaryCounts,
  blandAltman,
  brierScore,
  calibrationError,
  cohenKappa,
  confusionMatrix,
  confusionRows,
  judgeClassification,
  logLoss,
  matthewsCorrelation,
  meanError,
  multiclassAuc,
  multiclassBrier,
  negativePredictiveValue,
  netBenefit,
  positivePredictiveValue,
  proportionFigure,
  rocAuc,
  rootMeanSquaredError,
  sensitivity,
  specificity,
} from "../../src/statistics/index.ts";
import { simulateClassification } from "./simulated.ts";

const weightsOf = (rows: number) => Float64Array.from({ length: rows }, (_, row) => 1 + (row % 3));

describe("metrics of two classes", () => {
  it.each([undefined, weightsOf(50)])("equal the judgement's, with weights %j", async (weights) => {
    const input = simulateClassification({ rows: 50 });
    const { labels, probabilities } = input;
    const { figures, confusion } = await judgeClassification({ ...input, weights, resamples: 1 });
    const p = labels.length > 0 ? Array.from(labels, (_, row) => probabilities[row * 2 + 1]) : [];
    const predicted = p.map((value) => +(value > 0.5));
    const matrix = confusionMatrix(labels, predicted, { classCount: 2, weights });
    const counts = binaryCounts(matrix, 1);
    expect(confusionRows(matrix)).toEqual(confusion);
    const alone = {
      accuracy: accuracy(matrix),
      balancedAccuracy: balancedAccuracy(matrix),
      macroF1: averageF1(matrix, "macro"),
      weightedF1: averageF1(matrix, "weighted"),
      microF1: averageF1(matrix, "micro"),
      mcc: matthewsCorrelation(matrix),
      kappa: cohenKappa(matrix),
      quadraticKappa: cohenKappa(matrix, { weighting: "quadratic" }),
      sensitivity: sensitivity(counts),
      specificity: specificity(counts),
      ppv: positivePredictiveValue(counts),
      npv: negativePredictiveValue(counts),
      rocAuc: rocAuc(labels, p, { weights }),
      averagePrecision: averagePrecision(labels, p, { weights }),
      brier: brierScore(labels, p, { weights }),
      logLoss: logLoss(labels, probabilities, { classCount: 2, weights }),
      expectedCalibrationError: calibrationError(labels, p, { weights }).expected,
      maximumCalibrationError: calibrationError(labels, p, { weights }).maximum,
      equalMassCalibrationError: calibrationError(labels, p, { weights, strategy: "equal-mass" })
        .expected,
      netBenefit: netBenefit(labels, p, 0.5, { weights }),
    };
    for (const [name, value] of Object.entries(alone)) {
      expect(value, name).toBeCloseTo(figures[name as keyof typeof alone]?.value as number, 12);
    }
    const both = multiclassBrier(labels, probabilities, { classCount: 2, weights });
    expect(both).toBeCloseTo(2 * alone.brier, 12);
  });
});

describe("metrics of several classes", () => {
  it.each([undefined, weightsOf(50)])("equal the judgement's, with weights %j", async (weights) => {
    const input = simulateClassification({ rows: 50, classCount: 4 });
    const { labels, probabilities } = input;
    const { figures } = await judgeClassification({ ...input, weights, resamples: 1 });
    const area = (scheme: "one-vs-rest" | "one-vs-one", average: "macro" | "weighted") =>
      multiclassAuc(labels, probabilities, { classCount: 4, scheme, average, weights });
    const alone = {
      brier: multiclassBrier(labels, probabilities, { classCount: 4, weights }),
      rocAucOneVsRest: area("one-vs-rest", "macro"),
      rocAucOneVsRestWeighted: area("one-vs-rest", "weighted"),
      rocAucOneVsOne: area("one-vs-one", "macro"),
      rocAucOneVsOneWeighted: area("one-vs-one", "weighted"),
    };
    for (const [name, value] of Object.entries(alone)) {
      expect(value, name).toBeCloseTo(figures[name as keyof typeof alone]?.value as number, 12);
    }
  });
});

describe("metrics of values", () => {
  it("decompose: RMSE² is bias² plus the variance of the errors", () => {
    const truth = [3, 5, 8, 1, 4];
    const predicted = [4, 5, 6, 3, 4];
    const { bias, deviation } = agreementLimits(truth, predicted);
    expect(rootMeanSquaredError(truth, predicted) ** 2).toBeCloseTo(
      bias ** 2 + deviation ** 2 * 0.8,
      12,
    );
    expect(meanError(truth, predicted)).toBeCloseTo(bias, 12);
  });

  it("have a bias of one case, but no limits", () => {
    const { bias, lowerLimit } = blandAltman([3], [5]);
    const undefinedBecause = "two cases or more are needed";
    expect(bias).toMatchObject({ value: 2, low: null, undefinedBecause });
    expect(lowerLimit).toMatchObject({ value: null, undefinedBecause });
  });
});

it("a proportion of nothing is undefined", () => {
  expect(proportionFigure(0, 0)).toMatchObject({
    value: null,
    n: 0,
    undefinedBecause: "there are no cases to count",
  });
});
