// DRIVE. Facts: drive.grand-challenge.org, Staal et al. 2004.

import type { CaseDataset } from "../../cases/case-dataset.ts";
import { noOptions, publicDataset } from "../public-dataset.ts";
import { collectCases, type ListedCase } from "../reading/collect-cases.ts";
import type { DatasetFolder } from "../reading/dataset-folder.ts";

export const drive = publicDataset(
  {
    name: "drive",
    title: "DRIVE",
    modality: "fundus photography",
    region: "retina",
    size: "40 images: 20 to train, 20 to test",
    task: "segmentation of vessels",
    licence: { name: "See the owner's page", url: "https://drive.grand-challenge.org/" },
    citation: {
      authors: "Staal J, Abràmoff MD, Niemeijer M, Viergever MA, van Ginneken B",
      title: "Ridge-based vessel segmentation in color images of the retina",
      source: "IEEE Transactions on Medical Imaging 23, 501–509",
      year: 2004,
      doi: "10.1109/TMI.2004.825627",
    },
    access: "registration",
    url: "https://drive.grand-challenge.org/",
    steps: ["Join the challenge on the page, download training.zip and test.zip and unpack them."],
    layout: [
      "training/images/21_training.tif",
      "training/1st_manual/21_manual1.gif",
      "training/mask/21_training_mask.gif    (the field of view)",
      "test/images/01_test.tif, test/mask/…   (older editions: test/1st_manual, test/2nd_manual)",
    ],
    caveats: ["Judge within the field of view, which a column of each case names."],
  },
  { options: noOptions, readCases },
);

const sides = { training: "train", test: "test" } as const;

async function readCases(folder: DatasetFolder): Promise<CaseDataset> {
  const cases = folder.files.flatMap((file): ListedCase[] => {
    const [side, images, name] = file.parts.slice(-3);
    const number = /^(\d+)_(?:training|test)\.tif$/.exec(name ?? "")?.[1];
    if (images !== "images" || !number || !Object.hasOwn(sides, side)) return [];
    const masks = ["1st", "2nd"].flatMap((reader, at) => {
      const mask = folder.findByEnd(`${side}/${reader}_manual/${number}_manual${at + 1}.gif`);
      return mask ? [{ file: mask, structure: "vessel", reader }] : [];
    });
    const view = folder.findByEnd(`${side}/mask/${number}_${side}_mask.gif`);
    return [
      {
        name: `${number}_${side}`,
        files: [file],
        ...(masks.length > 0 && { masks }),
        side: sides[side as keyof typeof sides],
        about: { fieldOfView: view?.path ?? null },
      },
    ];
  });
  return collectCases(folder, cases, {
    channels: ["fundus"],
    structures: [{ value: 1, name: "vessel" }],
    notes: ["Vessels are 255 in the masks."],
  });
}
