// MIMIC-CXR-JPG and MIMIC-CXR. Facts: physionet.org/content/mimic-cxr-jpg/2.1.0; columns as in mimic-cxr-2.0.0-chexpert.csv,
// -negbio.csv, -split.csv and -metadata.csv.

import {
  oneOf,
  parameters,
  type SettingsOf,
  type Table,
  type WorkOptions,
} from "../../../base/index.ts";
import type { ImageDataset, ImageSide } from "../../images/image-dataset.ts";
import { publicDataset } from "../public-dataset.ts";
import { collectImages } from "../reading/collect-images.ts";
import type { DatasetFolder } from "../reading/dataset-folder.ts";
import { keyColumn, readTableFile, textColumn } from "../reading/table-file.ts";
import { chexpertLabels } from "./chexpert.ts";
import { policyNote, uncertainLabelOptions, uncertainTargets } from "./uncertain-labels.ts";

const options = parameters({
  ...uncertainLabelOptions,
  labeller: oneOf("chexpert", "negbio")
    .default("chexpert")
    .describe("whose labels: chexpert (the default) or negbio"),
});
type Settings = SettingsOf<typeof options>;

export const mimicCxr = publicDataset(
  {
    name: "mimic-cxr",
    title: "MIMIC-CXR-JPG",
    modality: "X-ray",
    region: "chest",
    size: "377,110 films of 227,827 studies",
    task: "14 observations (multi-label), with uncertainty",
    licence: {
      name: "PhysioNet credentialed access; data use agreement of the project",
      url: "https://physionet.org/content/mimic-cxr-jpg/",
    },
    citation: {
      authors: "Johnson A, Lungren M, Peng Y, Lu Z, Mark R, Berkowitz S, Horng S",
      title: "MIMIC-CXR-JPG - chest radiographs with structured labels (version 2.1.0)",
      source: "PhysioNet",
      year: 2024,
      doi: "10.13026/jsn5-t979",
    },
    access: "agreement",
    url: "https://physionet.org/content/mimic-cxr-jpg/",
    steps: [
      "Become a credentialed user of PhysioNet and sign the project's data use agreement.",
      "Download the project's files into one folder. For DICOM take the images from MIMIC-CXR, the tables from MIMIC-CXR-JPG.",
    ],
    layout: [
      "mimic-cxr-2.0.0-chexpert.csv.gz    (or unpacked)",
      "mimic-cxr-2.0.0-split.csv.gz",
      "mimic-cxr-2.0.0-metadata.csv.gz",
      "files/p10/p10000032/s50414267/02aa804e-bde0afdd-112c0b34-7bc16630-4e384014.jpg",
    ],
    caveats: [
      "Labels were taken from reports by a program.",
      "A study's labels stand at each of its views, frontal or lateral.",
    ],
  },
  { options, readImages },
);

const sides: Record<string, ImageSide> = { train: "train", validate: "validation", test: "test" };

/** A row an image in the split and metadata, a row a study in the labels. */
async function readImages(
  folder: DatasetFolder,
  settings: Settings,
  work: WorkOptions,
): Promise<ImageDataset> {
  const table = (kind: string) => {
    const name = `mimic-cxr-2.0.0-${kind}.csv`;
    return readTableFile(folder.need(name, `${name}.gz`), work);
  };
  const split = await table("split");
  const targets = studyTargets(await table(settings.labeller), settings);
  const views = imageViews(await table("metadata"));
  const subjects = keyColumn(split, "subject_id");
  const studies = keyColumn(split, "study_id");
  const splits = keyColumn(split, "split");
  const images = keyColumn(split, "dicom_id").map((image, row) => {
    const patient = subjects[row];
    const end = `p${patient}/s${studies[row]}/${image}`;
    return {
      listedAs: end,
      file: folder.findByEnd(`${end}.jpg`) ?? folder.findByEnd(`${end}.dcm`),
      target: targets.get(studies[row]),
      patient,
      side: sides[splits[row]],
      about: { study: studies[row], view: views.get(image) ?? null },
    };
  });
  return collectImages(folder, images, {
    target: { kind: "labels", name: "observations", labels: chexpertLabels },
    layout: "manifest",
    notes: [policyNote(settings), `Labels are those of the ${settings.labeller} labeller.`],
  });
}

function studyTargets(table: Table, settings: Settings): Map<string, number[]> {
  const targets = uncertainTargets(table, chexpertLabels, settings);
  return new Map(keyColumn(table, "study_id").map((study, row) => [study, targets[row]]));
}

function imageViews(table: Table): Map<string, string | null> {
  const views = textColumn(table, "ViewPosition");
  return new Map(keyColumn(table, "dicom_id").map((image, row) => [image, views[row]]));
}
