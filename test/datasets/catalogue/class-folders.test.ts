// Readers of data sets that lie in a folder for each class, on folders of their layout.

import { describe, expect, it } from "vitest";
import {
  type ImageDataset,
  readPublicCases,
  readPublicDataset,
} from "../../../src/datasets/index.ts";
import { makeFolder } from "./generated-folder.ts";

/** Name, class, patient and side of every sample. */
function rows({ samples, target }: ImageDataset) {
  if (target.kind !== "classes") throw new Error(`a target of ${target.kind}`);
  return samples.map(({ name, target: number, patient, side }) => [
    name.split("/").at(-1),
    target.classes[number as number],
    patient,
    side,
  ]);
}

describe("Kermany's chest X-rays", () => {
  const images = [
    "chest_xray/test/PNEUMONIA/person1_virus_6.jpeg",
    "chest_xray/train/NORMAL/IM-0115-0001.jpeg",
    "chest_xray/train/NORMAL/NORMAL2-IM-0427-0001.jpeg",
    "chest_xray/train/PNEUMONIA/person1_bacteria_1.jpeg",
    "chest_xray/val/PNEUMONIA/person1946_bacteria_4874.jpeg",
    "__MACOSX/chest_xray/train/NORMAL/._IM-0115-0001.jpeg",
    "OCT2017/train/NORMAL/NORMAL-1038998-1.jpeg",
  ];

  it("are read by patient and side, without the OCT of the same archive", async () => {
    const dataset = await readPublicDataset("kermany-chest-x-ray", makeFolder({}, images));
    expect(rows(dataset)).toEqual([
      ["person1_virus_6.jpeg", "pneumonia", "test person1", "test"],
      ["IM-0115-0001.jpeg", "normal", "IM-0115", "train"],
      ["NORMAL2-IM-0427-0001.jpeg", "normal", "NORMAL2-IM-0427", "train"],
      ["person1_bacteria_1.jpeg", "pneumonia", "person1", "train"],
      ["person1946_bacteria_4874.jpeg", "pneumonia", "person1946", "validation"],
    ]);
  });

  it("count once where Kaggle's archive holds them twice", async () => {
    const twice = images.flatMap((name) => [
      name,
      name.replace("chest_xray/", "chest_xray/chest_xray/"),
    ]);
    const dataset = await readPublicDataset("kermany-chest-x-ray", makeFolder({}, twice));
    expect(dataset.samples).toHaveLength(5);
  });

  it("tell the cause of pneumonia where asked", async () => {
    const options = { classes: "three" };
    const dataset = await readPublicDataset("kermany-chest-x-ray", makeFolder({}, images), options);
    expect(rows(dataset).map(([, name]) => name)).toEqual([
      "viral",
      "normal",
      "normal",
      "bacterial",
      "bacterial",
    ]);
  });
});

it("Kermany's OCT tell their patients by name", async () => {
  const images = [
    "OCT2017 /test/DRUSEN/DRUSEN-228939-1.jpeg",
    "OCT2017 /train/CNV/CNV-1016042-12.jpeg",
    "OCT2017 /train/DME/DME-15208-1.jpeg",
    "OCT2017 /val/NORMAL/NORMAL-5171640-1.jpeg",
  ];
  expect(rows(await readPublicDataset("kermany-oct", makeFolder({}, images)))).toEqual([
    ["DRUSEN-228939-1.jpeg", "drusen", "228939", "test"],
    ["CNV-1016042-12.jpeg", "choroidal neovascularisation", "1016042", "train"],
    ["DME-15208-1.jpeg", "diabetic macular oedema", "15208", "train"],
    ["NORMAL-5171640-1.jpeg", "normal", "5171640", "validation"],
  ]);
});

it.each([
  ["new", ["glioma", "meningioma", "notumor", "pituitary"]],
  ["old", ["glioma_tumor", "meningioma_tumor", "no_tumor", "pituitary_tumor"]],
])("brain tumour MRI is read in its %s edition", async (_, folders) => {
  const images = folders.map((name, at) => `${at % 2 ? "Testing" : "Training"}/${name}/a.jpg`);
  const dataset = await readPublicDataset("brain-tumour-mri", makeFolder({}, images));
  const found = rows(dataset).map(([, name, , side]) => [name, side]);
  expect(found).toHaveLength(4);
  expect(found).toEqual(
    expect.arrayContaining([
      ["glioma", "train"],
      ["meningioma", "test"],
      ["no tumour", "train"],
      ["pituitary tumour", "test"],
    ]),
  );
  expect(dataset.problems).toEqual([]);
});

describe("BUSI", () => {
  const root = () =>
    makeFolder({}, [
      "Dataset_BUSI_with_GT/benign/benign (1).png",
      "Dataset_BUSI_with_GT/benign/benign (1)_mask.png",
      "Dataset_BUSI_with_GT/benign/benign (1)_mask_1.png",
      "Dataset_BUSI_with_GT/malignant/malignant (1).png",
      "Dataset_BUSI_with_GT/malignant/malignant (1)_mask.png",
      "Dataset_BUSI_with_GT/normal/normal (1).png",
    ]);

  it("is read as three classes, masks apart", async () => {
    const dataset = await readPublicDataset("busi", root());
    expect(rows(dataset).map(([name, label]) => [name, label])).toEqual([
      ["benign (1).png", "benign"],
      ["malignant (1).png", "malignant"],
      ["normal (1).png", "normal"],
    ]);
    expect(dataset.samples.map(({ masks = [] }) => masks.length)).toEqual([2, 1, 0]);
  });

  it("has a mask for each lesion", async () => {
    const { cases, structures } = await readPublicCases("busi", root());
    expect(structures).toEqual([{ value: 1, name: "lesion" }]);
    expect(cases.map(({ masks }) => masks.map(({ path }) => path.split("/").at(-1)))).toEqual([
      ["benign (1)_mask.png", "benign (1)_mask_1.png"],
      ["malignant (1)_mask.png"],
      [],
    ]);
  });
});

describe("the COVID-19 Radiography Database", () => {
  const top = "COVID-19_Radiography_Dataset";
  const root = () =>
    makeFolder({ [`${top}/COVID.metadata.xlsx`]: "" }, [
      `${top}/COVID/images/COVID-1.png`,
      `${top}/COVID/masks/COVID-1.png`,
      `${top}/Lung_Opacity/images/Lung_Opacity-1.png`,
      `${top}/Lung_Opacity/masks/Lung_Opacity-1.png`,
      `${top}/Normal/images/Normal-1.png`,
      `${top}/Viral Pneumonia/images/Viral Pneumonia-1.png`,
      `${top}/Viral Pneumonia/masks/Viral Pneumonia-1.png`,
    ]);

  it("is read as four classes, with the lungs where they are marked", async () => {
    const dataset = await readPublicDataset("covid-radiography", root());
    expect(rows(dataset).map(([, label]) => label)).toEqual([
      "COVID-19",
      "lung opacity",
      "normal",
      "viral pneumonia",
    ]);
    expect(dataset.samples.map(({ masks = [] }) => masks.length)).toEqual([1, 1, 0, 1]);
  });

  it("has cases with masks of the lungs, and counts those without", async () => {
    const { cases, columns, problems } = await readPublicCases("covid-radiography", root());
    expect(cases).toHaveLength(3);
    expect(cases[0].masks).toMatchObject([{ structure: "lungs" }]);
    expect(columns[0].values).toEqual(["COVID-19", "lung opacity", "viral pneumonia"]);
    expect(problems).toMatchObject([{ kind: "without-file", count: 1 }]);
  });
});

it("MURA has everything in its paths", async () => {
  const images = [
    "MURA-v1.1/train/XR_SHOULDER/patient00001/study1_positive/._image1.png",
    "MURA-v1.1/train/XR_SHOULDER/patient00001/study1_positive/image1.png",
    "MURA-v1.1/train/XR_WRIST/patient00001/study2_negative/image1.png",
    "MURA-v1.1/valid/XR_HAND/patient11185/study1_positive/image2.png",
    "MURA-v1.1/train/XR_HAND/patient00099/study1_unknown/image1.png",
  ];
  const dataset = await readPublicDataset("mura", makeFolder({}, images));
  expect(rows(dataset)).toEqual([
    ["image1.png", "abnormal", "patient00001", "train"],
    ["image1.png", "normal", "patient00001", "train"],
    ["image2.png", "abnormal", "patient11185", "validation"],
  ]);
  expect(dataset.columns.map(({ values }) => values)).toEqual([
    ["shoulder", "wrist", "hand"],
    [
      "patient00001/study1_positive",
      "patient00001/study2_negative",
      "patient11185/study1_positive",
    ],
  ]);
});
