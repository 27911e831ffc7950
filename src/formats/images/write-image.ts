// The front door out: an image as the files of a format, told by the path's extension.

import {
  checkParameters,
  type Image,
  integer,
  parameters,
  RoentgenError,
} from "../../base/index.ts";
import type { ImageFormatName, ImageWriteOptions, WrittenFile } from "./image-file.ts";
import { IMAGE_FORMATS, imageFormatsOfPath } from "./image-formats.ts";
import { imageFormatNamed } from "./read-image.ts";

/** What `writeImage` takes. */
export interface WriteImageOptions extends ImageWriteOptions {
  /** The format, where the extension does not tell it. */
  format?: ImageFormatName;
}

const rule = parameters({ compressionLevel: integer({ min: 1, max: 9 }).optional() });

/**
 * The files that hold an image at a path: one, or two where header and voxels are apart. Give them to
 * `writeFilesWhole`. What a format can't hold is refused, not dropped.
 * @param path its extension tells the format: `scan.nii.gz`
 * @throws RoentgenError "bad-option", "format-unknown", "format-unsupported" for formats that are only read, and what the
 *   format's writer throws
 */
export async function writeImage(
  image: Image,
  path: string,
  { format, ...options }: WriteImageOptions = {},
): Promise<readonly WrittenFile[]> {
  checkParameters(rule, { compressionLevel: options.compressionLevel }, "image file");
  const fitting = format ? [imageFormatNamed(format)] : imageFormatsOfPath(path);
  const write = fitting.find((one) => one.write)?.write;
  if (write) return write(image, path, options);
  const writable = IMAGE_FORMATS.filter((one) => one.write).flatMap((one) => one.extensions);
  throw new RoentgenError(fitting.length > 0 ? "format-unsupported" : "format-unknown", {
    problem: `Cannot write an image to ${path}`,
    expected: `an extension such as ${[...new Set(writable)].join(", ")}`,
    found: fitting[0] ? `${fitting[0].title}, which is only read` : undefined,
    subject: path,
  });
}
