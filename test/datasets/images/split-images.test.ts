// Splits of images: patients on one side, the data set's own sides kept, every class on every side.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ImageDataset, type ImageSample, splitImages } from "../../../src/datasets/index.ts";

function datasetOf(
  samples: readonly Partial<ImageSample>[],
  classes = ["a", "b", "c"],
): ImageDataset {
  return {
    ...{ path: "/d", layout: "folders", columns: [], problems: [], notes: [] },
    target: { kind: "classes", name: "class", classes, ordered: false },
    samples: samples.map((sample, at) => ({
      path: `/d/${at}`,
      name: `${at}`,
      target: at % classes.length,
      ...sample,
    })),
  };
}

describe("Splitting images", () => {
  it("deals out every sample once and keeps patients together", () => {
    const patients = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 60, maxLength: 120 });
    fc.assert(
      fc.property(patients, fc.integer({ min: 0, max: 1000 }), (ids, seed) => {
        const dataset = datasetOf(ids.map((id) => ({ patient: `p${id}`, target: id % 3 })));
        const { train, validation, test } = splitImages(dataset, { seed });
        expect([...train, ...validation, ...test].sort((a, b) => a - b)).toEqual([...ids.keys()]);
        const side = new Map<number, number>();
        [train, validation, test].forEach((rows, number) => {
          for (const row of rows) {
            expect(side.get(ids[row]) ?? number).toBe(number);
            side.set(ids[row], number);
          }
        });
      }),
      { numRuns: 30 },
    );
  });

  it("gives every side its share of each class", () => {
    const { train, validation, test } = splitImages(
      datasetOf(Array.from({ length: 300 }, () => ({}))),
    );
    const counts = [train, validation, test].map((rows) =>
      [0, 1, 2].map((label) => rows.filter((row) => row % 3 === label).length),
    );
    expect(counts).toEqual([
      [68, 68, 68],
      [12, 12, 12],
      [20, 20, 20],
    ]);
  });

  it("keeps the sides that the data set states and draws the one that lacks", () => {
    const sides = Array.from(
      { length: 200 },
      (_, at) => ({ side: at < 150 ? "train" : "test" }) as const,
    );
    const { train, validation, test } = splitImages(datasetOf(sides));
    expect([...test]).toEqual(Array.from({ length: 50 }, (_, at) => 150 + at));
    expect([train.length, validation.length]).toEqual([127, 23]);
  });

  it("draws a validation side anew that is too small to tune on", () => {
    const sides = Array.from({ length: 1000 }, (_, at) => {
      return { side: at < 10 ? "validation" : at < 900 ? "train" : "test" } as const;
    });
    const { validation, notes } = splitImages(datasetOf(sides));
    expect(validation).toHaveLength(135);
    expect(notes[0]).toContain("only 10 images");
  });

  it("keeps pairs together", () => {
    const dataset = datasetOf(Array.from({ length: 90 }, () => ({ target: 0 })));
    const together = Array.from({ length: 45 }, (_, at) => [2 * at, 2 * at + 1] as const);
    const { train, test } = splitImages(dataset, { together, validation: 0 });
    for (const [a, b] of together) expect(train.includes(a)).toBe(train.includes(b));
    expect(test.length).toBeGreaterThan(0);
  });

  it("says so where a class has too few images for every side", () => {
    const dataset = datasetOf(
      Array.from({ length: 40 }, (_, at) => ({ target: at === 0 ? 0 : 1 + (at % 2) })),
    );
    const { notes, test } = splitImages(dataset);
    expect(test).toHaveLength(8);
    expect(notes.join(" ")).toContain("without regard to classes");
  });

  it("gives every side its share of each of several findings, as the patients allow", () => {
    const samples = Array.from({ length: 400 }, (_, at) => ({
      patient: `p${Math.floor(at / 2)}`,
      target: [Number(at % 5 === 0), Number(at % 80 < 2), at % 3 === 0 ? Number.NaN : 0],
    }));
    const dataset: ImageDataset = {
      ...datasetOf(samples),
      target: { kind: "labels", name: "findings", labels: ["effusion", "mass", "hernia"] },
    };
    const { train, validation, test, notes } = splitImages(dataset);
    const found = (rows: Uint32Array, finding: number) =>
      rows.filter((row) => samples[row].target[finding] === 1).length;
    expect([train, validation, test].map((rows) => found(rows, 0))).toEqual([54, 10, 16]);
    for (const rows of [train, validation, test]) expect(found(rows, 1)).toBeGreaterThan(0);
    expect(notes).toEqual([]);
  });

  it("gives the same split for the same seed, and another for another", () => {
    const dataset = datasetOf(Array.from({ length: 60 }, () => ({})));
    expect(splitImages(dataset, { seed: 3 })).toEqual(splitImages(dataset, { seed: 3 }));
    expect(splitImages(dataset, { seed: 4 }).test).not.toEqual(
      splitImages(dataset, { seed: 3 }).test,
    );
  });
});
