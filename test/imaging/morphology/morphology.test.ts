// Components, holes and flat morphology against scipy and skimage, and by their laws.

import { readFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  makeImage,
  patientGeometry,
  type Triple,
  type VoxelArray,
} from "../../../src/base/index.ts";
import {
  close,
  connectedComponents,
  dilate,
  distanceTransform,
  erode,
  fillHoles,
  largestComponent,
  measureLabels,
  open,
  reconstruct,
  removeSmallComponents,
  surfaceOf,
} from "../../../src/imaging/index.ts";
import { type Connectivity, stepsBefore } from "../../../src/imaging/morphology/connectivity.ts";

interface Case {
  size: Triple;
  mask: string;
  labels: string;
  grey: string;
  marker: number[];
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

describe.each(cases)(
  "An image of $size",
  ({ size, mask: digits, labels, grey, marker, expected }) => {
    const mask = imageOf(size, Uint8Array.from(digits, Number));
    const labelMap = imageOf(size, Int16Array.from(labels, Number));
    const picture = imageOf(size, new Uint8Array(Buffer.from(grey, "hex")));

    it.each([4, 8, 6, 18, 26] as const)(
      "has scipy's components by %i neighbours",
      (connectivity) => {
        const { labels, count, sizes } = connectedComponents(mask, { connectivity });
        expect(checksum(labels)).toBe(expected[`components ${connectivity}`]);
        expect(labels.data.reduce((most, label) => Math.max(most, label), 0)).toBe(count);
        expect(sizes).toEqual(histogram(labels.data, count));
      },
    );

    it.each([6, 18, 26] as const)("has skimage's label map by %i neighbours", (connectivity) => {
      const { labels, values } = connectedComponents(labelMap, { connectivity, of: "value" });
      expect(checksum(labels)).toBe(expected[`components of values ${connectivity}`]);
      expect(labels.data.every((label, at) => values?.[label] === labelMap.data[at])).toBe(true);
    });

    it("has scipy's holes filled", () => {
      expect(checksum(fillHoles(mask))).toBe(expected["holes of volume"]);
      expect(checksum(fillHoles(mask, { within: "slices" }))).toBe(expected["holes of slices"]);
    });

    it.each([6, 26] as const)(
      "is reconstructed as by skimage over %i neighbours",
      (connectivity) => {
        const from = imageOf(size, new Uint8Array(picture.data.length));
        for (const at of marker) from.data[at] = picture.data[at];
        const grown = reconstruct(from, picture, { connectivity });
        expect(checksum(grown)).toBe(expected[`reconstruct ${connectivity}`]);
        const shift = ({ data }: { data: Uint8Array }) =>
          Int16Array.from(data, (value) => value - 200);
        const below = reconstruct(imageOf(size, shift(from)), imageOf(size, shift(picture)), {
          connectivity,
        });
        expect(below.data).toEqual(shift(grown));
      },
    );

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
  },
);

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

  it("dilates by what lies within a ball's radius, and erodes by what does not", async () => {
    const balls = fc.tuple(masks, fc.double({ min: 0.5, max: 9, noNaN: true }));
    await fc.assert(
      fc.asyncProperty(balls, async ([{ geometry, data }, radiusMm]) => {
        const mask = makeImage({ geometry: { ...geometry, spacing: [0.7, 1, 2.5] }, data });
        const inside = await distanceTransform(mask);
        const outside = await distanceTransform({ ...mask, data: inverted(mask) });
        const within = (mm: number) => (mm <= radiusMm ? 1 : 0);
        const grown = Array.from(outside.data, within);
        const shrunk = Array.from(inside.data, (mm) => 1 - within(mm));
        expect(Array.from(dilate(mask, { radiusMm }).data)).toEqual(grown);
        expect(Array.from(erode(mask, { radiusMm }).data)).toEqual(shrunk);
      }),
    );
  });

  it("keeps voxels at just the radius, though 3 · 0.7 exceeds 2.1", () => {
    const row = imageOf([9, 1, 1], Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0));
    const mask = { ...row, geometry: { ...row.geometry, spacing: [0.7, 0.7, 0.7] as Triple } };
    expect([...dilate(mask, { radiusMm: 2.1 }).data]).toEqual([0, 1, 1, 1, 1, 1, 1, 1, 0]);
    const three = { ...mask, data: mask.data.map((value, at) => (at === 0 ? 2 : value)) };
    expect([...dilate(three, { radiusMm: 2.1 }).data]).toEqual([2, 2, 2, 2, 1, 1, 1, 1, 0]);
  });

  it("has as surface what a cross with zeros outside takes off", () => {
    fc.assert(
      fc.property(masks, (mask) => {
        const radius = mask.geometry.size.map((n) => (n > 1 ? 1 : 0)) as [number, number, number];
        const inner = erode(mask, { shape: "cross", radius, outside: "zero" });
        const surface = mask.data.map((value, at) => value - inner.data[at]);
        expect(surfaceOf(mask).data).toEqual(surface);
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

describe("Components of rows longer than a word of bits", () => {
  const labelMaps = fc
    .tuple(
      fc.integer({ min: 28, max: 101 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 4 }),
    )
    .chain(([width, height, depth]) => {
      const length = width * height * depth;
      // Few changes of value along a row make runs that go on over several words.
      const stretch = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom(1, 1, 2, 3, 31, 70));
      return fc.array(stretch, { minLength: length, maxLength: length }).map((stretches) => {
        const data = new Uint8Array(length);
        for (let at = 0, next = 0; at < length; at += stretches[next++][1]) {
          data.fill(stretches[next][0], at, at + stretches[next][1]);
        }
        return imageOf([width, height, depth], data);
      });
    });

  it.each([4, 8, 6, 18, 26] as const)("are what is flooded by %i neighbours", (connectivity) => {
    fc.assert(
      fc.property(labelMaps, (map) => {
        const floats = { ...map, data: Float32Array.from(map.data) };
        for (const of of ["foreground", "value"] as const) {
          const found = connectedComponents(map, { connectivity, of });
          expect(found.labels.data).toEqual(flooded(map, connectivity, of));
          expect(found.sizes).toEqual(histogram(found.labels.data, found.count));
          expect(connectedComponents(floats, { connectivity, of })).toEqual(found);
        }
      }),
    );
  });

  it("fill holes as in rows of one word", () => {
    fc.assert(
      fc.property(labelMaps, (map) => {
        const [width, height, depth] = map.geometry.size;
        const turned = imageOf([depth, height, width], new Uint8Array(map.data.length));
        const turn = (i: number, j: number, k: number) => k + depth * (j + height * i);
        for (let at = 0; at < map.data.length; at++)
          turned.data[turn(...placeOf(map, at))] = map.data[at];
        const expected = fillHoles(turned).data;
        fillHoles(map).data.forEach((value, at) => {
          expect(value).toBe(expected[turn(...placeOf(map, at))]);
        });
      }),
    );
  });
});

type LabelMap = ReturnType<typeof imageOf<Uint8Array>>;

function placeOf({ geometry }: LabelMap, at: number): Triple {
  const [width, height] = geometry.size;
  return [at % width, Math.floor(at / width) % height, Math.floor(at / (width * height))];
}

/** Components voxel by voxel: each floods what is alike and near enough. */
function flooded(map: LabelMap, connectivity: Connectivity, of: "foreground" | "value") {
  const { data, geometry } = map;
  const [width, height, depth] = geometry.size;
  const before = stepsBefore(connectivity);
  const steps = [...before, ...before.map((step) => step.map((d) => -d))];
  const labels = new Int32Array(data.length);
  let count = 0;
  for (let seed = 0; seed < data.length; seed++) {
    if (data[seed] === 0 || labels[seed] !== 0) continue;
    labels[seed] = ++count;
    for (const open = [seed]; open.length > 0; ) {
      const at = open.pop()!;
      const [i, j, k] = placeOf(map, at);
      for (const [di, dj, dk] of steps) {
        const [x, y, z] = [i + di, j + dj, k + dk];
        if (x < 0 || y < 0 || z < 0 || x >= width || y >= height || z >= depth) continue;
        const near = x + width * (y + height * z);
        const wanted = of === "value" ? data[near] === data[at] : data[near] !== 0;
        if (!wanted || labels[near] !== 0) continue;
        labels[near] = count;
        open.push(near);
      }
    }
  }
  return labels;
}

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

describe("Regions of a label map", () => {
  it("have boxes, centres and volumes in index and mm", () => {
    const geometry = patientGeometry({
      size: [4, 3, 2],
      spacing: [1, 2, 3],
      origin: [10, 20, 30],
      direction: [-1, 0, 0, 0, -1, 0, 0, 0, 1],
    });
    const data = Int16Array.from({ length: 24 }, () => 0);
    for (const at of [1, 2, 13, 14]) data[at] = 7;
    data[23] = -2;
    expect(measureLabels(makeImage({ geometry, data }))).toEqual([
      {
        label: -2,
        voxels: 1,
        box: { from: [3, 2, 1], to: [4, 3, 2] },
        centroid: [3, 2, 1],
        centroidMm: [7, 16, 33],
        volumeMm3: 6,
      },
      {
        label: 7,
        voxels: 4,
        box: { from: [1, 0, 0], to: [3, 1, 2] },
        centroid: [1.5, 0, 0.5],
        centroidMm: [8.5, 20, 31.5],
        volumeMm3: 24,
      },
    ]);
  });
});
