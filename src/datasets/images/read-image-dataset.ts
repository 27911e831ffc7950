// The front door to data sets of images: a folder a class, a table of paths and labels, or arrays.

import { pathKind, realPath } from "#files";
import { type OptionsOf, parameters, RoentgenError, type WorkOptions } from "../../base/index.ts";
import { listImages } from "./folders/list-images.ts";
import { readFolder } from "./folders/read-folder.ts";
import type { ImageDataset } from "./image-dataset.ts";

export const imageDatasetParameters = parameters({});

export type ImageDatasetOptions = OptionsOf<typeof imageDatasetParameters>;

/**
 * Reads what a data set of images is made of; no pixels.
 * @throws RoentgenError "file-not-found"; "value-invalid" where no labels are found
 */
export async function readImageDataset(
  path: string,
  _options: ImageDatasetOptions = {},
  _work: Pick<WorkOptions, "signal" | "onProgress"> = {},
): Promise<ImageDataset> {
  const root = await realPath(path);
  if ((await pathKind(root)) !== "folder") {
    throw new RoentgenError("file-not-found", {
      problem: `There is no folder at ${path}`,
      subject: path,
    });
  }
  return readFolder(root, await listImages(root));
}

/** Whether a path holds images with labels, as `readImageDataset` finds them. */
export async function isImageDataset(path: string): Promise<boolean> {
  try {
    return (await readImageDataset(path)).samples.length > 0;
  } catch (cause) {
    if (cause instanceof RoentgenError) return false;
    throw cause;
  }
}
