// Any collection of The Cancer Imaging Archive. Facts: cancerimagingarchive.net, Clark et al. 2013; columns as in the
// metadata.csv that the NBIA Data Retriever writes.

import {
  parameters,
  rules,
  type SettingsOf,
  type WorkOptions,
  words,
} from "../../../base/index.ts";
import type { CaseDataset } from "../../cases/case-dataset.ts";
import { publicDataset } from "../public-dataset.ts";
import { collectCases } from "../reading/collect-cases.ts";
import type { DatasetFolder, FolderFile } from "../reading/dataset-folder.ts";
import { foldersOfFiles } from "../reading/series-folders.ts";
import { keyColumn, readTableFile, textColumn } from "../reading/table-file.ts";

const options = parameters({
  modalities: rules
    .array(words())
    .readonly()
    .optional()
    .describe('modalities to take, such as ["CT"] (default: all)'),
});
type Settings = SettingsOf<typeof options>;

export const tcia = publicDataset(
  {
    name: "tcia",
    title: "a collection of The Cancer Imaging Archive (TCIA)",
    modality: "all that DICOM has",
    region: "any",
    size: "more than a hundred collections",
    task: "depends on the collection",
    licence: {
      name: "stated for each collection on its page",
      url: "https://www.cancerimagingarchive.net/browse-collections/",
    },
    citation: {
      authors: "Clark K, Vendt B, Smith K, et al.",
      title:
        "The Cancer Imaging Archive (TCIA): Maintaining and Operating a Public Information Repository",
      source: "Journal of Digital Imaging 26, 1045–1057",
      year: 2013,
      doi: "10.1007/s10278-013-9622-7",
    },
    access: "open",
    url: "https://www.cancerimagingarchive.net/browse-collections/",
    steps: [
      "Download the collection's manifest (.tcia) from its page and open it with the NBIA Data Retriever. Some collections ask for an account.",
    ],
    layout: ["metadata.csv", "<collection>/<subject>/<study>/<series>/1-001.dcm"],
    caveats: [
      "A series is a case. Segmentations and structure sets are series of their own (modalities SEG and RTSTRUCT).",
      "Cite the collection itself too: its page says how.",
    ],
  },
  { options, readCases },
);

async function readCases(
  folder: DatasetFolder,
  { modalities }: Settings,
  work: WorkOptions,
): Promise<CaseDataset> {
  const file = folder.need("metadata.csv");
  const table = await readTableFile(file, work);
  const [places, kinds, subjects] = ["File Location", "Modality", "Subject ID"].map((name) =>
    textColumn(table, name),
  );
  const [collections, studies, series, makers] = [
    ...["Collection", "Study Description", "Series Description", "Manufacturer"],
  ].map((name) => textColumn(table, name));
  const find = seriesFinder(folder, file);
  const cases = keyColumn(table, "Series UID").flatMap((uid, row) => {
    if (modalities && !modalities.includes(kinds[row] ?? "")) return [];
    return [
      {
        name: uid,
        files: [find(places[row] ?? "")],
        patient: subjects[row] ?? undefined,
        about: {
          modality: kinds[row],
          collection: collections[row],
          study: studies[row],
          series: series[row],
          manufacturer: makers[row],
        },
      },
    ];
  });
  return collectCases(folder, cases, {
    channels: [modalities?.join(" or ") ?? "any"],
    notes: ["Images are folders that hold one DICOM series each."],
  });
}

/** Finds a series' folder by its place in the table, which is relative to the table and has the slashes of its system. */
function seriesFinder(
  folder: DatasetFolder,
  table: FolderFile,
): (place: string) => FolderFile | undefined {
  const folders = foldersOfFiles(folder, /\.dcm$/i);
  return (place) => {
    const parts = place.split(/[\\/]/).filter((part) => part !== "." && part !== "");
    return folders.get([...table.parts.slice(0, -1), ...parts].join("/"));
  };
}
