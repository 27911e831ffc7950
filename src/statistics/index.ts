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
  type AgreementLimits,
  agreementLimits,
  type BlandAltman,
  blandAltman,
} from "./bland-altman.ts";
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
// Tests.
export { type AucComparison, compareAucPaired, compareAucUnpaired } from "./compare-auc.ts";
export {
  type ClassifierComparison,
  type ClassifiersToCompare,
  compareClassifiers,
  type ScoreComparison,
} from "./compare-classifiers.ts";
export {
  type BinaryCounts,
  binaryCounts,
  type ConfusionMatrix,
  confusionMatrix,
  confusionRows,
} from "./confusion.ts";
export {
  concordanceCorrelation,
  concordanceInterval,
  pearsonCorrelation,
  pearsonInterval,
  spearmanCorrelation,
} from "./correlation.ts";
export { type DecisionPoint, decisionCurve, netBenefit } from "./decision-curve.ts";
export {
  aucFigure,
  newcombeAucInterval,
} from "./delong.ts";
// Distributions.
export { betaCdf, betaQuantile, betaSurvival } from "./distributions/beta.ts";
export { binomialCdf, binomialProbability } from "./distributions/binomial.ts";
export { chiSquareCdf, chiSquareQuantile, chiSquareSurvival } from "./distributions/chi-square.ts";
export { fisherCdf, fisherQuantile, fisherSurvival } from "./distributions/fisher-f.ts";
export { normalCdf, normalQuantile, normalSurvival } from "./distributions/normal.ts";
export { studentCdf, studentQuantile, studentTwoSided } from "./distributions/student-t.ts";
export type { Figure, Interval, TestResult } from "./figure.ts";
// Whole judgements.
export {
  type ClassificationFigure,
  type ClassificationJudgement,
  type ClassificationToJudge,
  type ClassJudgement,
  judgeClassification,
} from "./judge-classification.ts";
export {
  judgeRegression,
  type RegressionJudgement,
  type RegressionToJudge,
} from "./judge-regression.ts";
export type { JudgementWork } from "./judgement-work.ts";
export { countDiscordance, type Discordance, type McNemarVariant, mcnemarTest } from "./mcnemar.ts";
export { type MulticlassScheme, multiclassAuc } from "./multiclass-auc.ts";
export { adjustPValues, type Correction } from "./multiple-testing.ts";
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
// Values predicted against values true. NaN where undefined.
export {
  meanAbsoluteError,
  meanError,
  medianAbsoluteError,
  rootMeanSquaredError,
  rSquared,
} from "./regression-errors.ts";
export type { RegressionInput } from "./regression-input.ts";
export type { RegressionScore } from "./regression-scores.ts";
export { correctedResampledT, type FoldComparison } from "./resampled-t.ts";
// Scores and probabilities against classes true. NaN where undefined.
export { type RocPoint, rocAuc, rocCurve } from "./roc.ts";
export type { ClassScore, OverallScore } from "./score-names.ts";
export {
  type RegressionSubgroupRow,
  type RegressionSubgroupsToJudge,
  regressionSubgroupTable,
  type SubgroupRow,
  type SubgroupsToJudge,
  subgroupTable,
} from "./subgroup-table.ts";
export { type ChosenThreshold, chooseThreshold, type ThresholdRule } from "./threshold.ts";
