// Whole jobs: data, model and judgement wired together.

export { bundleKind } from "./bundle-kind.ts";
export { checkTarget } from "./check-target.ts";
export type { InitialNetwork } from "./classification/build-network.ts";
export {
  type DeployableModel,
  type DeployModelOptions,
  deployModel,
} from "./classification/deploy-model.ts";
export type { DeployedTarget } from "./classification/deployed-scores.ts";
export {
  type EvaluatedImages,
  evaluateImages,
  type ImageEvaluationOptions,
} from "./classification/evaluate-images.ts";
export {
  type ExplainedImageFiles,
  type ExplainImagesOptions,
  explainImageFiles,
} from "./classification/explain-image-files.ts";
export type { ExplainedImage } from "./classification/explained-image.ts";
export { type ExplanationWay, explanationWays } from "./classification/explanation-way.ts";
export { countFindings } from "./classification/findings.ts";
export type { StageStart } from "./classification/fit-stages.ts";
export { imageMetrics } from "./classification/image-metrics.ts";
export {
  type ImageModel,
  type OpenImageModelOptions,
  openImageModel,
} from "./classification/image-model.ts";
export type { ImagePrediction, Likeness } from "./classification/image-prediction.ts";
export { type ImageTrainingOptions, imageModelNames } from "./classification/image-settings.ts";
export { fetchImageModel, readImageFile } from "./classification/in-pages.ts";
export { isImageTraining } from "./classification/is-image-training.ts";
export { type FindingSubgroups, judgesFindings } from "./classification/judge-findings.ts";
export type { ImagesJudgement } from "./classification/judge-images.ts";
export type { MemberPlace } from "./classification/learn-member.ts";
export {
  type PackedImageModel,
  type PackOptions,
  packImageModel,
  type StatedOfImageModel,
} from "./classification/pack-image-model.ts";
export {
  type PredictedImageFiles,
  type PredictImagesOptions,
  predictImageFiles,
} from "./classification/predict-image-files.ts";
export type { PreparedImages } from "./classification/prepare-images.ts";
export type { ImageToPredict } from "./classification/prepare-input.ts";
export { saveImages } from "./classification/save-images.ts";
export type { TrainedImages } from "./classification/train-images.ts";
export type { UnreadableImage } from "./classification/unreadable-images.ts";
export {
  type Conversion,
  type ConvertScanOptions,
  convertScans,
} from "./images/convert.ts";
export { type ImageSummary, sizeInWords } from "./images/describe-image.ts";
export { type FolderFormat, folderFormats } from "./images/folder-formats.ts";
export {
  type InspectedListing,
  type InspectedScan,
  type InspectedSeries,
  inspectScans,
} from "./images/inspect.ts";
export {
  type PhantomFormat,
  phantomFormats,
  phantomKinds,
  type WritePhantomsOptions,
  type WrittenPhantoms,
  writePhantoms,
} from "./images/phantoms.ts";
export type { ConvertedScan } from "./images/save-scan.ts";
export {
  chooseEntry,
  isScan,
  listScans,
  readScan,
  type Scan,
  type ScanEntry,
  type ScanListing,
} from "./images/scans.ts";
export { completeSettings } from "./tables/complete-settings.ts";
export { type ConvertedFile, convertFile } from "./tables/convert.ts";
export { type DemoOptions, saveDemo } from "./tables/demo.ts";
export { type DeployedModel, openModel } from "./tables/deployed-model.ts";
export {
  type ColumnSummary,
  describeTable,
  type NumberSummary,
  type TableSummary,
  type TextSummary,
} from "./tables/describe.ts";
export { type EvaluatedTable, type EvaluationOptions, evaluateTable } from "./tables/evaluate.ts";
export { fourDigits } from "./tables/four-digits.ts";
export { type InspectedFile, inspectFile } from "./tables/inspect.ts";
export type { Judgement, Subgroups } from "./tables/judge.ts";
export { type DataFiles, type LoadedTable, loadTable } from "./tables/load.ts";
export { type Metrics, trainingMetrics } from "./tables/metrics.ts";
export { type Predicted, predictTables } from "./tables/predict.ts";
export { type PreparedTraining, prepareTraining } from "./tables/prepare.ts";
export { figureName } from "./tables/report.ts";
export { type SavedTraining, type SaveOptions, saveTraining } from "./tables/save.ts";
export {
  type TrainingOptions,
  type TrainingSettings,
  trainingParameters,
} from "./tables/settings.ts";
export type { Side, Sides } from "./tables/sides.ts";
export { type ModelSummary, summariseModel } from "./tables/summarise.ts";
export { type TrainedTable, trainPrepared, trainTable } from "./tables/train.ts";
export { type InspectedWeights, inspectWeights, isWeights } from "./weights/inspect.ts";
export {
  type ConvertWeightsOptions,
  convertWeights,
  isWeightsConversion,
  readNetwork,
} from "./weights/network-file.ts";
export { weightsFormatOf } from "./weights/open-weights.ts";
