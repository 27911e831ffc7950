// Tables that list images and labels, written as the well-known data sets write them.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeTable } from "../../../src/base/index.ts";
import {
  type ImageDataset,
  type ImageDatasetOptions,
  readImageDataset,
} from "../../../src/datasets/index.ts";
import { writeData } from "../../../src/formats/index.ts";
import { folderOf, smallPicture } from "./image-folders.ts";

function withPictures(names: readonly string[], others: Record<string, string>) {
  return folderOf({
    ...Object.fromEntries(names.map((name, at) => [name, smallPicture(at)])),
    ...others,
  });
}

async function read(
  names: readonly string[],
  others: Record<string, string>,
  options: ImageDatasetOptions = {},
) {
  return readImageDataset(await withPictures(names, others), options);
}

const inWords = ({ samples, target }: ImageDataset) =>
  samples.map(({ name, target: value, side, patient }) => {
    const meant = target.kind === "classes" ? target.classes[value as number] : String(value);
    return [name, meant, side, patient].filter((part) => part !== undefined).join(" → ");
  });
const countOf = ({ problems }: ImageDataset, kind: string) =>
  problems.filter((one) => one.kind === kind).reduce((sum, { count }) => sum + count, 0);

describe("A table of images", () => {
  it("reads ChestX-ray14: findings side by side, files in any of several folders", async () => {
    const dataset = await read(
      [
        "images_001/images/00000001_000.png",
        "images_002/images/00000001_001.png",
        "images_002/images/00000002_000.png",
      ],
      {
        "Data_Entry_2017.csv": [
          "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender",
          "00000001_000.png,Cardiomegaly,0,1,58,M",
          "00000001_001.png,Cardiomegaly|Emphysema,1,1,58,M",
          "00000002_000.png,No Finding,0,2,81,F",
        ].join("\n"),
      },
    );
    expect(dataset.target).toEqual({
      kind: "labels",
      name: "Finding Labels",
      labels: ["Cardiomegaly", "Emphysema"],
    });
    expect(inWords(dataset)).toEqual([
      "00000001_000.png → 1,0 → 1",
      "00000001_001.png → 1,1 → 1",
      "00000002_000.png → 0,0 → 2",
    ]);
    expect(dataset.columns.map(({ name }) => name)).toEqual([
      "Follow-up #",
      "Patient Age",
      "Patient Gender",
    ]);
    expect(dataset.notes[0]).toContain("Data_Entry_2017.csv");
  });

  it("takes columns named in one text, with commas, for findings, but a column of just that name first", async () => {
    const labels = 'image,Edema,Mass,"a,b"\n1.png,1,0,x\n2.png,0,,y\n';
    const dataset = await read(
      ["1.png", "2.png"],
      { "labels.csv": labels },
      { target: "Mass, Edema" },
    );
    expect(dataset.target).toMatchObject({ kind: "labels", labels: ["Mass", "Edema"] });
    expect(dataset.samples.map(({ target }) => target)).toEqual([
      [0, 1],
      [Number.NaN, 0],
    ]);
    const lone = { target: "Edema", task: "labels" } as const;
    const edema = await read(["1.png", "2.png"], { "labels.csv": labels }, lone);
    expect(edema.target).toMatchObject({ kind: "labels", labels: ["Edema"] });
    const one = await read(["1.png", "2.png"], { "labels.csv": labels }, { target: "a,b" });
    expect(one.target).toMatchObject({ kind: "classes", classes: ["x", "y"] });
  });

  it("reads CheXpert: columns of 0, 1 and −1, sides by the tables' names, patients by folders", async () => {
    const head = "Path,Sex,Age,Edema,Consolidation";
    const dataset = await read(
      [
        "train/patient00001/study1/view1.png",
        "train/patient00002/study1/view1.png",
        "valid/patient00003/study1/view1.png",
      ],
      {
        "train.csv": `${head}\nCheXpert-v1.0/train/patient00001/study1/view1.png,F,68,1,0\nCheXpert-v1.0/train/patient00002/study1/view1.png,M,70,,-1\n`,
        "valid.csv": `${head}\nCheXpert-v1.0/valid/patient00003/study1/view1.png,F,50,0,1\n`,
      },
    );
    expect(dataset.target).toMatchObject({ kind: "labels", labels: ["Edema", "Consolidation"] });
    expect(
      inWords(dataset).map((text) =>
        text.replace(/^.*(patient\d+)\/.* → (.*) → (.*) → .*$/, "$1 $2 $3"),
      ),
    ).toEqual([
      "patient00001 1,0 train",
      "patient00002 NaN,NaN train",
      "patient00003 0,1 validation",
    ]);
    expect(dataset.samples.map(({ patient }) => patient)).toEqual([
      "patient00001",
      "patient00002",
      "patient00003",
    ]);
  });

  it("reads HAM10000: names without ending in folders that look like classes, lesions kept together", async () => {
    const dataset = await read(["part_1/ISIC_1.png", "part_1/ISIC_2.png", "part_2/ISIC_3.png"], {
      "metadata.csv":
        "lesion_id,image_id,dx,age\nL1,ISIC_1,nv,50\nL1,ISIC_2,nv,50\nL2,ISIC_3,mel,60\n",
    });
    expect(inWords(dataset)).toEqual(["ISIC_1 → nv → L1", "ISIC_2 → nv → L1", "ISIC_3 → mel → L2"]);
  });

  it("reads grades in their order, and measurements", async () => {
    const grades = await read(["a.png", "b.png", "c.png", "d.png", "e.png", "f.png"], {
      "labels.tsv": "file\tgrade\na\t2\nb\t0\nc\t1\nd\t2\ne\t1\nf\t0\n",
    });
    expect(grades.target).toEqual({
      kind: "classes",
      name: "grade",
      classes: ["0", "1", "2"],
      ordered: true,
    });
    const ages = await read(["a.png", "b.png"], {
      "t.csv": "img,target\na.png,61.5\nb.png,70.25\n",
    });
    expect(ages.target).toEqual({ kind: "number", name: "target" });
    expect(ages.samples.map(({ target }) => target)).toEqual([61.5, 70.25]);
  });

  it("takes what options say over every guess", async () => {
    const dataset = await read(
      ["x/a.png", "x/b.png"],
      {
        "lists/all.csv":
          "label,other,who,when,pic,f,w,l,t,r,b\n0,yes,p,test,a.png,3,2,0,0,4,4\n1,no,q,train,b.png,0,1,1,1,2,2\n",
      },
      {
        ...{
          manifest: "lists/all.csv",
          image: "pic",
          target: "other",
          patient: "who",
          side: "when",
        },
        ...{ frame: "f", weight: "w", region: ["l", "t", "r", "b"] },
      },
    );
    expect(dataset.samples[0]).toMatchObject({
      ...{
        name: "a.png",
        target: 1,
        patient: "p",
        side: "test",
        frame: 3,
        weight: 2,
        region: [0, 0, 4, 4],
      },
    });
    expect(dataset.columns.map(({ name }) => name)).toEqual(["label"]);
    expect(dataset.notes).toEqual([]);
  });

  it("lists rows without file or label, images that no row names, and rows that repeat", async () => {
    const dataset = await read(["a.png", "b.png", "c.png", "extra.png"], {
      "t.csv": "path,label\na.png,x\nb.png,y\nc.png,\ngone.png,x\na.png,x\n",
    });
    expect(inWords(dataset)).toEqual(["a.png → x", "b.png → y"]);
    expect(countOf(dataset, "without-file")).toBe(1);
    expect(countOf(dataset, "without-label")).toBe(2);
    expect(countOf(dataset, "repeated")).toBe(1);
  });

  it("joins a table that says no labels to folders that are classes", async () => {
    const dataset = await read(["cat/a.png", "dog/b.png", "dog/c.png"], {
      "people.csv": "file,patient,site\ncat/a.png,p1,north\ndog/b.png,p2,south\n",
    });
    expect(inWords(dataset)).toEqual([
      "cat/a.png → cat → p1",
      "dog/b.png → dog → p2",
      "dog/c.png → dog",
    ]);
    expect(dataset.columns).toEqual([
      { kind: "text", name: "site", values: ["north", "south", null] },
    ]);
  });

  it("takes sides from folders where no column tells them", async () => {
    const dataset = await read(["train/a.png", "train/b.png", "test/c.png"], {
      "t.csv": "file,label\na.png,x\nb.png,y\nc.png,x\n",
    });
    expect(inWords(dataset)).toEqual([
      "a.png → x → train",
      "b.png → y → train",
      "c.png → x → test",
    ]);
  });

  it.each(["jsonl", "parquet", "arrow", "tsv"])("reads a table of format %s", async (format) => {
    const folder = await withPictures(["a.png", "b.png"], {});
    const table = makeTable([
      { kind: "text", name: "image", values: ["a.png", "b.png"] },
      { kind: "text", name: "diagnosis", values: ["benign", "malignant"] },
    ]);
    const chunks = await writeData({ kind: "table", table }, format);
    await writeFile(join(folder, `list.${format}`), Buffer.concat([...chunks]));
    expect(inWords(await readImageDataset(join(folder, `list.${format}`)))).toEqual([
      "a.png → benign",
      "b.png → malignant",
    ]);
  });

  it("tells equal names in two folders by their paths, and does not guess between them", async () => {
    const dataset = await read(["x/1.png", "y/1.png"], {
      "t.csv": "path,label\nx/1.png,p\ny/1.png,n\n1.png,p\n",
    });
    expect(inWords(dataset)).toEqual(["x/1.png → p", "y/1.png → n"]);
    expect(countOf(dataset, "without-file")).toBe(1);
  });

  it.each<[string, Record<string, string>, ImageDatasetOptions, RegExp]>([
    [
      "no column of images",
      { "t.csv": "a,label\n1,x\n2,y\n" },
      { manifest: "t.csv" },
      /which column names the images/,
    ],
    [
      "no label",
      { "t.csv": "file,age\na.png,50\nb.png,60\n" },
      { manifest: "t.csv" },
      /which column holds the labels/,
    ],
    [
      "a column that is not there",
      { "t.csv": "file,label\na.png,x\n" },
      { manifest: "t.csv", target: "dx" },
      /no column "dx"/,
    ],
    [
      "text for a number",
      { "t.csv": "file,label\na.png,x\nb.png,y\n" },
      { manifest: "t.csv", task: "number" },
      /Cannot learn a number/,
    ],
    ["a table that is not there", {}, { manifest: "t.csv" }, /no file or folder/],
    ["an option that there is not", {}, { colour: 1 } as ImageDatasetOptions, /no option "colour"/],
  ])("refuses %s", async (_, others, options, message) => {
    await expect(read(["a.png", "b.png"], others, options)).rejects.toThrow(message);
  });
});
