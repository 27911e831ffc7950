// LUNA16. Facts: luna16.grand-challenge.org/Data, Setio et al. 2017; columns as in annotations.csv.

import type { WorkOptions } from "../../../base/index.ts";
import type { CaseDataset, CaseMark } from "../../cases/case-dataset.ts";
import { noOptions, publicDataset } from "../public-dataset.ts";
import { collectCases } from "../reading/collect-cases.ts";
import type { DatasetFolder, FolderFile } from "../reading/dataset-folder.ts";
import { numberColumn, readTableFile, rowsBy } from "../reading/table-file.ts";

export const luna16 = publicDataset(
  {
    name: "luna16",
    title: "LUNA16",
    modality: "CT",
    region: "chest",
    size: "888 scans of LIDC-IDRI, 1,186 nodules of 3 mm and more that at least 3 of 4 radiologists accepted",
    task: "lung nodules, as centres and diameters",
    licence: { name: "CC BY 4.0", url: "https://creativecommons.org/licenses/by/4.0/" },
    citation: {
      authors: "Setio AAA, Traverso A, de Bel T, et al.",
      title:
        "Validation, comparison, and combination of algorithms for automatic detection of pulmonary nodules in computed tomography images: The LUNA16 challenge",
      source: "Medical Image Analysis 42, 1–13",
      year: 2017,
      doi: "10.1016/j.media.2017.06.015",
    },
    access: "open",
    url: "https://luna16.grand-challenge.org/Download/",
    steps: [
      "Download annotations.csv and subset0.zip to subset9.zip from the two records at Zenodo that the page names, and unpack them into one folder.",
    ],
    layout: [
      "annotations.csv",
      "subset0/1.3.6.1.4.1.14519.5.2.1.6279.6001.105756658031515062000744821260.mhd (and .raw)",
      "subset9/…",
    ],
    caveats: [
      "The ten subsets are the folds of the challenge's cross-validation.",
      "candidates_V2.csv (for false positive reduction) is not read.",
    ],
  },
  { options: noOptions, readCases },
);

async function readCases(
  folder: DatasetFolder,
  _settings: unknown,
  work: WorkOptions,
): Promise<CaseDataset> {
  const nodules = await readNodules(folder.need("annotations.csv"), work);
  const cases = folder.files
    .filter(({ parts }) => /^subset\d$/.test(parts.at(-2) ?? "") && parts.at(-1)?.endsWith(".mhd"))
    .map((file) => {
      const name = (file.parts.at(-1) as string).slice(0, -".mhd".length);
      return {
        name,
        files: [file],
        marks: nodules.get(name) ?? [],
        about: { subset: file.parts.at(-2) as string },
      };
    });
  return collectCases(folder, cases, {
    channels: ["CT"],
    findings: ["nodule"],
    notes: ["Centres are in mm in the coordinates of the scans' files, which are LPS."],
  });
}

async function readNodules(file: FolderFile, work: WorkOptions): Promise<Map<string, CaseMark[]>> {
  const table = await readTableFile(file, work);
  const [x, y, z, diameter] = ["coordX", "coordY", "coordZ", "diameter_mm"].map((name) =>
    numberColumn(table, name),
  );
  const noduleAt = (row: number): CaseMark => ({
    kind: "sphere",
    finding: "nodule",
    centre: [x[row], y[row], z[row]],
    diameterMm: diameter[row],
  });
  return new Map([...rowsBy(table, "seriesuid")].map(([uid, rows]) => [uid, rows.map(noduleAt)]));
}
