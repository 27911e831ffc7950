// How good is it, and how sure are we: metrics, intervals, comparisons, and whole judgements.

// Whole judgements: figures with intervals, N, or the reason why there is none.

export {
  type ByPatientOptions,
  byPatient,
  type ImagesOfPatients,
  type Patients,
} from "./by-patient.ts";
export type { ClassCurves, ClassificationCurves } from "./classification-curves.ts";
export type { ClassificationInput } from "./classification-input.ts";
export {
  type ClassifierComparison,
  type ClassifiersToCompare,
  compareClassifiers,
  type ScoreComparison,
} from "./compare-classifiers.ts";
export type { Figure, Interval, TestResult } from "./figure.ts";
export {
  type ClassificationFigure,
  type ClassificationJudgement,
  type ClassificationToJudge,
  type ClassJudgement,
  judgeClassification,
} from "./judge-classification.ts";
export {
  judgeOrdinal,
  type OrdinalJudgement,
  type OrdinalScore,
  type OrdinalToJudge,
  predictedGrades,
} from "./judge-ordinal.ts";
export {
  judgeRegression,
  type RegressionJudgement,
  type RegressionToJudge,
} from "./judge-regression.ts";
export type { JudgementWork } from "./judgement-work.ts";
export {
  judgeMultiLabel,
  type LabelJudgement,
  type MultiLabelJudgement,
  type MultiLabelToJudge,
} from "./multilabel/judge-multilabel.ts";
export { type LabelScore, labelScores } from "./multilabel/label-scores.ts";
export {
  type LabelSubgroupRow,
  type LabelSubgroupsToJudge,
  labelSubgroupTable,
} from "./multilabel/label-subgroups.ts";
export type { RegressionInput } from "./regression-input.ts";
export type { RegressionScore } from "./regression-scores.ts";
export type { ClassScore, OverallScore } from "./score-names.ts";
export {
  type RegressionSubgroupRow,
  type RegressionSubgroupsToJudge,
  regressionSubgroupTable,
  type SubgroupRow,
  type SubgroupsToJudge,
  subgroupTable,
} from "./subgroup-table.ts";

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
  type BinaryCounts,
  binaryCounts,
  type ConfusionMatrix,
  confusionMatrix,
  confusionRows,
} from "./confusion.ts";
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

export {
  type BinOptions,
  type BinStrategy,
  type CalibrationBin,
  type CalibrationError,
  calibrationCurve,
  calibrationError,
} from "./calibration.ts";
export { type CalibrationLine, calibrationLine } from "./calibration-line.ts";
export { type DecisionPoint, decisionCurve, netBenefit } from "./decision-curve.ts";
export { chooseLabelThresholds, type LabelThreshold } from "./label-thresholds.ts";
export { type MulticlassScheme, multiclassAuc } from "./multiclass-auc.ts";
export {
  averagePrecision,
  type PrecisionRecallPoint,
  precisionRecallCurve,
} from "./precision-recall.ts";
export { brierScore, logLoss, multiclassBrier } from "./probability-scores.ts";
export { type RocPoint, rocAuc, rocCurve } from "./roc.ts";
export { type ChosenThreshold, chooseThreshold, type ThresholdRule } from "./threshold.ts";

// Recalibration: probabilities that say how often they are right.

export type { CalibrationState } from "./recalibration/calibration-state.ts";
export { fitPlattScaling, type PlattLine, plattProbabilities } from "./recalibration/platt.ts";
export {
  fitTemperature,
  type TemperatureFit,
  type TemperatureOptions,
  temperedProbabilities,
} from "./recalibration/temperature.ts";

// Prediction sets that hold the true class as often as promised.

export { conformalSets } from "./conformal/conformal-sets.ts";
export { type Coverage, coverageFigure } from "./conformal/coverage.ts";
export {
  type ConformalFit,
  type ConformalOptions,
  type ConformalThreshold,
  fitConformal,
} from "./conformal/fit-conformal.ts";
export type { ConformalMethod } from "./conformal/nonconformity.ts";

// Cases unlike those learnt from.

export {
  fitMahalanobis,
  type MahalanobisFit,
  type MahalanobisOptions,
  type MahalanobisScores,
  mahalanobisScores,
  type Whitening,
} from "./outliers/mahalanobis.ts";
export { fitUnusualness, type Unusualness, unusualShare } from "./outliers/unusualness.ts";

// A new batch against the cases that a model was validated on.

export {
  type ChangedFeature,
  type DriftOptions,
  type DriftReport,
  type DriftTest,
  driftReport,
} from "./drift/drift-report.ts";
export type { DriftSample } from "./drift/drift-sample.ts";
export { kolmogorovSmirnovTest } from "./drift/kolmogorov-smirnov.ts";
export { type ClassShares, estimateClassShares, predictedClassTest } from "./drift/label-shift.ts";
export { type MeanDiscrepancyOptions, meanDiscrepancyTest } from "./drift/mean-discrepancy.ts";

// Values predicted against values true. NaN where undefined.

export {
  type AgreementLimits,
  agreementLimits,
  type BlandAltman,
  blandAltman,
} from "./bland-altman.ts";
export {
  concordanceCorrelation,
  concordanceInterval,
  pearsonCorrelation,
  pearsonInterval,
  spearmanCorrelation,
} from "./correlation.ts";
export {
  meanAbsoluteError,
  meanError,
  medianAbsoluteError,
  rootMeanSquaredError,
  rSquared,
} from "./regression-errors.ts";

// Intervals.

export {
  type BootstrapOptions,
  bcaInterval,
  bootstrap,
  percentileInterval,
  type Replicates,
  type WeightedStatistic,
} from "./bootstrap.ts";
export {
  aucFigure,
  newcombeAucInterval,
} from "./delong.ts";
export {
  clopperPearsonInterval,
  type ProportionMethod,
  proportionFigure,
  wilsonInterval,
} from "./proportion.ts";

// Tests.

export { type AucComparison, compareAucPaired, compareAucUnpaired } from "./compare-auc.ts";
export { countDiscordance, type Discordance, type McNemarVariant, mcnemarTest } from "./mcnemar.ts";
export { adjustPValues, type Correction } from "./multiple-testing.ts";
export { correctedResampledT, type FoldComparison } from "./resampled-t.ts";

// Distributions.

export { betaCdf, betaQuantile, betaSurvival } from "./distributions/beta.ts";
export { binomialCdf, binomialProbability } from "./distributions/binomial.ts";
export { chiSquareCdf, chiSquareQuantile, chiSquareSurvival } from "./distributions/chi-square.ts";
export { fisherCdf, fisherQuantile, fisherSurvival } from "./distributions/fisher-f.ts";
export { kolmogorovSurvival } from "./distributions/kolmogorov.ts";
export { normalCdf, normalQuantile, normalSurvival } from "./distributions/normal.ts";
export { studentCdf, studentQuantile, studentTwoSided } from "./distributions/student-t.ts";
