// Filters against scipy and numpy.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { makeImage, type Triple } from "../../../src/base/index.ts";
import { applyTransforms, gradientMagnitude, medianFilter } from "../../../src/imaging/index.ts";

interface Expected {
  size: Triple;
  spacing: Triple;
  image: number[];
  median1: number[];
  median201: number[];
  median4: number[];
  gradient: number[];
}

const { size, spacing, ...expected }: Expected = JSON.parse(
  readFileSync(new URL("expected/filters.json", import.meta.url), "utf8"),
);
const geometry = { frame: "pixels", size, spacing } as const;
const image = makeImage({ geometry, data: Int16Array.from(expected.image) });

describe("A filter", () => {
  it("takes scipy's medians, mirrored at the border however far it reaches", () => {
    expect([...medianFilter(image).data]).toEqual(expected.median1);
    expect([...medianFilter(image, { radius: [2, 0, 1] }).data]).toEqual(expected.median201);
    expect([...medianFilter(image, { radius: 4 }).data]).toEqual(expected.median4);
  });

  it("takes numpy's gradient, in mm", () => {
    const { data } = gradientMagnitude(image);
    for (const [at, value] of expected.gradient.entries()) expect(data[at]).toBeCloseTo(value, 3);
    const nowhere = makeImage({ geometry: { ...geometry, spacing: undefined }, data: image.data });
    expect(() => gradientMagnitude(nowhere)).toThrow(/unit: "voxels"/);
  });

  it("works on each channel by itself", async () => {
    const data = Float32Array.of(...expected.image, ...expected.image.map((value) => 2 * value));
    const two = makeImage({ geometry, channels: [{ name: "echo", size: 2 }], data });
    const { image: filtered } = await applyTransforms(two, [{ name: "median", radius: 1 }]);
    const doubled = expected.median1.map((value) => 2 * value);
    expect([...filtered.data]).toEqual([...expected.median1, ...doubled]);
    const { image: flat } = await applyTransforms(two, [{ name: "gradient-magnitude" }]);
    expect(flat.data[120]).toBeCloseTo(2 * flat.data[0], 3);
  });
});
