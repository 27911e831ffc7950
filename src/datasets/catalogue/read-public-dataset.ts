// From the folder that a public data set was downloaded to, to images with labels or cases with masks and marks.

import { RoentgenError, type WorkOptions } from "../../base/index.ts";
import type { CaseDataset } from "../cases/case-dataset.ts";
import type { ImageDataset } from "../images/image-dataset.ts";
import type { PublicDataset } from "./public-dataset.ts";
import { findPublicDataset } from "./public-datasets.ts";
import { openDatasetFolder } from "./reading/dataset-folder.ts";

/** Options of the data set's own reader; `findPublicDataset(name).options` says which there are. */
export type PublicReadOptions = Readonly<Record<string, unknown>>;

/**
 * Reads a downloaded folder as images with labels; no pixels are read. The folder may lie anywhere and be the data set's
 * own or one that holds it. Images that are listed but absent are counted among the problems.
 * @param name as in `publicDatasets`
 * @throws RoentgenError "bad-option" for a name or option that there is not; "format-unsupported" for a data set without
 *   labels of images; "file-not-found" where the folder is of another kind; what `readCsv` throws
 */
export async function readPublicDataset(
  name: string,
  folder: string,
  options: PublicReadOptions = {},
  work: WorkOptions = {},
): Promise<ImageDataset> {
  const dataset = findPublicDataset(name);
  const { readImages } = dataset;
  if (!readImages) throw unsupported(dataset, "images with labels", "readPublicCases");
  return readImages(await openDatasetFolder(folder, dataset), options, work);
}

/** Reads a downloaded folder as cases with masks or marks, as `readPublicDataset` does images with labels. */
export async function readPublicCases(
  name: string,
  folder: string,
  options: PublicReadOptions = {},
  work: WorkOptions = {},
): Promise<CaseDataset> {
  const dataset = findPublicDataset(name);
  const { readCases } = dataset;
  if (!readCases) throw unsupported(dataset, "cases with masks or marks", "readPublicDataset");
  return readCases(await openDatasetFolder(folder, dataset), options, work);
}

function unsupported({ title, task }: PublicDataset, what: string, other: string): RoentgenError {
  return new RoentgenError("format-unsupported", {
    problem: `${title} has no ${what}`,
    found: task,
    remedy: `Use ${other}.`,
    subject: title,
  });
}
