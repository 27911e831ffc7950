// The ten tasks of the Medical Segmentation Decathlon. Facts: medicaldecathlon.com, Antonelli et al. 2022; numbers of scans
// and structures as in the paper; addresses and checksums as in MONAI's DecathlonDataset.

import { readFileBytes } from "#files";
import { rules } from "../../../base/index.ts";
import type { CaseDataset } from "../../cases/case-dataset.ts";
import { noOptions, type PublicDataset, publicDataset } from "../public-dataset.ts";
import { collectCases, type ListedCase } from "../reading/collect-cases.ts";
import type { DatasetFolder, FolderFile } from "../reading/dataset-folder.ts";
import { parseJson } from "../reading/json-file.ts";
import { structuresOfLabels } from "../reading/label-names.ts";

/** Name in the catalogue, folder, modality, region, cases to train and test, structures, MD5 of the archive. */
const tasks = [
  [
    "msd-brain-tumour",
    "Task01_BrainTumour",
    "MRI",
    "brain",
    484,
    266,
    "oedema, non-enhancing and enhancing tumour",
    "240a19d752f0d9e9101544901065d872",
  ],
  [
    "msd-heart",
    "Task02_Heart",
    "MRI",
    "heart",
    20,
    10,
    "left atrium",
    "06ee59366e1e5124267b774dbd654057",
  ],
  [
    "msd-liver",
    "Task03_Liver",
    "CT",
    "liver",
    131,
    70,
    "liver, tumour",
    "a90ec6c4aa7f6a3d087205e23d4e6397",
  ],
  [
    "msd-hippocampus",
    "Task04_Hippocampus",
    "MRI",
    "hippocampus",
    263,
    131,
    "anterior and posterior hippocampus",
    "9d24dba78a72977dbd1d2e110310f31b",
  ],
  [
    "msd-prostate",
    "Task05_Prostate",
    "MRI",
    "prostate",
    32,
    16,
    "peripheral and transition zone",
    "35138f08b1efaef89d7424d2bcc928db",
  ],
  ["msd-lung", "Task06_Lung", "CT", "lung", 64, 32, "tumour", "8afd997733c7fc0432f71255ba4e52dc"],
  [
    "msd-pancreas",
    "Task07_Pancreas",
    "CT",
    "pancreas",
    282,
    139,
    "pancreas, tumour",
    "4f7080cfca169fa8066d17ce6eb061e4",
  ],
  [
    "msd-hepatic-vessel",
    "Task08_HepaticVessel",
    "CT",
    "liver",
    303,
    140,
    "vessels, tumour",
    "641d79e80ec66453921d997fbf12a29c",
  ],
  [
    "msd-spleen",
    "Task09_Spleen",
    "CT",
    "spleen",
    41,
    20,
    "spleen",
    "410d4a301da4e5b2f6f86ec3ddba524e",
  ],
  [
    "msd-colon",
    "Task10_Colon",
    "CT",
    "colon",
    126,
    64,
    "tumour",
    "bad7a188931dc2f6acf72b08eb6202d0",
  ],
] as const;

export const decathlon: readonly PublicDataset[] = tasks.map(
  ([name, folder, modality, region, training, test, structures, md5]) =>
    publicDataset(
      {
        name,
        title: `Medical Segmentation Decathlon, ${folder.replace("_", " ")}`,
        modality,
        region,
        size: `${training} scans to train, ${test} to test without masks`,
        task: `segmentation: ${structures}`,
        licence: { name: "CC BY-SA 4.0", url: "https://creativecommons.org/licenses/by-sa/4.0/" },
        citation: {
          authors: "Antonelli M, Reinke A, Bakas S, et al.",
          title: "The Medical Segmentation Decathlon",
          source: "Nature Communications 13, 4128",
          year: 2022,
          doi: "10.1038/s41467-022-30695-9",
        },
        access: "open",
        url: "http://medicaldecathlon.com/",
        steps: [`Download ${folder}.tar and unpack it.`],
        layout: [
          `${folder}/dataset.json`,
          `${folder}/imagesTr/…_001.nii.gz, labelsTr/…_001.nii.gz`,
          `${folder}/imagesTs/…`,
        ],
        downloads: [
          {
            name: "all",
            files: [
              {
                name: `${folder}.tar`,
                url: `https://msd-for-monai.s3-us-west-2.amazonaws.com/${folder}.tar`,
                digest: { algorithm: "md5", hex: md5 },
              },
            ],
          },
        ],
      },
      { options: noOptions, readCases },
    ),
);

const description = rules.looseObject({
  modality: rules.record(rules.string(), rules.string()),
  labels: rules.record(rules.string(), rules.string()),
  training: rules.array(rules.looseObject({ image: rules.string(), label: rules.string() })),
  test: rules.array(rules.string()).default([]),
});

/** dataset.json lists everything, by paths from its own folder. */
async function readCases(folder: DatasetFolder): Promise<CaseDataset> {
  const file = folder.need("dataset.json");
  const { modality, labels, training, test } = parseJson(
    await readFileBytes(file.path),
    description,
    file.path,
  );
  const find = (path: string) => folder.findByEnd([...beside(file), ...bare(path)].join("/"));
  const cases: ListedCase[] = [
    ...training.map(({ image, label }) => ({
      name: nameOf(image),
      files: [find(image)],
      masks: [{ file: find(label) }],
      side: "train" as const,
    })),
    ...test.map((image) => ({ name: nameOf(image), files: [find(image)], side: "test" as const })),
  ];
  return collectCases(folder, cases, {
    channels: Object.keys(modality)
      .sort((a, b) => Number(a) - Number(b))
      .map((key) => modality[key]),
    structures: structuresOfLabels(labels),
    notes:
      Object.keys(modality).length > 1 ? ["One file holds all channels, as its fourth axis."] : [],
  });
}

/** The folders above a file. */
function beside({ parts }: FolderFile): readonly string[] {
  return parts.slice(0, -1);
}

/** "./imagesTr/la_007.nii.gz" without its dot. */
function bare(path: string): string[] {
  return path.split("/").filter((part) => part !== "." && part !== "");
}

function nameOf(path: string): string {
  return (bare(path).at(-1) as string).replace(/\.nii(\.gz)?$/, "");
}
