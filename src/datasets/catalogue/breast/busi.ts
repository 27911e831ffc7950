// BUSI. Facts: scholar.cu.edu.eg/?q=afahmy/pages/dataset, Al-Dhabyani et al. 2020; the checksum is that of torch_em, which
// downloads the same file: its owner states none.

import type { CaseDataset } from "../../cases/case-dataset.ts";
import type { ImageDataset } from "../../images/image-dataset.ts";
import { noOptions, publicDataset } from "../public-dataset.ts";
import { isPicture, listClassFolders } from "../reading/class-folders.ts";
import { collectCases } from "../reading/collect-cases.ts";
import { classTarget, collectImages } from "../reading/collect-images.ts";
import type { DatasetFolder, FolderFile } from "../reading/dataset-folder.ts";

const names = ["normal", "benign", "malignant"];

export const busi = publicDataset(
  {
    name: "busi",
    title: "BUSI (breast ultrasound images)",
    modality: "ultrasound",
    region: "breast",
    size: "780 images of 600 women: 133 normal, 437 benign, 210 malignant",
    task: "3 classes; masks of the lesions",
    licence: {
      name: "See the owner's page",
      url: "https://scholar.cu.edu.eg/?q=afahmy/pages/dataset",
    },
    citation: {
      authors: "Al-Dhabyani W, Gomaa M, Khaled H, Fahmy A",
      title: "Dataset of breast ultrasound images",
      source: "Data in Brief 28, 104863",
      year: 2020,
      doi: "10.1016/j.dib.2019.104863",
    },
    access: "open",
    url: "https://scholar.cu.edu.eg/?q=afahmy/pages/dataset",
    steps: ["Download Dataset_BUSI.zip from the page and unpack it."],
    layout: [
      "Dataset_BUSI_with_GT/benign/benign (1).png",
      "Dataset_BUSI_with_GT/benign/benign (1)_mask.png    (a second lesion: …_mask_1.png)",
      "Dataset_BUSI_with_GT/malignant/…, normal/…",
    ],
    caveats: ["Which images are of one woman is not told; there is no official split."],
    downloads: [
      {
        name: "all",
        files: [
          {
            name: "Dataset_BUSI.zip",
            url: "https://scholar.cu.edu.eg/Dataset_BUSI.zip",
            digest: {
              algorithm: "sha256",
              hex: "b2ce09f6063a31a73f628b6a6ee1245187cbaec225e93e563735691d68654de7",
            },
          },
        ],
      },
    ],
  },
  { options: noOptions, readImages, readCases },
);

async function readImages(folder: DatasetFolder): Promise<ImageDataset> {
  const images = listScans(folder).map(({ masks, ...image }) => ({
    ...image,
    ...(masks.length > 0 && { masks: masks.map(({ path }) => path) }),
  }));
  return collectImages(folder, images, { target: classTarget("class", names), layout: "folders" });
}

async function readCases(folder: DatasetFolder): Promise<CaseDataset> {
  const cases = listScans(folder).map(({ file, masks, target }) => ({
    name: (file as FolderFile).name,
    files: [file],
    masks: masks.map((mask) => ({ file: mask, structure: "lesion" })),
    about: { class: names[target as number] },
  }));
  return collectCases(folder, cases, {
    channels: ["ultrasound"],
    structures: [{ value: 1, name: "lesion" }],
    notes: ["An image with several lesions has a mask for each."],
  });
}

/** Images of the three classes with their masks, which lie beside them. */
function listScans(folder: DatasetFolder) {
  const masksOf = new Map<string, FolderFile[]>();
  for (const file of folder.files) {
    const image = imageOfMask(file);
    if (image) masksOf.set(image, [...(masksOf.get(image) ?? []), file]);
  }
  const isImage = (file: FolderFile) => isPicture(file) && imageOfMask(file) === undefined;
  return listClassFolders(folder, {
    classes: names.map((name) => ({ name, folders: [name] })),
    isImage,
  }).map((image) => ({ ...image, masks: masksOf.get(image.listedAs) ?? [] }));
}

/** "benign/benign (1).png" of "benign/benign (1)_mask_1.png". */
function imageOfMask({ name }: FolderFile): string | undefined {
  const image = name.replace(/_mask(_\d+)?(?=\.png$)/, "");
  return image === name ? undefined : image;
}
