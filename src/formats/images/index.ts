// Images of every format, for programs that need neither tables nor arrays: their libraries take longest to load.

export type {
  ImageDescription,
  ImageFile,
  ImageFormatName,
  ImageHeader,
  ImageReadOptions,
  ImageWriteOptions,
  OpenBeside,
  WrittenFile,
} from "./image-file.ts";
export {
  type ImageFormatSupport,
  imageFormatsOfPath,
  supportedImageFormats,
} from "./image-formats.ts";
export {
  imageFormatOfFile,
  inspectImage,
  type ReadImageOptions,
  readImage,
} from "./read-image.ts";
export type { GeometryChoice } from "./stated-geometry.ts";
export { type WriteImageOptions, writeImage } from "./write-image.ts";
