// Images transformed and measured: geometry, resampling, intensity, morphology, augmentation.

export {
  type Applied,
  type ApplyOptions,
  applyTransforms,
  invertTransforms,
  replayTransforms,
} from "./apply.ts";
export { type MixUpOptions, type MixUpSample, mixUp } from "./augment/mix-up.ts";
export { defaultAugmentation } from "./augment/recipe.ts";
export { type GradientOptions, gradientMagnitude } from "./filter/gradient-magnitude.ts";
export { type MedianOptions, medianFilter } from "./filter/median.ts";
export { type Complex, transformAxisInPlace } from "./fourier/fourier.ts";
export { type ClaheOptions, clahe } from "./intensity/clahe/clahe.ts";
export { type ClipOptions, clipImage } from "./intensity/clip.ts";
export { type CtBodyMaskOptions, ctBodyMask } from "./intensity/ct-body-mask.ts";
export { type CtWindow, ctWindows, type Window } from "./intensity/ct-windows.ts";
export {
  type EqualisationFigures,
  type EqualisationOptions,
  equaliseHistogram,
} from "./intensity/equalise-histogram.ts";
export type { Foreground, Masked } from "./intensity/foreground.ts";
export { type ForegroundMaskOptions, foregroundMask } from "./intensity/foreground-mask.ts";
export { type GammaOptions, gammaImage } from "./intensity/gamma.ts";
export {
  type HistogramStandard,
  type LearnStandardOptions,
  learnHistogramStandard,
  type StandardisedFigures,
  type StandardiseOptions,
  standardiseHistogram,
} from "./intensity/histogram-standard.ts";
export { liThreshold } from "./intensity/li.ts";
export {
  type BiasFieldOptions,
  type CorrectedImage,
  correctBiasField,
  type FoundField,
} from "./intensity/n4/bias-field.ts";
export { multiOtsuThresholds, type OtsuOptions, otsuThreshold } from "./intensity/otsu.ts";
export {
  type MinMaxOptions,
  minMax,
  type PercentileClipOptions,
  type PercentileRescaleOptions,
  percentileClip,
  percentileRescale,
  type RangeFigures,
} from "./intensity/range-rescale.ts";
export {
  type RobustFigures,
  type RobustScaleOptions,
  robustScale,
} from "./intensity/robust-scale.ts";
export {
  type ImageStatistics,
  imageStatistics,
  type StatisticsOptions,
} from "./intensity/statistics.ts";
export { triangleThreshold } from "./intensity/triangle.ts";
export { type WindowOptions, windowImage } from "./intensity/window.ts";
export { type ZScoreFigures, type ZScoreOptions, zScore } from "./intensity/z-score.ts";
export {
  type ComponentOptions,
  type Components,
  connectedComponents,
} from "./morphology/connected-components.ts";
export type { Connectivity } from "./morphology/connectivity.ts";
export {
  type DistanceOptions,
  distanceTransform,
  nearestBackground,
  signedDistance,
} from "./morphology/distance-transform.ts";
export {
  bottomHat,
  close,
  dilate,
  type ElementOptions,
  erode,
  morphologicalGradient,
  open,
  topHat,
} from "./morphology/erode-dilate.ts";
export { fillHoles, type HoleOptions } from "./morphology/fill-holes.ts";
export {
  type LargestOptions,
  largestComponent,
  removeSmallComponents,
  type SmallOptions,
} from "./morphology/keep-components.ts";
export { type IndexBox, measureLabels, type Region } from "./morphology/measure-labels.ts";
export { type ReconstructionOptions, reconstruct } from "./morphology/reconstruct.ts";
export { type SurfaceOptions, surfaceOf } from "./morphology/surface.ts";
export type { DisplayWindow } from "./picture/display-window.ts";
export type { LabelLegend } from "./picture/label-colours.ts";
export { type Picture, type PictureOptions, pictureOf } from "./picture/picture.ts";
export { randomKinds, transformByName, transformKinds } from "./registry.ts";
export { smoothGaussian } from "./resample/gaussian.ts";
export { areAligned } from "./spatial/aligned-grids.ts";
export { orientationCode } from "./spatial/orient.ts";
export {
  type GridReference,
  type OnGridOptions,
  type PlacedSegmentation,
  type SegmentationOnGrid,
  segmentationOnGrid,
} from "./spatial/segmentation-on-grid.ts";
export type {
  AppliedStep,
  Interpolation,
  Json,
  Transformed,
  TransformKind,
  TransformStep,
  TransformWork,
} from "./transform.ts";
