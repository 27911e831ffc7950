// Components, holes and flat morphology against scipy and skimage, and by their laws.

import { readFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeImage, type Triple, type VoxelArray } from "../../../src/base/index.ts";
import {
  close,
  connectedComponents,
  dilate,
  erode,
  fillHoles,
  largestComponent,
  open,
  removeSmallComponents,
} from "../../../src/imaging/index.ts";

interface Case {
  size: Triple;
  mask: string;
  labels: string;
  grey: string;
  expected: Record<string, number>;
}

const { cases } = JSON.parse(
  readFileSync(new URL("expected/morphology.json", import.meta.url), "utf8"),
) as { cases: Case[] };

function imageOf<D extends VoxelArray>(size: Triple, data: D) {
  return makeImage({ geometry: { frame: "pixels", size, spacing: undefined }, data });
}

const checksum = ({ data }: { data: VoxelArray }) =>
  crc32(Buffer.from(Int32Array.from(data).buffer));

describe.each(cases)("An image of $size", ({ size, mask: digits, labels, grey, expected }) => {
  const mask = imageOf(size, Uint8Array.from(digits, Number));
  const labelMap = imageOf(size, Int16Array.from(labels, Number));
  const picture = imageOf(size, new Uint8Array(Buffer.from(grey, "hex")));

  it.each([4, 8, 6, 18, 26] as const)("has scipy's components by %i neighbours", (connectivity) => {
    const { labels, count, sizes } = connectedComponents(mask, { connectivity });
    expect(checksum(labels)).toBe(expected[`components ${connectivity}`]);
    expect(labels.data.reduce((most, label) => Math.max(most, label), 0)).toBe(count);
    expect(sizes).toEqual(histogram(labels.data, count));
  });

  it.each([6, 18, 26] as const)("has skimage's label map by %i neighbours", (connectivity) => {
    const { labels, values } = connectedComponents(labelMap, { connectivity, of: "value" });
    expect(checksum(labels)).toBe(expected[`components of values ${connectivity}`]);
    expect(labels.data.every((label, at) => values?.[label] === labelMap.data[at])).toBe(true);
  });

  it("has scipy's holes filled", () => {
    expect(checksum(fillHoles(mask))).toBe(expected["holes of volume"]);
    expect(checksum(fillHoles(mask, { within: "slices" }))).toBe(expected["holes of slices"]);
  });

  it.each(["ball", "box", "cross"] as const)("erodes and dilates by a %s as scipy", (shape) => {
    for (const radius of [1, 2, 4]) {
      const name = `${shape} ${radius}`;
      expect(checksum(erode(picture, { shape, radius }))).toBe(expected[`erode ${name}`]);
      expect(checksum(dilate(picture, { shape, radius }))).toBe(expected[`dilate ${name}`]);
      const element = { shape, radius, outside: "zero" } as const;
      expect(checksum(erode(mask, element))).toBe(expected[`erode mask ${name}`]);
      expect(checksum(open(mask, element))).toBe(expected[`open mask ${name}`]);
      expect(checksum(close(mask, element))).toBe(expected[`close mask ${name}`]);
    }
  });
});

function histogram(labels: Int32Array, count: number): Float64Array {
  const sizes = new Float64Array(count + 1);
  for (const label of labels) sizes[label] += 1;
  return sizes;
}

const sizes = fc.tuple(...[1, 2, 3].map(() => fc.integer({ min: 1, max: 9 })));
const masks = sizes.chain((size) =>
  fc
    .uint8Array({ min: 0, max: 1, minLength: product(size), maxLength: product(size) })
    .map((data) => imageOf(size as unknown as Triple, data)),
);
const elements = fc.record({
  shape: fc.constantFrom("ball" as const, "box" as const, "cross" as const),
  radius: fc.tuple(...[1, 2, 3].map(() => fc.integer({ min: 0, max: 4 }))) as fc.Arbitrary<
    [number, number, number]
  >,
});

function product(size: readonly number[]): number {
  return size.reduce((a, b) => a * b, 1);
}

describe("Morphology", () => {
  const inverted = (image: { data: Uint8Array }) => image.data.map((value) => 1 - value);

  it("erodes what it dilates the complement of", () => {
    fc.assert(
      fc.property(masks, elements, (mask, element) => {
        const background = { ...mask, data: inverted(mask) };
        expect(erode(mask, element).data).toEqual(inverted(dilate(background, element)));
      }),
    );
  });

  it("opens and closes once and for all, opening taking and closing giving", () => {
    fc.assert(
      fc.property(masks, elements, (mask, element) => {
        const opened = open(mask, element);
        const closed = close(mask, element);
        expect(open(opened, element).data).toEqual(opened.data);
        expect(close(closed, element).data).toEqual(closed.data);
        expect(opened.data.every((value, at) => value <= mask.data[at])).toBe(true);
        expect(closed.data.every((value, at) => value >= mask.data[at])).toBe(true);
      }),
    );
  });

  it("fills holes once and for all, and none of what borders on the outside", () => {
    fc.assert(
      fc.property(masks, (mask) => {
        const filled = fillHoles(mask);
        expect(fillHoles(filled).data).toEqual(filled.data);
        expect(filled.data.every((value, at) => value >= mask.data[at])).toBe(true);
      }),
    );
  });
});

describe("Components that are kept", () => {
  const row = imageOf([9, 1, 1], Uint8Array.of(1, 0, 2, 2, 0, 1, 1, 0, 2));

  it("are the largest, the first in memory of equal ones, with their values", () => {
    expect([...largestComponent(row).data]).toEqual([0, 0, 2, 2, 0, 0, 0, 0, 0]);
    expect([...largestComponent(row, { keep: 2 }).data]).toEqual([0, 0, 2, 2, 0, 1, 1, 0, 0]);
    expect([...largestComponent(row, { of: "value" }).data]).toEqual([0, 0, 2, 2, 0, 1, 1, 0, 0]);
  });

  it("are large enough, in voxels or mm³", () => {
    expect([...removeSmallComponents(row, { minVoxels: 2 }).data]).toEqual([
      0, 0, 2, 2, 0, 1, 1, 0, 0,
    ]);
    const measured = { ...row, geometry: { ...row.geometry, spacing: [2, 1, 1] as Triple } };
    expect(removeSmallComponents(measured, { minMm3: 2 }).data).toEqual(row.data);
    expect(removeSmallComponents(measured, { minMm3: 4.1 }).data.some(Boolean)).toBe(false);
    expect(() => removeSmallComponents(row, { minMm3: 4 })).toThrow(/minVoxels/);
  });

  it("are not looked for in colours", () => {
    const channels = [{ name: "color", size: 3 }];
    expect(() => largestComponent({ ...row, channels })).toThrow(/one value a voxel.*"color"/);
  });
});
