// Predictions of images, for programs that do nothing else and so start fast.

export { bundleKind } from "./bundle-kind.ts";
export {
  type PredictedImageFiles,
  type PredictImagesOptions,
  predictImageFiles,
} from "./classification/predict-image-files.ts";
export type { UnreadableImage } from "./classification/unreadable-images.ts";
