// Distances against scipy, against every pair of voxels, and over threads.

import { readFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Image, makeImage, randomStream, type Triple } from "../../../src/base/index.ts";
import {
  distanceTransform,
  nearestBackground,
  signedDistance,
} from "../../../src/imaging/index.ts";

interface Case {
  size: Triple;
  spacing: Triple;
  zeros: number[];
  expected: number | number[];
}

const { cases } = JSON.parse(
  readFileSync(new URL("expected/distances.json", import.meta.url), "utf8"),
) as { cases: Case[] };

function maskOf(size: Triple, spacing: Triple | undefined, data: Uint8Array): Image {
  return makeImage({ geometry: { frame: "pixels", size, spacing }, data });
}

describe("The distance transform", () => {
  it.each(cases)("of $size at $spacing is scipy's", async ({ size, spacing, zeros, expected }) => {
    const data = new Uint8Array(size[0] * size[1] * size[2]).fill(1);
    for (const zero of zeros) data[zero] = 0;
    const { data: distances } = await distanceTransform(maskOf(size, spacing, data));
    if (typeof expected === "number") {
      expect(crc32(new Uint8Array(distances.buffer))).toBe(expected);
      return;
    }
    for (const [n, value] of expected.entries()) {
      expect(Math.abs(distances[29 * n] - value)).toBeLessThanOrEqual(3e-16 * value);
    }
  });

  it("is the least over all voxels of background, and says where it lies", async () => {
    await fc.assert(
      fc.asyncProperty(masks, async (mask) => {
        const distances = await distanceTransform(mask);
        const features = await nearestBackground(mask);
        const near = Array.from(mask.data, (_, at) => nearest(mask, at));
        expect(Array.from(distances.data)).toEqual(near.map((mm) => expect.closeTo(mm, 10)));
        for (const [at, from] of features.data.entries()) {
          expect(between(mask, at, from)).toBeCloseTo(near[at], 10);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("is the same over one, two and three threads", async () => {
    const random = randomStream({ seed: 1, purpose: "test" });
    const data = Uint8Array.from({ length: 128 ** 3 }, () => (random.uniform() < 0.999 ? 1 : 0));
    const mask = maskOf([128, 128, 128], [0.7, 0.8, 2.5], data);
    const one = await distanceTransform(mask, { threads: 1 });
    for (const threads of [2, 3]) {
      const { data: several } = await distanceTransform(mask, { threads });
      expect(Buffer.compare(Buffer.from(several.buffer), Buffer.from(one.data.buffer))).toBe(0);
    }
  });

  it("is infinite without background, and 0 without foreground", async () => {
    const full = maskOf([3, 2, 2], [1, 1, 1], new Uint8Array(12).fill(1));
    expect((await distanceTransform(full)).data.every((mm) => mm === Infinity)).toBe(true);
    expect((await nearestBackground(full)).data.every((at) => at === -1)).toBe(true);
    const empty = maskOf([3, 2, 2], [1, 1, 1], new Uint8Array(12));
    expect((await distanceTransform(empty)).data.every((mm) => mm === 0)).toBe(true);
  });

  it("is below 0 inside and above 0 outside where it has a sign", async () => {
    const row = maskOf([6, 1, 1], [2, 1, 1], Uint8Array.of(0, 0, 1, 1, 1, 0));
    expect([...(await signedDistance(row)).data]).toEqual([4, 2, -2, -4, -2, 2]);
  });

  it("asks for a unit where there is no spacing, and stops when told to", async () => {
    const mask = maskOf([2, 1, 1], undefined, Uint8Array.of(0, 1));
    await expect(distanceTransform(mask)).rejects.toThrow(/unit: "voxels"/);
    expect([...(await distanceTransform(mask, { unit: "voxels" })).data]).toEqual([0, 1]);
    const signal = AbortSignal.abort();
    await expect(distanceTransform(mask, { unit: "voxels", signal })).rejects.toThrow(/cancelled/);
  });
});

const masks = fc
  .tuple(...[1, 2, 3].map(() => fc.integer({ min: 1, max: 6 })))
  .chain((size) => {
    const length = size.reduce((a, b) => a * b, 1);
    const spacing = fc.tuple(...[1, 2, 3].map(() => fc.constantFrom(1, 0.37, 2.5)));
    const data = fc.uint8Array({ min: 0, max: 1, minLength: length, maxLength: length });
    return fc.tuple(fc.constant(size), spacing, data);
  })
  .filter(([, , data]) => data.includes(0))
  .map(([size, spacing, data]) =>
    maskOf(size as unknown as Triple, spacing as unknown as Triple, data),
  );

function nearest(mask: Image, at: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (const [from, value] of mask.data.entries()) {
    if (value === 0) least = Math.min(least, between(mask, at, from));
  }
  return least;
}

function between({ geometry: { size, spacing } }: Image, a: number, b: number): number {
  const place = (at: number) => [
    at % size[0],
    Math.floor(at / size[0]) % size[1],
    Math.floor(at / size[0] / size[1]),
  ];
  const from = place(b);
  return Math.hypot(...place(a).map((x, axis) => (x - from[axis]) * spacing![axis]));
}
