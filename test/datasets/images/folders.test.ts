// Data sets in which a folder is a class, arranged as the well-known ones are.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  type ImageDataset,
  isImageDataset,
  readImageDataset,
} from "../../../src/datasets/index.ts";
import { folderOf, smallPicture } from "./image-folders.ts";

const classesOf = ({ target }: ImageDataset) => (target.kind === "classes" ? target.classes : []);
const inWords = (dataset: ImageDataset) =>
  dataset.samples.map(({ name, target, side }) =>
    [name, classesOf(dataset)[target as number], side].filter(Boolean).join(" → "),
  );
const countOf = ({ problems }: ImageDataset, kind: string) =>
  problems.filter((one) => one.kind === kind).reduce((sum, { count }) => sum + count, 0);

describe("A folder per class", () => {
  it.each<[string, string[], string[]]>([
    ["plain", ["cat/a.png", "dog/b.png"], ["cat/a.png → cat", "dog/b.png → dog"]],
    [
      "brain tumours: sides above classes, written in two ways",
      [
        "Training/Glioma/a.png",
        "Training/no tumor/b.png",
        "Testing/glioma/c.png",
        "Testing/no tumor/d.png",
      ],
      [
        "Testing/glioma/c.png → glioma → test",
        "Testing/no tumor/d.png → no tumor → test",
        "Training/Glioma/a.png → glioma → train",
        "Training/no tumor/b.png → no tumor → train",
      ],
    ],
    [
      "breast ultrasound: masks among the images",
      [
        "Dataset_BUSI_with_GT/benign/benign (1).png",
        "Dataset_BUSI_with_GT/benign/benign (1)_mask.png",
        "Dataset_BUSI_with_GT/benign/benign (1)_mask_1.png",
        "Dataset_BUSI_with_GT/malignant/malignant (1).png",
        "Dataset_BUSI_with_GT/malignant/malignant (1)_mask.png",
        "Dataset_BUSI_with_GT/normal/normal (1).png",
        "Dataset_BUSI_with_GT/normal/normal (1)_mask.png",
      ],
      [
        "Dataset_BUSI_with_GT/benign/benign (1).png → benign",
        "Dataset_BUSI_with_GT/malignant/malignant (1).png → malignant",
        "Dataset_BUSI_with_GT/normal/normal (1).png → normal",
      ],
    ],
    [
      "chest X-rays: images and masks in folders of their own",
      [
        "COVID/images/COVID-1.png",
        "COVID/masks/COVID-1.png",
        "Normal/images/Normal-1.png",
        "Normal/masks/Normal-1.png",
      ],
      ["COVID/images/COVID-1.png → COVID", "Normal/images/Normal-1.png → Normal"],
    ],
    [
      "paediatric chest X-rays: a copy of everything beside the sides",
      [
        "chest_xray/train/NORMAL/IM-0115-0001.png",
        "chest_xray/train/PNEUMONIA/person1_virus_6.png",
        "chest_xray/test/NORMAL/IM-0001-0001.png",
        "chest_xray/test/PNEUMONIA/person3_virus_16.png",
        "chest_xray/chest_xray/train/NORMAL/IM-0115-0001.png",
        "chest_xray/__MACOSX/train/NORMAL/._IM-0115-0001.png",
      ],
      [
        "chest_xray/test/NORMAL/IM-0001-0001.png → NORMAL → test",
        "chest_xray/test/PNEUMONIA/person3_virus_16.png → PNEUMONIA → test",
        "chest_xray/train/NORMAL/IM-0115-0001.png → NORMAL → train",
        "chest_xray/train/PNEUMONIA/person1_virus_6.png → PNEUMONIA → train",
      ],
    ],
    [
      "sides within classes",
      ["a/train/1.png", "a/val/2.png", "b/train/3.png", "b/val/4.png"],
      [
        "a/train/1.png → a → train",
        "a/val/2.png → a → validation",
        "b/train/3.png → b → train",
        "b/val/4.png → b → validation",
      ],
    ],
    [
      "a class that is called test is no side",
      ["control/1.png", "test/2.png"],
      ["control/1.png → control", "test/2.png → test"],
    ],
    [
      "names with odd characters",
      ['Größe, "groß" 🫁/1.png', "it's 'b'; $(rm)/2.png"],
      ['Größe, "groß" 🫁/1.png → Größe, "groß" 🫁', "it's 'b'; $(rm)/2.png → it's 'b'; $(rm)"],
    ],
    [
      "a wrapping in a wrapping",
      ["data/dataset/x/1.png", "data/dataset/y/2.png", "data/readme.txt", "data/.DS_Store"],
      ["data/dataset/x/1.png → x", "data/dataset/y/2.png → y"],
    ],
  ])("reads %s", async (_, files, expected) => {
    const dataset = await readImageDataset(await folderOf(files));
    expect(inWords(dataset)).toEqual(expected);
  });

  it("remembers the masks of an image", async () => {
    const dataset = await readImageDataset(
      await folderOf([
        "b/b (1).png",
        "b/b (1)_mask.png",
        "b/b (1)_mask_1.png",
        "m/images/x.png",
        "m/masks/x.png",
      ]),
    );
    const masks = dataset.samples.map((sample) =>
      sample.masks?.map((path) => path.split(/[\\/]/).at(-1)),
    );
    expect(masks).toEqual([["b (1)_mask.png", "b (1)_mask_1.png"], ["x.png"]]);
    expect(dataset.notes.join(" ")).toContain("3 masks");
  });

  it("puts the clinical finding of two classes second", async () => {
    const dataset = await readImageDataset(await folderOf(["PNEUMONIA/1.png", "NORMAL/2.png"]));
    expect(classesOf(dataset)).toEqual(["NORMAL", "PNEUMONIA"]);
  });

  it("lists a class without images, and one that a side lacks", async () => {
    const folder = await folderOf([
      "train/a/1.png",
      "train/b/2.png",
      "train/c/3.png",
      "test/a/4.png",
      "test/b/5.png",
    ]);
    await mkdir(join(folder, "train", "d"));
    const dataset = await readImageDataset(folder);
    expect(classesOf(dataset)).toEqual(["a", "b", "c"]);
    const subjects = dataset.problems
      .filter(({ kind }) => kind === "empty-class")
      .flatMap((one) => one.subjects);
    expect(subjects).toEqual(["train/d", "c"]);
  });

  it("lists images in no class and files that are no images", async () => {
    const dataset = await readImageDataset(
      await folderOf({
        ...pictures(["a/1.png", "b/2.png", "loose.png"]),
        "a/notes.txt": "x",
        "b/strange": "?",
      }),
    );
    expect(dataset.samples).toHaveLength(2);
    expect(countOf(dataset, "without-label")).toBe(1);
    expect(countOf(dataset, "not-an-image")).toBe(2);
  });

  it.each([
    ["patient00001/study1/a.png", "patient00001"],
    ["sub-02/a.png", "sub-02"],
    ["person12_bacteria_34.png", "person12"],
    ["patient_7_left.png", "patient_7"],
    ["CNV-1016042-3.png", "1016042"],
    ["IM-0001-0002.png", undefined],
    ["image12.png", undefined],
  ])("tells the patient of %s", async (name, patient) => {
    const dataset = await readImageDataset(await folderOf([`x/${name}`, "y/z.png"]));
    expect(dataset.samples[0].patient).toBe(patient);
  });

  it("does not take the numbered persons of one side for those of the test side", async () => {
    const dataset = await readImageDataset(
      await folderOf([
        "train/a/person1_virus_6.png",
        "train/b/2.png",
        "test/a/person1_virus_7.png",
        "test/b/4.png",
      ]),
    );
    expect(dataset.samples.map(({ patient }) => patient)).toEqual([
      "test person1",
      undefined,
      "person1",
      undefined,
    ]);
  });

  it.each<[string, string[], RegExp]>([
    ["nothing", [], /no images among 0 files/],
    ["one class", ["a/1.png", "a/2.png"], /single class "a"/],
    ["one class and something else", ["x/a/1.png", "x/2.png"], /single class "a"/],
    ["no folders", ["1.png"], /1 image in no folder/],
  ])("refuses %s, and tells so before", async (_, files, message) => {
    expect(await isImageDataset(await folderOf(files))).toBe(false);
    await expect(folderOf(files).then((folder) => readImageDataset(folder))).rejects.toThrow(
      message,
    );
  });
});

function pictures(names: readonly string[]): Record<string, Uint8Array> {
  return Object.fromEntries(names.map((name, at) => [name, smallPicture(at)]));
}
