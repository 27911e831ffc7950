// How good is it, and how sure are we: metrics, intervals, comparisons, and whole judgements.

// Classes given against classes true. NaN where undefined.
export {
  accuracy,
  averageF1,
  balancedAccuracy,
  type ClassAverage,
  cohenKappa,
  matthewsCorrelation,
} from "./agreement.ts";
export {
  type BootstrapOptions,
  bcaInterval,
  bootstrap,
  percentileInterval,
  type Replicates,
  type WeightedStatistic,
} from "./bootstrap.ts";
export {
  type BinOptions,
  type BinStrategy,
  type CalibrationBin,
  type CalibrationError,
  calibrationCurve,
  calibrationError,
} from "./calibration.ts";
export { type CalibrationLine, calibrationLine } from "./calibration-line.ts";
export type { ClassCurves, ClassificationCurves } from "./classification-curves.ts";
export type { ClassificationInput } from "./classification-input.ts";
export type { ClassScore, OverallScore } from "./classification-scores.ts";
export {
  type BinaryCounts,
  binaryCounts,
  type ConfusionMatrix,
  confusionMatrix,
  confusionRows,
} from "./confusion.ts";
export { type DecisionPoint, decisionCurve, netBenefit } from "./decision-curve.ts";
export {
  type AucComparison,
  aucFigure,
  compareAucPaired,
  compareAucUnpaired,
  newcombeAucInterval,
} from "./delong.ts";
export type { Figure, Interval, TestResult } from "./figure.ts";
// Whole judgements.
export {
  type ClassificationFigure,
  type ClassificationJudgement,
  type ClassificationToJudge,
  type ClassJudgement,
  type JudgementWork,
  judgeClassification,
} from "./judge-classification.ts";
export {
  averagePrecision,
  type PrecisionRecallPoint,
  precisionRecallCurve,
} from "./precision-recall.ts";
export { brierScore, logLoss, multiclassBrier } from "./probability-scores.ts";

// Intervals.
export {
  clopperPearsonInterval,
  type ProportionMethod,
  proportionFigure,
  wilsonInterval,
} from "./proportion.ts";
export {
  f1Score,
  likelihoodRatioInterval,
  negativeLikelihoodRatio,
  negativePredictiveValue,
  positiveLikelihoodRatio,
  positivePredictiveValue,
  sensitivity,
  specificity,
} from "./rates.ts";
// Scores and probabilities against classes true. NaN where undefined.
export { type MulticlassScheme, multiclassAuc, type RocPoint, rocAuc, rocCurve } from "./roc.ts";
