// Whether what is named to learn from is images, or a table.

import { pathKind } from "#files";
import { isImageDataset } from "../../datasets/index.ts";

/** A folder, a table that names image files, or MedMNIST's arrays. */
export async function isImageTraining(path: string): Promise<boolean> {
  return (await pathKind(path)) === "folder" || isImageDataset(path);
}
