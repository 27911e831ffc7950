// AMOS. Facts: readme.md of the data set, zenodo.org/records/7155725, Ji et al. 2022; the checksum is that of torch_em,
// which downloads the same file.

import { readFileBytes } from "#files";
import { oneOf, parameters, rules, type SettingsOf } from "../../../base/index.ts";
import type { CaseDataset } from "../../cases/case-dataset.ts";
import { publicDataset } from "../public-dataset.ts";
import { collectCases, type ListedCase } from "../reading/collect-cases.ts";
import type { DatasetFolder } from "../reading/dataset-folder.ts";
import { parseJson } from "../reading/json-file.ts";
import { structuresOfLabels } from "../reading/label-names.ts";

const options = parameters({
  modality: oneOf("both", "CT", "MRI")
    .default("both")
    .describe("which scans: both (the default), CT or MRI"),
});
type Settings = SettingsOf<typeof options>;

export const amos = publicDataset(
  {
    name: "amos",
    title: "AMOS",
    modality: "CT and MRI",
    region: "abdomen",
    size: "500 CT and 100 MRI, of them with masks 240 to train and 120 to validate",
    task: "segmentation of 15 organs",
    licence: { name: "CC BY 4.0", url: "https://creativecommons.org/licenses/by/4.0/" },
    citation: {
      authors: "Ji Y, Bai H, Ge C, et al.",
      title:
        "AMOS: A Large-Scale Abdominal Multi-Organ Benchmark for Versatile Medical Image Segmentation",
      source: "NeurIPS Datasets and Benchmarks; arXiv:2206.08023",
      year: 2022,
    },
    access: "open",
    url: "https://zenodo.org/records/7155725",
    steps: ["Download amos22.zip and unpack it."],
    layout: [
      "amos22/dataset.json",
      "amos22/imagesTr/amos_0001.nii.gz, labelsTr/amos_0001.nii.gz",
      "amos22/imagesVa/…, labelsVa/…, imagesTs/…",
    ],
    caveats: ["Scans with numbers below 500 are CT, all others MRI."],
    downloads: [
      {
        name: "all",
        files: [
          {
            name: "amos22.zip",
            url: "https://zenodo.org/records/7155725/files/amos22.zip",
            digest: {
              algorithm: "sha256",
              hex: "d2fbf2c31abba9824d183f05741ce187b17905b8cca64d1078eabf1ba96775c2",
            },
          },
        ],
      },
    ],
  },
  { options, readCases },
);

const description = rules.looseObject({ labels: rules.record(rules.string(), rules.string()) });
const sides = { Tr: "train", Va: "validation", Ts: "test" } as const;

async function readCases(folder: DatasetFolder, { modality }: Settings): Promise<CaseDataset> {
  const file = folder.need("dataset.json");
  const { labels } = parseJson(await readFileBytes(file.path), description, file.path);
  const cases = folder.files.flatMap((image): ListedCase[] => {
    const [images, name] = image.parts.slice(-2);
    const side = /^images(Tr|Va|Ts)$/.exec(images)?.[1] as keyof typeof sides | undefined;
    const number = /^amos_(\d+)\.nii\.gz$/.exec(name ?? "")?.[1];
    if (side === undefined || number === undefined) return [];
    const kind = Number(number) < 500 ? "CT" : "MRI";
    if (modality !== "both" && modality !== kind) return [];
    const mask = folder.findByEnd(`labels${side}/${name}`);
    return [
      {
        name: `amos_${number}`,
        files: [image],
        ...(mask && { masks: [{ file: mask }] }),
        side: sides[side],
        about: { modality: kind },
      },
    ];
  });
  return collectCases(folder, cases, {
    channels: [modality === "both" ? "CT or MRI" : modality],
    structures: structuresOfLabels(labels),
  });
}
