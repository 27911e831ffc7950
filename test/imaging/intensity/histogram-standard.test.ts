import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Triple } from "../../../src/base/index.ts";
import {
  type HistogramStandard,
  learnHistogramStandard,
  standardiseHistogram,
} from "../../../src/imaging/intensity/histogram-standard.ts";
import { biasedHead, pixels } from "./generated.ts";

interface Expected {
  size: Triple;
  standard: number[];
  step: number;
  mapped: number[][];
}

const expected: Expected = JSON.parse(
  readFileSync(new URL("expected/nyul.json", import.meta.url), "utf8"),
);

const images = [1, 2, 3].map((seed) => {
  const { values } = biasedHead(expected.size, seed);
  return pixels(
    expected.size,
    Float64Array.from(values, (value) => value * (seed / 2) + 10 * seed),
  );
});

describe("Histogram standardisation", () => {
  it("learns the landmarks that intensity-normalization learns, as plain data", () => {
    const standard = learnHistogramStandard(images);
    for (const [at, landmark] of standard.landmarks.entries()) {
      expect(landmark).toBeCloseTo(expected.standard[at], 9);
    }
    expect(JSON.parse(JSON.stringify(standard))).toEqual(standard);
  });

  it("maps images as it does", () => {
    const standard = learnHistogramStandard(images);
    for (const [at, image] of images.entries()) {
      const { data } = standardiseHistogram(image, { standard }).image;
      const apart = expected.mapped[at].map((value, n) =>
        Math.abs(value - data[n * expected.step]),
      );
      expect(Math.max(...apart)).toBeLessThan(1e-7);
    }
  });

  it("maps landmarks to landmarks, in order", () => {
    const values = fc.uniqueArray(fc.integer({ min: -500, max: 500 }), {
      minLength: 101,
      maxLength: 101,
    });
    const percents = [0, 25, 50, 100];
    const standard: HistogramStandard = { percents, landmarks: [1, 10, 60, 100] };
    fc.assert(
      fc.property(values, (list) => {
        const image = pixels([101, 1, 1], Float64Array.from(list));
        const { data } = standardiseHistogram(image, { standard, foreground: "all" }).image;
        const sorted = list.toSorted((a, b) => a - b);
        const mapped = sorted.map((value) => data[list.indexOf(value)]);
        for (const [at, percent] of percents.entries()) {
          expect(mapped[percent]).toBeCloseTo(standard.landmarks[at], 9);
        }
        expect(mapped.every((value, at) => at === 0 || value > mapped[at - 1])).toBe(true);
      }),
    );
  });

  it("makes scanners alike: the same head, scaled and shifted, comes out the same", () => {
    const standard = learnHistogramStandard(images.slice(0, 1));
    const [one] = images;
    const other = pixels(
      expected.size,
      one.data.map((value) => 3 * value + 50),
    );
    const [a, b] = [one, other].map((image) => standardiseHistogram(image, { standard }).image);
    expect(Math.max(...a.data.map((value, at) => Math.abs(value - b.data[at])))).toBeLessThan(1e-9);
  });

  it("takes landmarks that coincide as one, and measures within masks", () => {
    const standard: HistogramStandard = { percents: [0, 50, 100], landmarks: [0, 50, 100] };
    const two = pixels([4, 1, 1], Float32Array.of(1, 1, 1, 3));
    const { image } = standardiseHistogram(two, { standard, foreground: "all" });
    expect([...image.data]).toEqual([25, 25, 25, 100]);
    const mask = pixels([4, 1, 1], Uint8Array.of(0, 0, 1, 1));
    expect(standardiseHistogram(two, { standard, mask }).found.landmarks).toEqual([[1, 2, 3]]);
    const options = { percents: [0, 100], masks: [mask] };
    expect(learnHistogramStandard([two], options).landmarks).toEqual([1, 100]);
  });

  it("refuses what gives no scale", () => {
    const flat = pixels([2, 1, 1], Float32Array.of(4, 4));
    const standard = { percents: [1, 99], landmarks: [1, 100] };
    expect(() => learnHistogramStandard([])).toThrow(/at least one image/);
    expect(() => learnHistogramStandard([flat], { foreground: "all" })).toThrow(/no width/);
    expect(() => standardiseHistogram(flat, { standard, foreground: "all" })).toThrow(/no width/);
    expect(() => learnHistogramStandard([flat], { percents: [50, 50] })).toThrow(/do not rise/);
    const uneven = { percents: [1, 50, 99], landmarks: [1, 100] };
    expect(() => standardiseHistogram(flat, { standard: uneven })).toThrow(/does not fit together/);
  });
});
