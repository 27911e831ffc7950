// MURA. Facts: stanfordmlgroup.github.io/competitions/mura, Rajpurkar et al. 2018.

import type { ImageDataset } from "../../images/image-dataset.ts";
import { noOptions, publicDataset } from "../public-dataset.ts";
import { isPicture } from "../reading/class-folders.ts";
import { classTarget, collectImages, type ListedImage } from "../reading/collect-images.ts";
import type { DatasetFolder, FolderFile } from "../reading/dataset-folder.ts";

export const mura = publicDataset(
  {
    name: "mura",
    title: "MURA",
    modality: "X-ray",
    region: "arm",
    size: "40,561 films of 14,863 studies of elbow, finger, forearm, hand, humerus, shoulder or wrist",
    task: "normal or abnormal, by study",
    licence: {
      name: "Stanford's Research Use Agreement",
      url: "https://stanfordmlgroup.github.io/competitions/mura/",
    },
    citation: {
      authors: "Rajpurkar P, Irvin J, Bagul A, et al.",
      title: "MURA: Large Dataset for Abnormality Detection in Musculoskeletal Radiographs",
      source: "arXiv:1712.06957",
      year: 2018,
    },
    access: "agreement",
    url: "https://stanfordmlgroup.github.io/competitions/mura/",
    steps: ["Register on the page, accept the agreement, download MURA-v1.1 and unpack it."],
    layout: [
      "MURA-v1.1/train/XR_SHOULDER/patient00001/study1_positive/image1.png",
      "MURA-v1.1/valid/XR_WRIST/patient11185/study1_positive/image1.png",
      "MURA-v1.1/train_image_paths.csv, valid_image_paths.csv",
    ],
    caveats: [
      "Labels are those of studies: an image may not show what its study does. Judge by study.",
      "The test side is not public.",
    ],
  },
  { options: noOptions, readImages },
);

async function readImages(folder: DatasetFolder): Promise<ImageDataset> {
  return collectImages(folder, folder.files.flatMap(listImage), {
    target: classTarget("study", ["normal", "abnormal"]),
    layout: "folders",
  });
}

/** train/XR_HAND/patient00012/study1_negative/image1.png: everything stands in the path. */
function listImage(file: FolderFile): ListedImage[] {
  if (!isPicture(file)) return [];
  const [side, region, patient, study] = file.parts.slice(-5);
  const label = /^study\d+_(positive|negative)$/.exec(study ?? "")?.[1];
  if (!label || !region.startsWith("XR_")) return [];
  return [
    {
      listedAs: file.name,
      file,
      target: label === "positive" ? 1 : 0,
      patient,
      side: side === "train" ? "train" : "validation",
      about: { region: region.slice("XR_".length).toLowerCase(), study: `${patient}/${study}` },
    },
  ];
}
