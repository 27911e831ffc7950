// Fetches the files of a public data set that lie openly on a server.

import {
  checkParameters,
  type OptionsOf,
  parameters,
  RoentgenError,
  type WorkOptions,
  words,
} from "../../../base/index.ts";
import type { PublicDataset, PublicDownload } from "../public-dataset.ts";
import { findPublicDataset } from "../public-datasets.ts";
import { downloadFile, downloadParameters, type FetchedFile } from "./download-file.ts";

const datasetDownloadParameters = parameters({
  ...downloadParameters.shape,
  /** Which of its downloads, by name; the first by default. */
  part: words().optional(),
});

export type DatasetDownloadOptions = OptionsOf<typeof datasetDownloadParameters>;

/**
 * Downloads a data set, or one of its parts, to a folder; see `downloadFile`. Files that are there already are kept.
 * @param name as in `publicDatasets`
 * @throws RoentgenError "bad-option" for a name or part that there is not; "format-unsupported" for a data set that has to be
 *   asked for, with what to do; what `downloadFile` throws
 */
export async function downloadDataset(
  name: string,
  folder: string,
  options: DatasetDownloadOptions = {},
  work: WorkOptions = {},
): Promise<FetchedFile[]> {
  const { part, ...settings } = checkParameters(datasetDownloadParameters, options, "download");
  const { files } = choosePart(findPublicDataset(name), part);
  const fetched: FetchedFile[] = [];
  for (const file of files) {
    fetched.push(await downloadFile(file, `${folder}/${file.name}`, settings, work));
  }
  return fetched;
}

function choosePart(dataset: PublicDataset, part: string | undefined): PublicDownload {
  const { title, downloads = [], steps } = dataset;
  if (downloads.length === 0) {
    throw new RoentgenError("format-unsupported", {
      problem: `${title} cannot be downloaded by Roentgen: its owner hands it out`,
      remedy: steps.join(" "),
      subject: title,
    });
  }
  const found = part === undefined ? downloads[0] : downloads.find(({ name }) => name === part);
  if (found) return found;
  throw new RoentgenError("bad-option", {
    problem: `${title} has no part "${part}" to download`,
    remedy: `It has: ${downloads.map(({ name }) => name).join(", ")}.`,
    subject: part,
  });
}
