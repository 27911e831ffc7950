// Images transformed and measured: geometry, resampling, intensity, morphology, augmentation.

export type {
  AppliedStep,
  Interpolation,
  Json,
  Transformed,
  TransformKind,
  TransformStep,
} from "./transform.ts";
