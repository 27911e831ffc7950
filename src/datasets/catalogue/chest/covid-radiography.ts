// COVID-19 Radiography Database. Facts: README.md.txt of the data set; kaggle.com/tawsifurrahman/covid19-radiography-database.

import type { CaseDataset } from "../../cases/case-dataset.ts";
import type { ImageDataset } from "../../images/image-dataset.ts";
import { noOptions, publicDataset } from "../public-dataset.ts";
import { isPicture, listClassFolders } from "../reading/class-folders.ts";
import { collectCases } from "../reading/collect-cases.ts";
import { classTarget, collectImages } from "../reading/collect-images.ts";
import type { DatasetFolder, FolderFile } from "../reading/dataset-folder.ts";

const classes = [
  { name: "normal", folders: ["normal"] },
  { name: "COVID-19", folders: ["covid", "covid-19"] },
  { name: "lung opacity", folders: ["lung_opacity"] },
  { name: "viral pneumonia", folders: ["viral pneumonia", "viral_pneumonia"] },
];
const names = classes.map(({ name }) => name);

export const covidRadiography = publicDataset(
  {
    name: "covid-radiography",
    title: "COVID-19 Radiography Database",
    modality: "X-ray",
    region: "chest",
    size: "21,165 films: 10,192 normal, 3,616 COVID-19, 6,012 lung opacity, 1,345 viral pneumonia",
    task: "4 classes; masks of the lungs",
    licence: { name: "See the owner's page" },
    citation: {
      authors: "Chowdhury MEH, Rahman T, Khandakar A, et al.",
      title: "Can AI Help in Screening Viral and COVID-19 Pneumonia?",
      source: "IEEE Access 8, 132665–132676",
      year: 2020,
      doi: "10.1109/ACCESS.2020.3010287",
    },
    access: "registration",
    url: "https://www.kaggle.com/datasets/tawsifurrahman/covid19-radiography-database",
    steps: ["Log in at Kaggle, download the archive and unpack it."],
    layout: [
      "COVID-19_Radiography_Dataset/COVID/images/COVID-1.png",
      "COVID-19_Radiography_Dataset/COVID/masks/COVID-1.png",
      "COVID-19_Radiography_Dataset/Lung_Opacity/…, Normal/…, Viral Pneumonia/…",
    ],
    caveats: [
      "Classes come from different sources (viral pneumonia from children): a model may learn the source.",
      "Patients are not told; there is no official split.",
      "Most films are those of other data sets: lung opacity and 8,851 normal ones of RSNA Pneumonia (thus of NIH ChestX-ray14), 1,341 normal ones and viral pneumonia of Kermany et al., 2,473 with COVID-19 of BIMCV, which the readme calls PadChest.",
      "Its readme also asks to cite Rahman et al., Computers in Biology and Medicine 132, 104319 (2021), doi:10.1016/j.compbiomed.2021.104319.",
    ],
  },
  { options: noOptions, readImages, readCases },
);

async function readImages(folder: DatasetFolder): Promise<ImageDataset> {
  const images = listFilms(folder).map(({ mask, ...image }) => ({
    ...image,
    ...(mask && { masks: [mask.path] }),
  }));
  return collectImages(folder, images, { target: classTarget("class", names), layout: "folders" });
}

async function readCases(folder: DatasetFolder): Promise<CaseDataset> {
  const cases = listFilms(folder).map(({ file, mask, target }) => ({
    name: (file as FolderFile).name,
    files: [file],
    masks: [{ file: mask, structure: "lungs" }],
    about: { class: names[target as number] },
  }));
  return collectCases(folder, cases, {
    channels: ["X-ray"],
    structures: [{ value: 1, name: "lungs" }],
    notes: ["Masks are 256 × 256 pixels, films 299 × 299: one of the two has to be resampled."],
  });
}

function listFilms(folder: DatasetFolder) {
  const isImage = (file: FolderFile) => isPicture(file) && !isMask(file);
  return listClassFolders(folder, { classes, isImage }).map((image) => {
    const parts = (image.file as FolderFile).parts.slice(-3);
    return { ...image, mask: folder.findByEnd(`${parts[0]}/masks/${parts[2]}`) };
  });
}

function isMask({ parts }: FolderFile): boolean {
  return parts.at(-2)?.toLowerCase() === "masks";
}
