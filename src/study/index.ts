// A study: the figures that show it, the report that tells it, the folder that keeps it and the bundle that
// carries its model.

export { type CardDetails, type CardSubgroup, modelCard } from "./bundle/card.ts";
export type { BundleMetric } from "./bundle/facts.ts";
export type { ImageDescription } from "./bundle/image-description.ts";
export type { BundleDescription, BundleManifest } from "./bundle/manifest.ts";
export { bundleMetrics, subgroupMetrics } from "./bundle/metrics.ts";
export {
  type Bundle,
  type ImageBundle,
  isImageBundle,
  readBundle,
  type TableBundle,
} from "./bundle/read.ts";
export type { BundleInput, TableDescription } from "./bundle/table-description.ts";
export {
  type RunModel,
  type TestVector,
  verifyTestVector,
} from "./bundle/test-vector.ts";
export { type BundleParts, writeBundle } from "./bundle/write.ts";
export {
  type Agreement,
  blandAltmanPlot,
  type MeasurementPlotOptions,
} from "./plots/bland-altman.ts";
export {
  type CalibrationPlotBin,
  type CalibrationSeries,
  calibrationPlot,
} from "./plots/calibration.ts";
export { type ConfusionTable, confusionMatrixPlot } from "./plots/confusion-matrix.ts";
export { type DecisionSeries, decisionCurvePlot } from "./plots/decision-curve.ts";
export type { PlotSize } from "./plots/frame.ts";
export {
  type ImportanceBar,
  type ImportancePlotOptions,
  importancePlot,
} from "./plots/importance.ts";
export type { Estimated } from "./plots/labels.ts";
export {
  type LearningCurvePlotOptions,
  type LearningSeries,
  learningCurvePlot,
} from "./plots/learning-curve.ts";
export { type PrecisionRecallSeries, precisionRecallPlot } from "./plots/precision-recall.ts";
export { type PredictedValues, predictedVersusTruePlot } from "./plots/predicted-versus-true.ts";
export { type RocPlotPoint, type RocSeries, rocPlot } from "./plots/roc.ts";
export { type ShapleyFeature, type ShapleyPlotOptions, shapleyPlot } from "./plots/shapley.ts";
export { type SubgroupEstimate, type SubgroupPlotOptions, subgroupPlot } from "./plots/subgroup.ts";
export {
  type TrainingCurve,
  type TrainingCurvePlotOptions,
  trainingCurvePlot,
} from "./plots/training-curve.ts";
export {
  describeProvenance,
  type Fingerprint,
  type Provenance,
} from "./provenance.ts";
export { classificationReport } from "./report/classification-report.ts";
export {
  classificationTerms,
  type FigureTerm,
  type NamedFigure,
  namedFigures,
  regressionTerms,
} from "./report/figure-terms.ts";
export { gradeFigures } from "./report/grade-section.ts";
export { imageReport } from "./report/image-report.ts";
export type {
  FindingSubgroupSummary,
  GallerySummary,
  ImageDataSummary,
  ImageSplitSummary,
  ImageStudy,
  JudgedFindings,
  JudgedScalar,
  NetworkSummary,
  PredictionSetSummary,
  UnusualSummary,
} from "./report/image-study.ts";
export { regressionReport } from "./report/regression-report.ts";
export { renderReport } from "./report/render.ts";
export type {
  Block,
  Fact,
  HeadlineFigure,
  Lead,
  Notice,
  PngPicture,
  Report,
  ReportColumn,
  ReportFigure,
  ReportPicture,
  ReportTable,
  Section,
  Term,
} from "./report/report.ts";
export type { SplitRow } from "./report/split-table.ts";
export type {
  CrossValidationSummary,
  DataSummary,
  LearningCurveSummary,
  PermutationSummary,
  ScoreSummary,
  ShapleySummary,
  SideSummary,
  SplitSummary,
  SubgroupSummary,
  TableStudy,
} from "./report/table-study.ts";
export { type TrainingCourse, trainingSection } from "./report/training-section.ts";
export {
  openRun,
  type Run,
  type RunOptions,
  type RunPaths,
  type RunRecord,
  type RunResults,
  readRun,
} from "./run.ts";
export { runFiles } from "./run-files.ts";
export {
  type LogPart,
  openTrainingLog,
  type TrainingLog,
  type TrainingLogOptions,
} from "./training-log.ts";
