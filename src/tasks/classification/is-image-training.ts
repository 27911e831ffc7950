// Whether what is named to learn from is images, or a table.

import { pathKind } from "#files";
import { isImageDataset } from "../../datasets/index.ts";

/**
 * A folder, a table that names image files, or MedMNIST's arrays.
 * @param options the column to learn, where it is named: nobody could guess that "volume" is what a table of images is about
 */
export async function isImageTraining(
  path: string,
  { target }: { readonly target?: string } = {},
): Promise<boolean> {
  if ((await pathKind(path)) === "folder") return true;
  return isImageDataset(path, { target });
}
