// For pages: a bundle opened, image files of any format read, what the model says of them.

export type { Image } from "./base/index.ts";
export { memorySource, RoentgenError } from "./base/index.ts";
export { type LoadedImage, type LoadOptions, loadImage, prepareImage } from "./datasets/index.ts";
export { configureRuntime, type Device } from "./onnx/index.ts";
export {
  fetchImageModel,
  type ImageModel,
  type ImagePrediction,
  type ImageToPredict,
  type Likeness,
  type OpenImageModelOptions,
  openImageModel,
  readImageFile,
} from "./tasks/index.ts";
