// Every format of images. A format is added by one entry here.

import { giplFormat } from "../gipl/image-format.ts";
import { metaImageFormat } from "../metaimage/image-format.ts";
import { mghFormat } from "../mgh/image-format.ts";
import { analyzeFormat, niftiFormat } from "../nifti/image-format.ts";
import { nrrdFormat } from "../nrrd/image-format.ts";
import { rasterFormats } from "../raster/image-formats.ts";
import { dicomFormat } from "./dicom-format.ts";
import type { ImageFormat, ImageFormatName } from "./image-file.ts";

/** In order of trial: formats with a mark in their bytes before those that go by less. */
export const IMAGE_FORMATS: readonly ImageFormat[] = [
  niftiFormat,
  nrrdFormat,
  metaImageFormat,
  ...rasterFormats,
  giplFormat,
  dicomFormat,
  mghFormat,
  analyzeFormat,
];

/** A format of images as help and documentation list it. */
export interface ImageFormatSupport {
  readonly name: ImageFormatName;
  readonly title: string;
  readonly extensions: readonly string[];
  readonly read: boolean;
  readonly write: boolean;
  readonly node: boolean;
  readonly browser: boolean;
}

/** What is supported where. */
export const supportedImageFormats: readonly ImageFormatSupport[] = IMAGE_FORMATS.map(
  ({ name, title, extensions, write, browser }) => ({
    ...{ name, title, extensions, browser },
    ...{ read: true, write: write !== undefined, node: true },
  }),
);

/** The formats whose extension a path has, the longest extension first. */
export function imageFormatsOfPath(path: string): ImageFormat[] {
  const lower = path.toLowerCase();
  const matched = ({ extensions }: ImageFormat) =>
    Math.max(0, ...extensions.filter((end) => lower.endsWith(end)).map((end) => end.length));
  return IMAGE_FORMATS.filter((format) => matched(format) > 0).sort(
    (a, b) => matched(b) - matched(a),
  );
}
