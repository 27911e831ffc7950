import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  applyAffine,
  type Image,
  indexToWorld,
  makeImage,
  type PatientGeometry,
  patientGeometry,
  type Triple,
} from "../../../src/base/index.ts";
import { areAligned, segmentationOnGrid } from "../../../src/imaging/index.ts";
import { patientGrid } from "../images.ts";

/** A part of a grid, whose voxels are voxels of the whole. */
function part(whole: PatientGeometry, from: Triple, size: Triple): PatientGeometry {
  return patientGeometry({ ...whole, size, origin: applyAffine(indexToWorld(whole), from) });
}

/** The same voxels with i counted from the other end and j and k exchanged. */
function turned(grid: PatientGeometry): PatientGeometry {
  const { size, spacing, direction: d } = grid;
  return patientGeometry({
    size: [size[0], size[2], size[1]],
    spacing: [spacing[0], spacing[2], spacing[1]],
    origin: applyAffine(indexToWorld(grid), [size[0] - 1, 0, 0]),
    direction: [-d[0], d[2], d[1], -d[3], d[5], d[4], -d[6], d[8], d[7]],
  });
}

function labels(geometry: PatientGeometry): Image {
  const [width, height, depth] = geometry.size;
  const data = Uint8Array.from({ length: width * height * depth }, (_, at) => 1 + (at % 250));
  return makeImage({ geometry, data });
}

const index = fc.integer({ min: -3, max: 3 });
const length = fc.integer({ min: 1, max: 5 });

describe("A segmentation on a grid that agrees but for whole voxels", () => {
  it("comes back voxel by voxel from the image's grid, whatever its part of it", async () => {
    const cases = fc.record({
      from: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2)),
      size: fc.tuple(length, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 })),
      degrees: fc.tuple(fc.nat(90), fc.nat(90), fc.nat(90)),
      isTurned: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ from, size, degrees, isTurned }) => {
        const whole = patientGrid({ degrees });
        const image = labels(isTurned ? turned(part(whole, from, size)) : part(whole, from, size));
        const there = await segmentationOnGrid({ image }, { geometry: whole });
        expect(there).toMatchObject({ placement: "exact", notes: [] });
        expect(there.image.geometry).toBe(whole);
        const sum = (data: ArrayLike<number>) => Array.from(data).reduce((a, b) => a + b, 0);
        expect(sum(there.image.data)).toBe(sum(image.data));
        const back = await segmentationOnGrid(there, {
          geometry: image.geometry as PatientGeometry,
        });
        expect([...back.image.data]).toEqual([...image.data]);
      }),
    );
  });

  it("counts what lies outside, and has the background where the segmentation does not reach", async () => {
    await fc.assert(
      fc.asyncProperty(fc.tuple(index, index, index), async (from) => {
        const whole = patientGrid();
        const image = labels(part(whole, from, [3, 3, 3]));
        const { image: there, notes } = await segmentationOnGrid(
          { image, background: 255 },
          { geometry: whole },
        );
        const kept = there.data.filter((value) => value !== 255).length;
        const lost = Number(/^(\d+) voxels/.exec(notes[0] ?? "0 voxels")?.[1]);
        expect(kept + lost).toBe(27);
      }),
    );
  });

  it("keeps a channel a segment", async () => {
    const whole = patientGrid({ size: [2, 1, 1] });
    const image = makeImage({
      geometry: part(whole, [1, 0, 0], [1, 1, 1]),
      channels: [{ name: "segment", size: 2, values: [1, 4] }],
      data: Uint8Array.of(1, 1),
    });
    const { image: there } = await segmentationOnGrid({ image }, { geometry: whole });
    expect([...there.data]).toEqual([0, 1, 0, 1]);
    expect(there.channels).toEqual(image.channels);
  });
});

describe("A segmentation on another grid", () => {
  const fine = patientGrid({ size: [8, 6, 4], spacing: [1, 1, 1] });
  const coarse = patientGrid({ size: [4, 3, 2], spacing: [2, 2, 2] });

  it.each(["nearest", "label"] as const)("is resampled (%s) and says so", async (interpolation) => {
    const data = Uint8Array.from({ length: 24 }, (_, at) => (at % 4 < 2 ? 7 : 3));
    const image = makeImage({ geometry: coarse, data });
    const {
      image: there,
      placement,
      notes,
    } = await segmentationOnGrid({ image }, { geometry: fine }, { interpolation });
    expect(placement).toBe("resampled");
    expect(notes.join()).toMatch(/differs from the image's/);
    expect([...there.data.subarray(0, 8)].slice(0, 3)).toEqual([7, 7, 7]);
    expect(new Set(there.data.subarray(0, 7))).toEqual(new Set([7, 3]));
  });

  it("of fractions is interpolated linearly", async () => {
    const line = patientGrid({ size: [2, 1, 1], spacing: [2, 1, 1] });
    const image = makeImage({ geometry: line, data: Float32Array.of(0, 1) });
    const onto = patientGrid({ size: [3, 1, 1], spacing: [1, 1, 1] });
    const { image: there } = await segmentationOnGrid({ image }, { geometry: onto });
    expect([...there.data]).toEqual([0, 0.5, 1]);
  });

  it.each([
    ["by half a voxel", { origin: [-19.5, 30, 12] }],
    ["by its spacing", { spacing: [1.02, 1.5, 2.5] }],
    ["by a turn", { degrees: [0, 0, 3] }],
  ] as const)("is not aligned where it differs %s", (_, change) => {
    expect(areAligned(patientGrid(), patientGrid(change as object))).toBe(false);
    expect(areAligned(patientGrid(), turned(patientGrid()))).toBe(true);
  });

  it("in another frame of reference is refused", async () => {
    const geometry = patientGrid();
    const put = segmentationOnGrid(
      { image: labels(geometry), frameOfReference: "1.2" },
      { geometry, frameOfReference: "1.3" },
    );
    await expect(put).rejects.toThrow(
      /different frames of reference: expected .* 1\.2, found 1\.3/,
    );
  });

  it("without a place is refused", async () => {
    const geometry = { frame: "pixels", size: [1, 1, 1], spacing: undefined } as const;
    const image = makeImage({ geometry, data: Uint8Array.of(1) });
    const put = segmentationOnGrid({ image }, { geometry: patientGrid() });
    await expect(put).rejects.toMatchObject({ code: "value-missing" });
  });
});
