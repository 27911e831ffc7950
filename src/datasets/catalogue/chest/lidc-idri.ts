// LIDC-IDRI. Facts: cancerimagingarchive.net/collection/lidc-idri, Armato et al. 2011.

import { integer, parameters, type SettingsOf } from "../../../base/index.ts";
import type { CaseDataset } from "../../cases/case-dataset.ts";
import { publicDataset } from "../public-dataset.ts";
import { collectCases, type ListedCase } from "../reading/collect-cases.ts";
import type { DatasetFolder } from "../reading/dataset-folder.ts";
import { foldersOfFiles } from "../reading/series-folders.ts";

const options = parameters({
  /** Chest X-rays come with some scans. */
  leastImages: integer({ min: 1 })
    .default(10)
    .describe("series of fewer images are left out (default: 10)"),
});
type Settings = SettingsOf<typeof options>;

export const lidcIdri = publicDataset(
  {
    name: "lidc-idri",
    title: "LIDC-IDRI",
    modality: "CT",
    region: "chest",
    size: "1,018 scans of 1,010 patients",
    task: "lung nodules, outlined and rated by four radiologists",
    licence: { name: "CC BY 3.0", url: "https://creativecommons.org/licenses/by/3.0/" },
    citation: {
      authors: "Armato SG III, McLennan G, Bidaut L, et al.",
      title:
        "The Lung Image Database Consortium (LIDC) and Image Database Resource Initiative (IDRI): A Completed Reference Database of Lung Nodules on CT Scans",
      source: "Medical Physics 38, 915–931",
      year: 2011,
      doi: "10.1118/1.3528204",
    },
    access: "open",
    url: "https://www.cancerimagingarchive.net/collection/lidc-idri/",
    steps: [
      "Download the manifest (.tcia) from the page and open it with the NBIA Data Retriever.",
    ],
    layout: [
      "LIDC-IDRI/LIDC-IDRI-0001/<study>/<series>/1-001.dcm",
      "LIDC-IDRI/LIDC-IDRI-0001/<study>/<series>/069.xml",
    ],
    caveats: [
      "The readers' outlines (XML) are not read: cases have their scans and the path of the annotations. LUNA16 has the nodules that most readers agree on.",
    ],
  },
  { options, readCases },
);

async function readCases(folder: DatasetFolder, { leastImages }: Settings): Promise<CaseDataset> {
  const annotations = foldersOfFiles(folder, /\.xml$/i);
  const cases = [...foldersOfFiles(folder, /\.dcm$/i).values()].flatMap((series): ListedCase[] => {
    const patient = /LIDC-IDRI-\d{4}/.exec(series.name)?.[0];
    const images = series.files.length;
    if (images < leastImages || patient === undefined) return [];
    const notes = annotations.get(series.name)?.files[0].path ?? null;
    return [{ name: series.name, files: [series], patient, about: { images, annotations: notes } }];
  });
  return collectCases(folder, cases, {
    channels: ["CT"],
    notes: ["Every folder of images counts as one series. Annotations are named, not read."],
  });
}
