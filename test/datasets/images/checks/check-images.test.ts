// What is found in images before training: duplicates, patients, marks, sites, sizes, imbalance.

import { describe, expect, it } from "vitest";
import { type Column, randomStream } from "../../../../src/base/index.ts";
import { findBurntInMarks } from "../../../../src/datasets/images/checks/burnt-in-marks.ts";
import {
  checkImages,
  type ImageDataset,
  type ImagePreparation,
  type ImageSample,
  openImageStore,
  readImageDataset,
} from "../../../../src/datasets/index.ts";
import { writePng } from "../../../../src/formats/index.ts";
import { emptyFolder, folderOf } from "../image-folders.ts";

const preparation: ImagePreparation = {
  size: [32, 32],
  channels: 1,
  fit: "stretch",
  intensity: { kind: "type-range" },
};

/** Smooth spots that differ with `seed`, as bright as asked. */
function spots(seed: number, { brightness = 0.5, size = 32 } = {}): Float32Array {
  const random = randomStream({ seed, purpose: "test/spots" });
  const places = Array.from({ length: 6 }, () => [
    random.uniform(),
    random.uniform(),
    0.05 + 0.1 * random.uniform(),
  ]);
  return Float32Array.from({ length: size * size }, (_, at) => {
    const [x, y] = [(at % size) / size, Math.floor(at / size) / size];
    const sum = places.reduce(
      (total, [u, v, r]) => total + Math.exp(-((x - u) ** 2 + (y - v) ** 2) / (2 * r * r)),
      0,
    );
    return Math.min(0.8, brightness * 0.6 * sum);
  });
}

function storeOf(images: readonly Float32Array[]) {
  return {
    count: images.length,
    shape: [1, 32, 32],
    read: (at: number) => images[at].slice(),
    close() {},
  };
}

function datasetOf(
  samples: readonly Partial<ImageSample>[],
  columns: readonly Column[] = [],
): ImageDataset {
  return {
    ...{ path: "/d", layout: "folders", problems: [], notes: [], columns },
    target: { kind: "classes", name: "class", classes: ["a", "b"], ordered: false },
    samples: samples.map((sample, at) => ({
      path: `/d/${at}.png`,
      name: `${at}`,
      target: at % 2,
      ...sample,
    })),
  };
}

const check = (dataset: ImageDataset, images: readonly Float32Array[]) =>
  checkImages(dataset, storeOf(images), { preparation, look: 0 });
const kinds = (checks: Awaited<ReturnType<typeof check>>) =>
  checks.findings.map(({ kind, severity }) => `${severity}: ${kind}`);
const many = (count: number) => Array.from({ length: count }, (_, at) => spots(at));

describe("Checking images", () => {
  it("finds nothing in images that are well", async () => {
    const checks = await check(datasetOf(Array.from({ length: 60 }, () => ({}))), many(60));
    expect(checks.findings).toEqual([]);
    expect(checks.balance).toEqual([
      { name: "a", count: 30, patients: 30, sides: {} },
      { name: "b", count: 30, patients: 30, sides: {} },
    ]);
  });

  it("finds equal and nearly equal images, those on two sides being leaks", async () => {
    const images = many(60);
    images[7] = images[3].slice();
    images[20] = images[10].map((value) => value * 0.98 + 0.01);
    const plain = await check(datasetOf(Array.from({ length: 60 }, () => ({}))), images);
    expect(plain.duplicates.map(({ a, b, kind }) => [a, b, kind])).toEqual([
      [3, 7, "equal"],
      [10, 20, "near"],
    ]);
    expect(kinds(plain)).toEqual(["note: duplicate-images", "note: near-duplicate-images"]);
    const sides = Array.from(
      { length: 60 },
      (_, at) => ({ side: at < 15 ? "test" : "train" }) as const,
    );
    const split = await check(datasetOf(sides), images);
    expect(kinds(split)).toEqual(["leak: near-duplicate-images", "note: duplicate-images"]);
    expect(split.findings[0].samples).toEqual([[10, 20]]);
  });

  it("finds equal images with two labels", async () => {
    const images = many(60);
    images[4] = images[3].slice();
    const { findings } = await check(datasetOf(Array.from({ length: 60 }, () => ({}))), images);
    expect(findings.map(({ kind }) => kind)).toContain("conflicting-labels");
  });

  it("does not compare images of one patient with each other, but finds a patient on two sides", async () => {
    const images = many(60);
    images[1] = images[0].map((value) => value * 0.99);
    const samples = Array.from(
      { length: 60 },
      (_, at): Partial<ImageSample> => ({
        ...{ patient: `p${Math.floor(at / 2)}`, side: at === 1 ? "test" : "train" },
      }),
    );
    const { findings, duplicates } = await check(datasetOf(samples), images);
    expect(duplicates).toEqual([]);
    expect(findings[0]).toMatchObject({
      kind: "shared-patient",
      severity: "leak",
      figure: 1,
      samples: [[0, 1]],
    });
  });

  it("tells of few images, and of a class that outnumbers the other", async () => {
    const samples = Array.from({ length: 120 }, (_, at) => ({ target: at < 10 ? 0 : 1 }));
    expect(kinds(await check(datasetOf(samples), many(120)))).toEqual([
      "warning: few-images",
      "note: class-imbalance",
    ]);
  });

  it("summarises grey values by site, and finds sites that differ or tell the class", async () => {
    const site = Array.from({ length: 60 }, (_, at) => (at % 2 ? "north" : "south"));
    const images = site.map((name, at) => spots(at, { brightness: name === "north" ? 0.9 : 0.4 }));
    const column: Column = { kind: "text", name: "hospital", values: site };
    const checks = await check(
      datasetOf(
        Array.from({ length: 60 }, () => ({})),
        [column],
      ),
      images,
    );
    expect(kinds(checks)).toEqual(["warning: site-intensity", "warning: site-tells-class"]);
    const north = checks.intensities.find(({ group }) => group === "north");
    expect(north).toMatchObject({ column: "hospital", images: 30 });
    expect(north?.mean).toBeGreaterThan(0.15);
  });

  it("looks at originals for writing and sizes that go with the class", async () => {
    const files: Record<string, Uint8Array> = {};
    for (let at = 0; at < 40; at++) {
      const size = at % 2 ? 96 : 80;
      const plane = spots(at, { size });
      if (at % 2) write(plane, size, 8, 8, 4);
      files[`${at % 2 ? "a" : "b"}/${at}.png`] = png(plane, size);
    }
    const dataset = await readImageDataset(await folderOf(files));
    const store = await openImageStore(await emptyFolder(), dataset, preparation, { threads: 0 });
    const { findings, looked } = await checkImages(dataset, store, { preparation, threads: 0 });
    expect(looked).toHaveLength(40);
    const found = findings.map(({ kind }) => kind);
    expect(found).toContain("burnt-in-marks");
    expect(found).toContain("size-tells-class");
    const marked = looked.find(({ marks }) => marks.length > 0);
    expect(marked?.marks[0]).toEqual({ kind: "text", box: [8, 8, 31, 15] });
    store.close();
  });
});

describe("Burnt-in marks", () => {
  it("are a row of letters, or one letter in the dark near the border", () => {
    const plane = spots(1, { size: 128 }).map((value) => value * 0.5);
    expect(findBurntInMarks({ values: plane, width: 128, height: 128 })).toEqual([]);
    write(plane, 128, 60, 100, 5);
    const dark = new Float32Array(128 * 128);
    write(dark, 128, 4, 4, 1);
    expect(
      findBurntInMarks({ values: plane, width: 128, height: 128 }).map(({ kind }) => kind),
    ).toEqual(["text"]);
    expect(
      findBurntInMarks({ values: dark, width: 128, height: 128 }).map(({ kind }) => kind),
    ).toEqual(["marker"]);
  });

  it("are not bright spots with soft borders, nor a single letter amid the image", () => {
    const soft = Float32Array.from({ length: 128 * 128 }, (_, at) => {
      const [x, y] = [(at % 128) - 20, Math.floor(at / 128) - 20];
      return Math.exp(-(x * x + y * y) / 90);
    });
    expect(findBurntInMarks({ values: soft, width: 128, height: 128 })).toEqual([]);
    const middle = new Float32Array(128 * 128);
    write(middle, 128, 62, 60, 1);
    expect(findBurntInMarks({ values: middle, width: 128, height: 128 })).toEqual([]);
  });
});

const LETTER = ["#   #", "#   #", "#   #", "#####", "#   #", "#   #", "#   #"];

/** Letters H, six pixels apart. */
function write(
  plane: Float32Array,
  width: number,
  left: number,
  top: number,
  letters: number,
): void {
  for (let letter = 0; letter < letters; letter++) {
    LETTER.forEach((row, y) => {
      for (let x = 0; x < 5; x++) {
        if (row[x] === "#") plane[(top + y) * width + left + letter * 6 + x] = 1;
      }
    });
  }
}

function png(plane: Float32Array, size: number): Uint8Array {
  const data = Array.from(plane, (value) => Math.round(value * 255));
  return writePng({ width: size, height: size, channels: 1, depth: 8, data });
}
