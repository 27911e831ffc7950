// Tables made ready for learning: what to predict from what, splits, leakage checks, phantoms.

// Scans with what is marked in them.
export type {
  CaseDataset,
  CaseMark,
  CaseMask,
  ImageCase,
  Structure,
} from "./cases/case-dataset.ts";
// Public data sets: what they are, how to get them, readers of their folders.
export {
  type DatasetDownloadOptions,
  downloadDataset,
} from "./catalogue/download/download-dataset.ts";
export type { FetchedFile } from "./catalogue/download/download-file.ts";
export type {
  Access,
  Citation,
  Licence,
  PublicDataset,
  PublicDownload,
  PublicFile,
} from "./catalogue/public-dataset.ts";
export { findPublicDataset, publicDatasets } from "./catalogue/public-datasets.ts";
export {
  type PublicReadOptions,
  readPublicCases,
  readPublicDataset,
} from "./catalogue/read-public-dataset.ts";
export { writeManifest } from "./catalogue/write-manifest.ts";
// Images and what is to be learnt of them.
export type { BurntInMark } from "./images/checks/burnt-in-marks.ts";
export {
  checkImages,
  type ImageCheckOptions,
  type ImageChecks,
  imageCheckParameters,
} from "./images/checks/check-images.ts";
export type { ClassCount } from "./images/checks/class-balance.ts";
export type { DuplicatePair } from "./images/checks/find-duplicates.ts";
export type { ImageFinding, ImageFindingKind } from "./images/checks/image-finding.ts";
export type { LookedAt } from "./images/checks/look-for-marks.ts";
export type { GroupIntensity } from "./images/checks/site-intensity.ts";
export {
  foldImages,
  type ImageFold,
  type ImageFoldOptions,
  type ImageFolds,
  imageFoldParameters,
} from "./images/fold-images.ts";
export { type ListedFile, type ListedImages, listImages } from "./images/folders/list-images.ts";
export type {
  DatasetProblem,
  ImageDataset,
  ImagePreparation,
  ImageSample,
  ImageSide,
  ImageTarget,
} from "./images/image-dataset.ts";
export { type LoadedImage, type LoadOptions, loadImage } from "./images/load-image.ts";
export type { SeenImage } from "./images/plan/look-at-images.ts";
export {
  type PreparationPlan,
  type PreparationPlanOptions,
  planPreparation,
  preparationPlanParameters,
} from "./images/plan/plan-preparation.ts";
export {
  type ImageDisplay,
  type IntensityRange,
  intensityRange,
} from "./images/prepare/intensity-range.ts";
export { type PrepareImageOptions, prepareImage } from "./images/prepare/prepare-image.ts";
export {
  type ImageDatasetOptions,
  imageDatasetParameters,
  isImageDataset,
  readImageDataset,
} from "./images/read-image-dataset.ts";
export { type SampleImage, sampleImages } from "./images/sample-images.ts";
export {
  type ImageSplit,
  type ImageSplitOptions,
  imageSplitParameters,
  splitImages,
} from "./images/split-images.ts";
export type { UnreadableSample } from "./images/store/decode-samples.ts";
export {
  type ImageStore,
  type ImageStoreOptions,
  imageStoreParameters,
  openImageStore,
} from "./images/store/open-image-store.ts";
export {
  type ImageStoreReference,
  openStored,
  type StoredImages,
} from "./images/store/stored-images.ts";
// Leaks looked for before training.
export { checkLeakage, type LeakageOptions, leakageParameters } from "./leakage/check-leakage.ts";
export { equalRows, findDuplicateRows } from "./leakage/duplicate-rows.ts";
export type { Finding, FindingKind, Severity } from "./leakage/finding.ts";
export { findNearDuplicateRows, type NearDuplicateOptions } from "./leakage/near-duplicate-rows.ts";
export { findSharedGroups } from "./leakage/shared-groups.ts";
export { findSuspectColumns, type SuspicionOptions } from "./leakage/suspect-columns.ts";
export { SUSPICION, type SuspicionThresholds } from "./leakage/suspicion.ts";
// Features and labels that come apart.
export { type FileRole, type GuessedVariables, guessVariables } from "./pairing/guess-variables.ts";
export {
  type JoinedTable,
  type JoinOptions,
  joinFeaturesAndLabels,
} from "./pairing/join-features-and-labels.ts";
// Scans drawn, with their truth.
export type { BrainDiagnosis } from "./phantoms/brain-mri/brain-lesions.ts";
export {
  type BrainMriPhantomOptions,
  type BrainMriScan,
  brainMriPhantomParameters,
  brainMriPhantoms,
} from "./phantoms/brain-mri/brain-mri-phantoms.ts";
export type { MrContrast } from "./phantoms/brain-mri/signal.ts";
export {
  CHEST_X_RAY_MODEL,
  type ChestXRayDiagnosis,
  type ChestXRayPhantomOptions,
  type ChestXRayScan,
  chestXRayPhantomParameters,
  chestXRayPhantoms,
} from "./phantoms/chest-x-ray/chest-x-ray-phantoms.ts";
export type { CtDiagnosis } from "./phantoms/ct/ct-lesions.ts";
export {
  type CtPhantomOptions,
  type CtScan,
  ctPhantomParameters,
  ctPhantoms,
} from "./phantoms/ct/ct-phantoms.ts";
// Lesions drawn, with their truth.
export {
  type Diagnosis,
  LESION_MODEL,
  type Lesion,
  type Patient,
  type Site,
} from "./phantoms/lesion-model.ts";
export {
  type LesionCase,
  type LesionPhantoms,
  lesionPhantoms,
  type PhantomOptions,
  phantomParameters,
} from "./phantoms/lesion-phantoms.ts";
export { lesionTable, tableOfLesions } from "./phantoms/lesion-table.ts";
export { type LesionMeasurements, measureLesion } from "./phantoms/measure-lesion.ts";
export type { UltrasoundDiagnosis } from "./phantoms/ultrasound/scenes.ts";
export {
  type UltrasoundPhantomOptions,
  type UltrasoundScan,
  ultrasoundPhantomParameters,
  ultrasoundPhantoms,
} from "./phantoms/ultrasound/ultrasound-phantoms.ts";
export type { DrawnList } from "./phantoms/volumes/drawn-list.ts";
export type {
  PhantomScan,
  ScanFinding,
  ScanModality,
  ScanPatient,
} from "./phantoms/volumes/scan.ts";
// Rows to learn from and rows to test on.
export {
  holdOut,
  makeSplits,
  type SplitOptions,
  type SplitRows,
  splitParameters,
} from "./splits/make-splits.ts";
export { rowsToSplit } from "./splits/rows-to-split.ts";
export type { Split } from "./splits/split.ts";
// A table as learning sees it.
export { orderClasses } from "./view/class-order.ts";
export type { Groups } from "./view/groups.ts";
export {
  type TableView,
  type ViewOptions,
  viewParameters,
  viewTable,
} from "./view/view-table.ts";
