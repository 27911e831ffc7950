// Challenges of the International Skin Imaging Collaboration (ISIC) of 2018 and 2019. Facts: challenge.isic-archive.com/data,
// Codella et al. 2019; columns as in ISIC2018_Task3_Training_GroundTruth.csv and ISIC_2019_Training_GroundTruth.csv;
// checksums are those of torch_em, which downloads the same files.

import type { Table, WorkOptions } from "../../../base/index.ts";
import type { CaseDataset } from "../../cases/case-dataset.ts";
import type { ImageDataset, ImageSide } from "../../images/image-dataset.ts";
import { noOptions, type PublicFile, publicDataset } from "../public-dataset.ts";
import { collectCases, type ListedCase } from "../reading/collect-cases.ts";
import { classTarget, collectImages, type ListedImage } from "../reading/collect-images.ts";
import type { DatasetFolder } from "../reading/dataset-folder.ts";
import { keyColumn, numberColumn, readTableFile } from "../reading/table-file.ts";

const common = {
  modality: "dermatoscopy",
  region: "skin",
  licence: { name: "CC BY-NC 4.0", url: "https://creativecommons.org/licenses/by-nc/4.0/" },
  citation: {
    authors: "Codella N, Rotemberg V, Tschandl P, et al.",
    title:
      "Skin Lesion Analysis Toward Melanoma Detection 2018: A Challenge Hosted by the International Skin Imaging Collaboration (ISIC)",
    source: "arXiv:1902.03368",
    year: 2019,
  },
  access: "open",
  url: "https://challenge.isic-archive.com/data/",
} as const;

/** Sides, and how the names of files call them. */
const sides: readonly (readonly [ImageSide, string])[] = [
  ["train", "Training"],
  ["validation", "Validation"],
  ["test", "Test"],
];

export const isic2018Segmentation = publicDataset(
  {
    ...common,
    name: "isic-2018-segmentation",
    title: "ISIC 2018, task 1",
    size: "2,594 images to train, 100 to validate, 1,000 to test",
    task: "segmentation of lesions",
    steps: ["Download the archives of task 1 and unpack them into one folder."],
    layout: [
      "ISIC2018_Task1-2_Training_Input/ISIC_0000000.jpg",
      "ISIC2018_Task1_Training_GroundTruth/ISIC_0000000_segmentation.png",
      "… Validation, Test",
    ],
    downloads: [
      {
        name: "training",
        files: archives(
          "Training",
          "80f98572347a2d7a376227fa9eb2e4f7459d317cb619865b8b9910c81446675f",
          "99f8b2bb3c4d6af483362010715f7e7d5d122d9f6c02cac0e0d15bef77c7604c",
        ),
      },
      {
        name: "validation",
        files: archives(
          "Validation",
          "0ea920fcfe512d12a6e620b50b50233c059f67b10146e1479c82be58ff15a797",
          "f6911e9c0a64e6d687dd3ca466ca927dd5e82145cb2163b7a1e5b37d7a716285",
        ),
      },
      {
        name: "test",
        files: archives(
          "Test",
          "e59ae1f69f4ed16f09db2cb1d76c2a828487b63d28f6ab85997f5616869b127d",
          "2e8f6edce454a5bdee52485e39f92bd6eddf357e81f39018d05512175238ef82",
        ),
      },
    ],
  },
  { options: noOptions, readCases },
);

export const isic2018 = publicDataset(
  {
    ...common,
    name: "isic-2018",
    title: "ISIC 2018, task 3",
    size: "10,015 images to train (those of HAM10000), 193 to validate, 1,512 to test",
    task: "7 classes of lesions",
    steps: ["Download the archives of task 3 and unpack them into one folder."],
    layout: [
      "ISIC2018_Task3_Training_Input/ISIC_0024306.jpg",
      "ISIC2018_Task3_Training_GroundTruth/ISIC2018_Task3_Training_GroundTruth.csv",
      "… Validation, Test",
    ],
    caveats: ["Several images may show one lesion; only HAM10000's table tells which."],
  },
  {
    options: noOptions,
    readImages: (folder, _settings, work) => readChallenge(folder, "ISIC2018_Task3", work),
  },
);

export const isic2019 = publicDataset(
  {
    ...common,
    name: "isic-2019",
    title: "ISIC 2019",
    size: "25,331 images to train",
    task: "8 classes of lesions",
    steps: ["Download the archives of 2019 and unpack them into one folder."],
    layout: ["ISIC_2019_Training_Input/ISIC_0000000.jpg", "ISIC_2019_Training_GroundTruth.csv"],
    caveats: ["HAM10000 is part of it. Several images may show one lesion."],
  },
  {
    options: noOptions,
    readImages: (folder, _settings, work) => readChallenge(folder, "ISIC_2019", work),
  },
);

function archives(side: string, images: string, masks: string): PublicFile[] {
  return [
    [`ISIC2018_Task1-2_${side}_Input.zip`, images],
    [`ISIC2018_Task1_${side}_GroundTruth.zip`, masks],
  ].map(([name, hex]) => ({
    name,
    url: `https://isic-challenge-data.s3.amazonaws.com/2018/${name}`,
    digest: { algorithm: "sha256", hex },
  }));
}

const diagnoses: Readonly<Record<string, string>> = {
  MEL: "melanoma",
  NV: "melanocytic naevus",
  BCC: "basal cell carcinoma",
  AK: "actinic keratosis",
  AKIEC: "actinic keratosis or Bowen's disease",
  BKL: "benign keratosis",
  DF: "dermatofibroma",
  VASC: "vascular lesion",
  SCC: "squamous cell carcinoma",
};

/** A table a side, with a column a class: 1 in one of them. */
async function readChallenge(
  folder: DatasetFolder,
  prefix: string,
  work: WorkOptions,
): Promise<ImageDataset> {
  const training = await readTableFile(folder.need(`${prefix}_Training_GroundTruth.csv`), work);
  const codes = training.columns
    .map(({ name }) => name)
    .filter((name) => Object.hasOwn(diagnoses, name));
  const images: ListedImage[] = [];
  for (const [side, word] of sides) {
    const file = folder.find(`${prefix}_${word}_GroundTruth.csv`);
    const table = side === "train" ? training : file && (await readTableFile(file, work));
    if (table) images.push(...listImages(folder, table, codes, side));
  }
  return collectImages(folder, images, {
    target: classTarget(
      "diagnosis",
      codes.map((code) => diagnoses[code]),
    ),
    layout: "manifest",
  });
}

/** An image of none of the classes ("unknown" in 2019) has no label. */
function listImages(
  folder: DatasetFolder,
  table: Table,
  codes: readonly string[],
  side: ImageSide,
): ListedImage[] {
  const values = codes.map((code) => numberColumn(table, code));
  return keyColumn(table, "image").map((image, row) => {
    const target = values.findIndex((column) => column[row] === 1);
    return {
      listedAs: image,
      file: folder.find(`${image}.jpg`),
      target: target < 0 ? undefined : target,
      side,
    };
  });
}

async function readCases(folder: DatasetFolder): Promise<CaseDataset> {
  const cases = folder.files.flatMap((file): ListedCase[] => {
    const [within, name] = file.parts.slice(-2);
    const word = /^ISIC2018_Task1-2_(\w+)_Input$/.exec(within)?.[1];
    const id = /^(ISIC_\d+)\.jpg$/.exec(name ?? "")?.[1];
    if (word === undefined || id === undefined) return [];
    const mask = folder.find(`${id}_segmentation.png`);
    return [
      {
        name: id,
        files: [file],
        ...(mask && { masks: [{ file: mask, structure: "lesion" }] }),
        side: sides.find(([, other]) => other === word)?.[0],
      },
    ];
  });
  return collectCases(folder, cases, {
    channels: ["dermatoscopy"],
    structures: [{ value: 1, name: "lesion" }],
  });
}
