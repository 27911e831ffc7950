// Files of arrays as MedMNIST comes: two and three axes, grey and colour, classes, findings and grades.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { rowMajorStrides, type Tensor } from "../../../src/base/index.ts";
import { arrayRows } from "../../../src/datasets/images/arrays/array-rows.ts";
import { rowImage } from "../../../src/datasets/images/arrays/row-image.ts";
import { isImageDataset, openImageStore, readImageDataset } from "../../../src/datasets/index.ts";
import { writeNpz } from "../../../src/formats/index.ts";
import { emptyFolder } from "./image-folders.ts";

function tensor(shape: number[], fill = (at: number) => at % 251): Tensor {
  const length = shape.reduce((product, n) => product * n, 1);
  return {
    dtype: "uint8",
    shape,
    strides: rowMajorStrides(shape),
    data: Uint8Array.from({ length }, (_, at) => fill(at)),
  };
}

async function npz(name: string, arrays: Record<string, Tensor>): Promise<string> {
  const path = join(await emptyFolder(), name);
  await writeFile(
    path,
    await writeNpz(Object.entries(arrays).map(([key, value]) => ({ name: key, tensor: value }))),
  );
  return path;
}

const sides = (shape: number[], labels: (count: number) => Tensor) => ({
  ...{ train_images: tensor([4, ...shape]), train_labels: labels(4) },
  ...{ val_images: tensor([2, ...shape]), val_labels: labels(2) },
  ...{ test_images: tensor([3, ...shape]), test_labels: labels(3) },
});

describe("A file of arrays", () => {
  it("reads MedMNIST's sides, and its names with the finding second", async () => {
    const path = await npz(
      "breastmnist_64.npz",
      sides([6, 6], (count) => tensor([count, 1], (at) => at % 2)),
    );
    const dataset = await readImageDataset(path);
    expect(dataset.target).toMatchObject({
      kind: "classes",
      classes: ["normal, benign", "malignant"],
      ordered: false,
    });
    expect(dataset.samples.map(({ side }) => side)).toEqual([
      ...Array(4).fill("train"),
      ...Array(2).fill("validation"),
      ...Array(3).fill("test"),
    ]);
    // 0 is malignant in the file.
    expect(dataset.samples.slice(0, 2).map(({ target }) => target)).toEqual([1, 0]);
    expect(dataset.samples[5]).toMatchObject({
      array: "val_images",
      frame: 1,
      name: "val_images[1]",
    });
  });

  it("reads findings, grades and measurements", async () => {
    const chest = await readImageDataset(
      await npz(
        "chestmnist.npz",
        sides([4, 4], (n) => tensor([n, 14], (at) => at % 2)),
      ),
    );
    expect(chest.target).toMatchObject({
      kind: "labels",
      labels: expect.arrayContaining(["hernia"]),
    });
    expect(chest.samples[0].target).toHaveLength(14);
    const retina = await readImageDataset(
      await npz(
        "retinamnist.npz",
        sides([4, 4, 3], (n) => tensor([n, 1], (at) => at % 5)),
      ),
    );
    expect(retina.target).toMatchObject({ kind: "classes", ordered: true });
    const data = Float64Array.of(0.5, 1.5);
    const measured = await npz("own.npz", {
      images: tensor([2, 4, 4]),
      y: { dtype: "float64", shape: [2], strides: [1], data },
    });
    expect((await readImageDataset(measured)).samples.map(({ target }) => target)).toEqual([
      0.5, 1.5,
    ]);
  });

  it("stores the rows of every array", async () => {
    const path = await npz(
      "pathmnist.npz",
      sides([4, 4, 3], (n) => tensor([n, 1], (at) => at % 9)),
    );
    const dataset = await readImageDataset(path);
    const preparation = {
      size: [4, 4],
      channels: 3,
      fit: "stretch",
      intensity: { kind: "type-range" },
    } as const;
    const store = await openImageStore(await emptyFolder(), dataset, preparation, { threads: 0 });
    expect(store.reference.type).toBe("uint8");
    // Row 2 of val: red of the second pixel is value 48 + 3 of the array.
    const row = store.read(5);
    expect(Math.round(row[1] * 255)).toBe(51);
    expect(Math.round(row[16] * 255)).toBe(49);
    store.close();
  });

  it("gives the rows of a large array a block at a time, in whatever order", async () => {
    const path = await npz("large.npz", { images: tensor([11, 4, 4]) });
    // Blocks of two rows, of which four are kept: going back means to read from the start again.
    const rows = arrayRows(path, "images", { wholeBytes: 0, blockBytes: 40 });
    const first = async (at: number) => {
      const { tensor: block, row } = await rows(at);
      expect(block.shape[0]).toBeLessThanOrEqual(2);
      return (block.data as Uint8Array)[row * block.strides[0]];
    };
    const order = [0, 10, 3, 3, 9, 1, 0, 8];
    const inTurn: number[] = [];
    for (const at of order) inTurn.push(await first(at));
    expect(inTurn).toEqual(order.map((at) => (at * 16) % 251));
    expect(await Promise.all(order.map(first))).toEqual(inTurn);
  });

  it("says what is wrong with a damaged array each time that it is asked", async () => {
    const path = await npz("large.npz", { images: tensor([11, 4, 4]) });
    const bytes = await readFile(path);
    bytes[bytes.indexOf("NUMPY") + 200] ^= 255;
    await writeFile(path, bytes);
    const rows = arrayRows(path, "images", { wholeBytes: 0, blockBytes: 40 });
    for (const _ of [1, 2]) await expect(rows(10)).rejects.toThrow(/damaged/);
  });

  it("is none of images where each row is a list of measurements", async () => {
    const path = await npz("table.npz", { x: tensor([6, 3]), y: tensor([6]) });
    expect(await isImageDataset(path)).toBe(false);
    await expect(readImageDataset(path)).rejects.toThrow(/Cannot find images/);
  });

  it.each<[number[], number[], number]>([
    [[2, 5, 6], [6, 5, 1], 1],
    [[2, 5, 6, 3], [6, 5, 1], 3],
    [[2, 3, 5, 6], [6, 5, 1], 3],
    [[2, 5, 6, 1], [6, 5, 1], 1],
    [[2, 7, 5, 6], [6, 5, 7], 1],
    [[2, 7, 5, 6, 3], [6, 5, 7], 3],
  ])("takes %j for images of size %j", (shape, size, colours) => {
    const image = rowImage(tensor(shape), 1, "x");
    expect(image.geometry.size).toEqual(size);
    expect(image.channels).toEqual(colours > 1 ? [{ name: "color", size: colours }] : []);
  });

  it("follows the strides of Fortran order", () => {
    const data = Uint8Array.from({ length: 12 }, (_, at) => at);
    const image = rowImage({ dtype: "uint8", shape: [2, 2, 3], strides: [1, 2, 4], data }, 1, "x");
    expect([...image.data]).toEqual([1, 5, 9, 3, 7, 11]);
  });

  it.each<[string, Record<string, Tensor>, RegExp]>([
    ["no pair", { pictures: tensor([2, 4, 4]) }, /Cannot find images with labels/],
    [
      "labels of another number",
      { images: tensor([2, 4, 4]), labels: tensor([3]) },
      /expected 2 labels, found 3/,
    ],
    [
      "labels of many axes",
      { images: tensor([2, 4, 4]), labels: tensor([2, 4, 4]) },
      /holds no labels/,
    ],
  ])("refuses %s", async (_, arrays, message) => {
    await expect(npz("x.npz", arrays).then((path) => readImageDataset(path))).rejects.toThrow(
      message,
    );
  });
});
