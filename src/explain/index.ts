// Why a classifier says what it says: heat maps, checks that they hang on what was learnt, and pictures of them.

export type { ClassChoice } from "./chosen-scores.ts";
export type { ColourMap } from "./colour-map.ts";
export { type Explainer, type ExplainerOptions, openExplainer } from "./explainer.ts";
export type { GradCamOptions, GradCamVariant } from "./grad-cam.ts";
export type { Explanation } from "./heat-map.ts";
export type { ImageBatch } from "./image-batch.ts";
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
