// Images transformed and measured: geometry, resampling, intensity, morphology, augmentation.

export {
  type Applied,
  type ApplyOptions,
  applyTransforms,
  invertTransforms,
  replayTransforms,
} from "./apply.ts";
export type { DisplayWindow } from "./picture/display-window.ts";
export { type Picture, type PictureOptions, pictureOf } from "./picture/picture.ts";
export { randomKinds, transformByName, transformKinds } from "./registry.ts";
export type {
  AppliedStep,
  Interpolation,
  Json,
  Transformed,
  TransformKind,
  TransformStep,
  TransformWork,
} from "./transform.ts";
