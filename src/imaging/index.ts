// Images transformed and measured: geometry, resampling, intensity, morphology, augmentation.

export type { DisplayWindow } from "./picture/display-window.ts";
export { type Picture, type PictureOptions, pictureOf } from "./picture/picture.ts";
export type {
  AppliedStep,
  Interpolation,
  Json,
  Transformed,
  TransformKind,
  TransformStep,
} from "./transform.ts";
