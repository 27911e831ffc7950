// Why a classifier says what it says: heat maps, checks that they hang on what was learnt, and pictures of them.

export type { Blank } from "./blank.ts";
export type { ClassChoice } from "./chosen-scores.ts";
export { type ColourMap, colourMaps } from "./colour-map.ts";
export {
  type Explainer,
  type ExplainerOptions,
  gradCam,
  integratedGradients,
  occlusion,
  openExplainer,
} from "./explainer.ts";
export type { GradCamOptions, GradCamVariant } from "./grad-cam.ts";
export type { Explanation, ShownSign } from "./heat-map.ts";
export type { ImageBatch } from "./image-batch.ts";
export type {
  Completeness,
  IntegratedGradients,
  IntegratedGradientsOptions,
} from "./integrated-gradients.ts";
export { type MosaicOptions, mosaic } from "./mosaic.ts";
export {
  type FeatureRows,
  type NearestImages,
  type NearestImagesOptions,
  nearestImages,
} from "./nearest-images.ts";
export type { Occlusion, OcclusionOptions } from "./occlusion.ts";
export {
  type HeatMap,
  type InputPictureOptions,
  inputPicture,
  type MapOptions,
  mapOf,
  type OverlayOptions,
  overlay,
  strongestSlice,
} from "./overlay.ts";
export {
  type Marked,
  type Pointing,
  type PointingGame,
  type PointingGameOptions,
  pointingGame,
} from "./pointing-game.ts";
export {
  type RandomisationCheck,
  type RandomisationCheckOptions,
  type RandomisationStage,
  randomisationCheck,
} from "./randomisation-check.ts";
export { structuralSimilarity } from "./structural-similarity.ts";
