// Brain tumour MRI in four classes. Facts: kaggle.com/datasets/masoudnickparvar/brain-tumor-mri-dataset and
// kaggle.com/datasets/sartajbhuvaji/brain-tumor-classification-mri.

import type { ImageDataset } from "../../images/image-dataset.ts";
import { noOptions, publicDataset } from "../public-dataset.ts";
import { listClassFolders } from "../reading/class-folders.ts";
import { classTarget, collectImages } from "../reading/collect-images.ts";
import type { DatasetFolder } from "../reading/dataset-folder.ts";

const classes = [
  { name: "no tumour", folders: ["notumor", "no_tumor"] },
  { name: "glioma", folders: ["glioma", "glioma_tumor"] },
  { name: "meningioma", folders: ["meningioma", "meningioma_tumor"] },
  { name: "pituitary tumour", folders: ["pituitary", "pituitary_tumor"] },
];

export const brainTumourMri = publicDataset(
  {
    name: "brain-tumour-mri",
    title: "Brain Tumor MRI Dataset (Kaggle)",
    modality: "MRI",
    region: "brain",
    size: "7,023 slices",
    task: "4 classes: no tumour, glioma, meningioma, pituitary tumour",
    licence: {
      name: "See the owner's page",
      url: "https://www.kaggle.com/datasets/masoudnickparvar/brain-tumor-mri-dataset",
    },
    citation: {
      authors: "Nickparvar M",
      title: "Brain Tumor MRI Dataset",
      source: "Kaggle",
      year: 2021,
    },
    access: "registration",
    url: "https://www.kaggle.com/datasets/masoudnickparvar/brain-tumor-mri-dataset",
    steps: ["Log in at Kaggle, download the archive and unpack it."],
    layout: ["Training/glioma/…, meningioma/…, notumor/…, pituitary/…", "Testing/…"],
    caveats: [
      "Slices of one patient are not told: training and test side may share patients and near-duplicates.",
      "Slices without tumour come from another source than those with one: a model may learn the source.",
    ],
  },
  { options: noOptions, readImages },
);

async function readImages(folder: DatasetFolder): Promise<ImageDataset> {
  return collectImages(folder, listClassFolders(folder, { classes }), {
    target: classTarget(
      "class",
      classes.map(({ name }) => name),
    ),
    layout: "folders",
  });
}
