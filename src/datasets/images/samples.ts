// Images as samples, for workers and programs that read them and do nothing else, and so start fast.

export { type ListedFile, listImages } from "./folders/list-images.ts";
export { withoutMasks } from "./folders/masks.ts";
export type { ImagePreparation, ImageSample } from "./image-dataset.ts";
export type { LoadedImage } from "./load-image.ts";
export { type PrepareImageOptions, prepareImage } from "./prepare/prepare-image.ts";
export { sampleImages } from "./sample-images.ts";
