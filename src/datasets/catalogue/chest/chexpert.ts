// CheXpert. Facts: stanfordmlgroup.github.io/competitions/chexpert, Irvin et al. 2019; columns as in train.csv.

import { parameters, type SettingsOf, type Table, type WorkOptions } from "../../../base/index.ts";
import type { ImageDataset } from "../../images/image-dataset.ts";
import { publicDataset } from "../public-dataset.ts";
import { collectImages, type ListedImage } from "../reading/collect-images.ts";
import type { DatasetFolder } from "../reading/dataset-folder.ts";
import { keyColumn, numberColumn, readTableFile, textColumn } from "../reading/table-file.ts";
import { policyNote, uncertainLabelOptions, uncertainTargets } from "./uncertain-labels.ts";

/** The 14 observations, which MIMIC-CXR-JPG shares. */
export const chexpertLabels = [
  ...["No Finding", "Enlarged Cardiomediastinum", "Cardiomegaly", "Lung Opacity", "Lung Lesion"],
  ...["Edema", "Consolidation", "Pneumonia", "Atelectasis", "Pneumothorax", "Pleural Effusion"],
  ...["Pleural Other", "Fracture", "Support Devices"],
];

const options = parameters(uncertainLabelOptions);
type Settings = SettingsOf<typeof options>;

export const chexpert = publicDataset(
  {
    name: "chexpert",
    title: "CheXpert",
    modality: "X-ray",
    region: "chest",
    size: "224,316 films of 65,240 patients",
    task: "14 observations (multi-label), with uncertainty",
    licence: {
      name: "Stanford's Research Use Agreement",
      url: "https://stanfordmlgroup.github.io/competitions/chexpert/",
    },
    citation: {
      authors: "Irvin J, Rajpurkar P, Ko M, et al.",
      title:
        "CheXpert: A Large Chest Radiograph Dataset with Uncertainty Labels and Expert Comparison",
      source: "Proceedings of the AAAI Conference on Artificial Intelligence 33",
      year: 2019,
      doi: "10.1609/aaai.v33i01.3301590",
    },
    access: "agreement",
    url: "https://stanfordmlgroup.github.io/competitions/chexpert/",
    steps: [
      "Register on the page and accept the Research Use Agreement.",
      "Download CheXpert-v1.0-small or the batches in full size, and unpack them into one folder.",
    ],
    layout: [
      "train.csv, valid.csv",
      "train/patient00001/study1/view1_frontal.jpg",
      "valid/patient64541/study1/view1_frontal.jpg",
    ],
    caveats: [
      "Labels of the training side were taken from reports by a program, those of the validation side were set by radiologists.",
      "A study's labels stand at each of its views, frontal or lateral.",
    ],
  },
  { options, readImages },
);

async function readImages(
  folder: DatasetFolder,
  settings: Settings,
  work: WorkOptions,
): Promise<ImageDataset> {
  const train = listImages(folder, await readTableFile(folder.need("train.csv"), work), settings);
  const valid = folder.find("valid.csv");
  const validation = valid ? listImages(folder, await readTableFile(valid, work), settings) : [];
  const images = [
    ...train.map((image) => ({ ...image, side: "train" as const })),
    ...validation.map((image) => ({ ...image, side: "validation" as const })),
  ];
  return collectImages(folder, images, {
    target: { kind: "labels", name: "observations", labels: chexpertLabels },
    layout: "manifest",
    notes: [policyNote(settings)],
  });
}

function listImages(folder: DatasetFolder, table: Table, settings: Settings): ListedImage[] {
  const targets = uncertainTargets(table, chexpertLabels, settings);
  const sexes = textColumn(table, "Sex");
  const ages = numberColumn(table, "Age");
  const views = textColumn(table, "Frontal/Lateral");
  const projections = textColumn(table, "AP/PA");
  return keyColumn(table, "Path").map((path, row) => {
    // Batches are unpacked to folders of other names: patient, study and view are what stays.
    const [patient, study, view] = path.split("/").slice(-3);
    return {
      listedAs: path,
      file: folder.findByEnd(`${patient}/${study}/${view}`),
      target: targets[row],
      patient,
      about: {
        age: ages[row],
        sex: sexes[row],
        view: views[row],
        projection: projections[row],
      },
    };
  });
}
