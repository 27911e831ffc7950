// RSNA Pneumonia Detection Challenge. Facts: rsna.org, Shih et al. 2019; columns as in stage_2_train_labels.csv and
// stage_2_detailed_class_info.csv.

import type { Table, WorkOptions } from "../../../base/index.ts";
import type { CaseDataset, CaseMark } from "../../cases/case-dataset.ts";
import type { ImageDataset } from "../../images/image-dataset.ts";
import { noOptions, publicDataset } from "../public-dataset.ts";
import { collectCases } from "../reading/collect-cases.ts";
import { classTarget, collectImages } from "../reading/collect-images.ts";
import type { DatasetFolder } from "../reading/dataset-folder.ts";
import { numberColumn, readTableFile, rowsBy, textColumn } from "../reading/table-file.ts";

const classes = ["Normal", "No Lung Opacity / Not Normal", "Lung Opacity"];

export const rsnaPneumonia = publicDataset(
  {
    name: "rsna-pneumonia",
    title: "RSNA Pneumonia Detection Challenge",
    modality: "X-ray",
    region: "chest",
    size: "26,684 films with labels, each of another id",
    task: "3 classes; boxes around opacities",
    licence: {
      name: "RSNA's terms of use: academic, educational and other uses, commercial ones too, with attribution",
      url: "https://www.rsna.org/education/ai-resources-and-training/ai-image-challenge/rsna-pneumonia-detection-challenge-2018",
    },
    citation: {
      authors: "Shih G, Wu CC, Halabi SS, et al.",
      title:
        "Augmenting the National Institutes of Health Chest Radiograph Dataset with Expert Annotations of Possible Pneumonia",
      source: "Radiology: Artificial Intelligence 1",
      year: 2019,
      doi: "10.1148/ryai.2019180041",
    },
    access: "registration",
    url: "https://www.kaggle.com/c/rsna-pneumonia-detection-challenge",
    steps: [
      "Log in at Kaggle and accept the rules of the challenge.",
      "Download its data and unpack them into one folder.",
    ],
    layout: [
      "stage_2_train_labels.csv",
      "stage_2_detailed_class_info.csv",
      "stage_2_train_images/0004cfab-14fd-4e49-80ba-63a80b6bddd6.dcm",
    ],
    caveats: [
      "The films are a part of NIH ChestX-ray14: a model pretrained there has seen them.",
      "Ids are one a film; films of one person in ChestX-ray14 cannot be told from them.",
    ],
  },
  { options: noOptions, readImages, readCases },
);

async function readImages(
  folder: DatasetFolder,
  _settings: unknown,
  work: WorkOptions,
): Promise<ImageDataset> {
  const table = await readTableFile(folder.need("stage_2_detailed_class_info.csv"), work);
  const names = textColumn(table, "class");
  const images = [...rowsBy(table, "patientId")].map(([id, [row]]) => {
    const number = classes.indexOf(names[row] ?? "");
    return {
      listedAs: id,
      file: folder.find(`${id}.dcm`),
      target: number < 0 ? undefined : number,
      patient: id,
    };
  });
  return collectImages(folder, images, {
    target: classTarget("class", classes),
    layout: "manifest",
  });
}

async function readCases(
  folder: DatasetFolder,
  _settings: unknown,
  work: WorkOptions,
): Promise<CaseDataset> {
  const table = await readTableFile(folder.need("stage_2_train_labels.csv"), work);
  const boxOf = boxes(table);
  const targets = numberColumn(table, "Target");
  const cases = [...rowsBy(table, "patientId")].map(([id, rows]) => ({
    name: id,
    files: [folder.find(`${id}.dcm`)],
    marks: rows.filter((row) => targets[row] === 1).map(boxOf),
    patient: id,
  }));
  return collectCases(folder, cases, { channels: ["X-ray"], findings: ["Lung Opacity"] });
}

function boxes(table: Table): (row: number) => CaseMark {
  const [x, y, width, height] = ["x", "y", "width", "height"].map((name) =>
    numberColumn(table, name),
  );
  return (row) => ({
    kind: "box",
    finding: "Lung Opacity",
    box: [x[row], y[row], x[row] + width[row], y[row] + height[row]],
  });
}
