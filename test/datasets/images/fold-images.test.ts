// Folds of images: every patient in one of them, each class in all.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldImages, type ImageDataset } from "../../../src/datasets/index.ts";

function datasetOf(patients: readonly string[], classes = ["a", "b"]): ImageDataset {
  return {
    ...{ path: "/d", layout: "folders", columns: [], problems: [], notes: [] },
    target: { kind: "classes", name: "class", classes, ordered: false },
    samples: patients.map((patient, at) => ({
      ...{ path: `/d/${at}`, name: `${at}`, patient, target: at % classes.length },
    })),
  };
}

describe("Folds of images", () => {
  it("leave every image out once, and no patient in two folds", () => {
    const patients = fc.array(fc.integer({ min: 0, max: 25 }), { minLength: 60, maxLength: 90 });
    fc.assert(
      fc.property(patients, fc.integer({ min: 2, max: 6 }), (ids, count) => {
        const dataset = datasetOf(ids.map((id) => `p${id}`));
        const rows = Uint32Array.from(ids.keys()).filter((row) => row % 7 !== 0);
        const { folds } = foldImages(dataset, rows, { folds: count });
        expect(folds).toHaveLength(count);
        const left = folds.flatMap(({ validation }) => [...validation]);
        expect(left.sort((a, b) => a - b)).toEqual([...rows]);
        for (const { train, validation } of folds) {
          const known = new Set(Array.from(train, (row) => ids[row]));
          expect(validation.some((row) => known.has(ids[row]))).toBe(false);
          expect(train.length + validation.length).toBe(rows.length);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("have each their share of the classes", () => {
    const dataset = datasetOf(Array.from({ length: 100 }, (_, at) => `p${at}`));
    const rows = Uint32Array.from(dataset.samples.keys());
    for (const { validation } of foldImages(dataset, rows, { folds: 5 }).folds) {
      expect(validation.filter((row) => row % 2 === 0)).toHaveLength(10);
      expect(validation).toHaveLength(20);
    }
  });

  it("keep images together that are alike", () => {
    const dataset = datasetOf(Array.from({ length: 40 }, (_, at) => `p${at}`));
    const rows = Uint32Array.from(dataset.samples.keys());
    const together = [[0, 1] as const, [1, 2] as const];
    for (const { validation } of foldImages(dataset, rows, { folds: 4, together }).folds) {
      expect([0, 3]).toContain(validation.filter((row) => row < 3).length);
    }
  });

  it("are drawn without regard to classes where one has too few patients, and say so", () => {
    const dataset = datasetOf(Array.from({ length: 30 }, (_, at) => `p${at % 15}`));
    const rare = { ...dataset.samples[0], target: 2 };
    const with3 = {
      ...dataset,
      target: { ...dataset.target, classes: ["a", "b", "c"] },
      samples: [rare, ...dataset.samples.slice(1)],
    } as ImageDataset;
    const { folds, notes } = foldImages(with3, Uint32Array.from(with3.samples.keys()), {
      folds: 3,
    });
    expect(folds).toHaveLength(3);
    expect(notes.join()).toContain("without regard to classes");
  });

  it("can't be more than there are patients", () => {
    const dataset = datasetOf(["p1", "p1", "p2", "p2"]);
    expect(() => foldImages(dataset, Uint32Array.of(0, 1, 2, 3), { folds: 3 })).toThrow(
      "Cannot make 3 folds",
    );
  });
});
