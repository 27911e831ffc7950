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
      "masks in a tree of their own beside that of the images",
      ["set/images/x/1.png", "set/images/y/2.png", "set/masks/x/1.png", "set/masks/y/2.png"],
      ["set/images/x/1.png → x", "set/images/y/2.png → y"],
    ],
    [
      "a mask whose image is missing",
      ["x/x (1).png", "x/x (1)_mask.png", "x/x (2)_mask_1.png", "y/y (1).png"],
      ["x/x (1).png → x", "y/y (1).png → y"],
    ],
    [
      "a copy of all classes beside them",
      ["no/1.png", "yes/2.png", "brain_tumor_dataset/no/1.png", "brain_tumor_dataset/yes/2.png"],
      ["no/1.png → no", "yes/2.png → yes"],
    ],
    [
      "a test side whose labels are kept back",
      ["train/a/1.png", "train/b/2.png", "test/test/3.png"],
      ["train/a/1.png → a → train", "train/b/2.png → b → train"],
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

  it("remembers masks from a tree of their own", async () => {
    const dataset = await readImageDataset(
      await folderOf(["images/x/1.png", "images/y/2.png", "masks/x/1.png", "masks/y/2_mask.png"]),
    );
    expect(dataset.samples.map(({ masks }) => masks?.length)).toEqual([1, 1]);
  });

  it("counts what it passes over", async () => {
    const dataset = await readImageDataset(
      await folderOf([
        ...["train/a/1.png", "train/b/2.png", "train/a/1_mask.png", "train/a/4_mask.png"],
        ...["test/a/5.png", "test/b/6.png", "test/unknown/7.png", "loose/8.png"],
      ]),
    );
    expect(dataset.problems.map(({ message, subjects }) => [message, ...subjects])).toEqual([
      [
        "1 image in folders that are no class of the training side were left out.",
        "test/unknown/7.png",
      ],
      ["1 image beside the folders of the split were left out.", "loose/8.png"],
      ["1 mask without an image of that name.", "train/a/4_mask.png"],
    ]);
  });

  it("finds nothing odd in documents beside the classes", async () => {
    const dataset = await readImageDataset(
      await folderOf({
        ...pictures(["set/COVID/images/1.png", "set/Normal/images/2.png"]),
        ...{ "set/COVID.metadata.xlsx": "PK", "set/README.md.txt": "x", LICENSE: "MIT" },
        ...{ "docs/a.pdf": "%PDF" },
      }),
    );
    expect(dataset.problems).toEqual([]);
  });

  it("warns where either layer of folders may be the classes", async () => {
    const names = ["Augmented/mild/1.png", "Augmented/severe/2.png", "Original/mild/3.png"];
    const dataset = await readImageDataset(await folderOf([...names, "Original/severe/4.png"]));
    expect(classesOf(dataset)).toEqual(["Augmented", "Original"]);
    expect(countOf(dataset, "ambiguous-classes")).toBe(2);
    expect(countOf(await readImageDataset(await folderOf(names)), "ambiguous-classes")).toBe(0);
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
    ["NORMAL2-IM-0001-0002.png", undefined],
    ["image12.png", undefined],
  ])("tells the patient of %s", async (name, patient) => {
    const dataset = await readImageDataset(await folderOf([`x/${name}`, "y/z.png"]));
    expect(dataset.samples[0].patient).toBe(patient);
  });

  it("tells the normal ones of Kermany's chest X-rays, too", async () => {
    const dataset = await readImageDataset(
      await folderOf([
        "NORMAL/IM-0115-0001.png",
        "NORMAL/NORMAL2-IM-0427-0001-0002.png",
        "PNEUMONIA/person1_virus_6.png",
      ]),
    );
    expect(dataset.samples.map(({ patient }) => patient)).toEqual([
      "IM-0115",
      "NORMAL2-IM-0427",
      "person1",
    ]);
  });

  const patientsIn = async (folders: readonly string[]) => {
    const files = folders.flatMap((folder) => [`${folder}/1.png`, `${folder}/2.png`]);
    const dataset = await readImageDataset(await folderOf(files));
    return new Set(dataset.samples.map(({ patient }) => patient));
  };
  const numbered = (name: (at: number) => string) =>
    Array.from({ length: 12 }, (_, at) => `${at % 2 ? "a" : "b"}/${name(at)}`);

  it.each([
    ["numbered, many of them: patients", numbered((at) => `TCGA-02-${1000 + at}`), 12],
    [
      "the same in two classes: one patient",
      numbered((at) => `LIDC-${1000 + (at >> 1)}`).concat(numbered((at) => `x${at}`)),
      18,
    ],
    [
      "bare numbers: anew in each class",
      numbered((at) => `${at >> 1}`).concat(numbered((at) => `0${at >> 1}`)),
      24,
    ],
    ["without numbers: none", numbered((at) => "subtype".slice(0, 1 + (at >> 1))), 1],
    ["few: none", ["a/1", "a/2", "b/1", "b/2"], 1],
  ])("takes folders within classes that are %s", async (_, folders, count) => {
    expect((await patientsIn(folders)).size).toBe(count);
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
