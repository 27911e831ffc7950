// NIfTI files written and read again, and those that are odd.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Geometry,
  type Image,
  indexToWorld,
  makeImage,
  memorySource,
  patientGeometry,
  RoentgenError,
} from "../../../src/base/index.ts";
import type { ImageReadOptions } from "../../../src/formats/index.ts";
import { readNifti } from "../../../src/formats/nifti/read-nifti.ts";
import { writeNifti } from "../../../src/formats/nifti/write-nifti.ts";
import { misplacement } from "../images/described-image.ts";
import { imagesOf } from "../images/image-strategies.ts";

const geometry = patientGeometry({
  size: [4, 3, 2],
  spacing: [0.5, 0.75, 3],
  origin: [-10, 20.5, 7],
  direction: [0, 0, 1, 1, 0, 0, 0, -1, 0],
});
const image = makeImage({
  geometry,
  data: Int16Array.from({ length: 24 }, (_, at) => 99 * at - 999),
});

/** Where fields of the header of NIfTI-1 are, and how they lie. */
const FIELDS = {
  dim: [40, "Int16"],
  datatype: [70, "Int16"],
  pixdim: [76, "Float32"],
  vox_offset: [108, "Float32"],
  scl_slope: [112, "Float32"],
  scl_inter: [116, "Float32"],
  xyzt_units: [123, "Uint8"],
  toffset: [136, "Float32"],
  qform_code: [252, "Int16"],
  sform_code: [254, "Int16"],
  quatern: [256, "Float32"],
  srow_x: [280, "Float32"],
  srow_y: [296, "Float32"],
  srow_z: [312, "Float32"],
} as const;

type Patch = Partial<Record<keyof typeof FIELDS, readonly number[]>>;

/** The image as a file, some fields of whose header are others. */
function patched(patch: Patch, written: Image = image): Uint8Array {
  const bytes = writeNifti(written);
  const view = new DataView(bytes.buffer);
  for (const [name, values] of Object.entries(patch)) {
    const [at, type] = FIELDS[name as keyof Patch];
    const size = { Int16: 2, Float32: 4, Uint8: 1 }[type];
    values.forEach((value, index) => {
      view[`set${type}`](at + index * size, value, true);
    });
  }
  return bytes;
}

const read = (bytes: Uint8Array, options?: ImageReadOptions) =>
  readNifti(memorySource(bytes, "scan.nii"), options);

describe("A NIfTI file", () => {
  it.each([1, 2] as const)("of version %i gives back what was written", async (version) => {
    const file = await read(writeNifti(image, { version }));
    expect(file.image).toEqual(image);
    expect(file.notes).toEqual([]);
    expect(file.header.version).toBe(`nifti-${version}`);
  });

  it("gives back any image, its place within float32", async () => {
    await fc.assert(
      fc.asyncProperty(imagesOf(), async (any) => {
        const file = await read(writeNifti(any));
        expect(file.image.data).toEqual(any.data);
        expect(file.image.channels.map(({ name, size }) => [name, size])).toEqual(
          any.channels.map(({ name, size }) => [name, size]),
        );
        expect(file.image.geometry.frame).toBe(any.geometry.frame);
        const scale = Math.max(1, ...indexToWorld(any.geometry).map(Math.abs));
        const apart = misplacement(file.image, indexToWorld(any.geometry));
        expect(apart).toBeLessThan(1e-5 * scale);
      }),
      { numRuns: 60 },
    );
  });

  it("of version 2 gives back the place of any image to the last bits", async () => {
    await fc.assert(
      fc.asyncProperty(imagesOf(), async (any) => {
        const file = await read(writeNifti(any, { version: 2 }));
        const scale = Math.max(1, ...indexToWorld(any.geometry).map(Math.abs));
        expect(misplacement(file.image, indexToWorld(any.geometry))).toBeLessThan(1e-12 * scale);
      }),
      { numRuns: 40 },
    );
  });

  it("has the same place by qform as by sform", async () => {
    await fc.assert(
      fc.asyncProperty(imagesOf({ frame: "LPS" }), async (any) => {
        const bytes = writeNifti(any, { version: 2 });
        const [sform, qform] = [await read(bytes), await read(bytes, { geometry: "qform" })];
        const scale = Math.max(1, ...indexToWorld(any.geometry).map(Math.abs));
        const apart = misplacement(qform.image, indexToWorld(sform.image.geometry));
        expect(apart).toBeLessThan(1e-6 * scale);
      }),
      { numRuns: 40 },
    );
  });

  it("has x and y the other way round than LPS", async () => {
    const bytes = patched({
      srow_x: [2, 0, 0, 10],
      srow_y: [0, 3, 0, 20],
      srow_z: [0, 0, 4, 30],
    });
    const { image: found } = await read(bytes);
    expect(indexToWorld(found.geometry)).toEqual([-2, 0, 0, -10, 0, -3, 0, -20, 0, 0, 4, 30]);
  });

  it("says by how much sform and qform differ, and takes the sform", async () => {
    const { image: found, notes } = await read(patched({ srow_x: [0, 0, -3, 12] }));
    expect(notes).toEqual([
      "sform (scanner) and qform (scanner) differ by up to 2.0 mm; the sform was taken.",
    ]);
    expect(indexToWorld(found.geometry)[3]).toBe(-12);
  });

  it("takes the qform where the sform's code is 0 or its axes vanish", async () => {
    const other: Patch = { srow_x: [0, 0, 9, 9] };
    const vanished: Patch = { srow_x: [0, 0, 0, 0], srow_y: [0, 0, 0, 0], srow_z: [0, 0, 0, 0] };
    for (const patch of [{ ...other, sform_code: [0] }, vanished]) {
      const { image: found } = await read(patched(patch));
      expect(misplacement(found, indexToWorld(geometry))).toBeLessThan(1e-5);
    }
  });

  it("without sform and qform has no place, but its spacing", async () => {
    const { image: found, notes } = await read(patched({ sform_code: [0], qform_code: [0] }));
    expect(found.geometry).toEqual({ frame: "pixels", size: [4, 3, 2], spacing: [0.5, 0.75, 3] });
    expect(notes.join()).toContain("no sform or qform");
  });

  it("that fills in 1 where nothing is known has no spacing", async () => {
    const unknown: Geometry = { frame: "pixels", size: [4, 3, 2], spacing: undefined };
    const { image: found } = await read(writeNifti(makeImage({ ...image, geometry: unknown })));
    expect(found.geometry).toEqual(unknown);
  });

  const sheared: Patch = { srow_x: [0, 0.2, -3, 10] };

  it("with a sheared sform is refused, with the ways out", async () => {
    await expect(read(patched(sheared))).rejects.toThrow(
      /expected axes at right angles, found a sheared sform; the nearest grid without shear is up to 0\.\d+ mm off\. .*"nearest" or "pixels"/,
    );
  });

  it("with a sheared sform is read as the caller chooses", async () => {
    const bytes = patched(sheared);
    const nearest = await read(bytes, { geometry: "nearest" });
    expect(nearest.notes.at(-1)).toMatch(/moves voxels by up to 0\.\d+ mm/);
    expect(nearest.image.geometry.frame).toBe("LPS");
    expect((await read(bytes, { geometry: "qform" })).image.geometry).toEqual(geometry);
    expect((await read(bytes, { geometry: "pixels" })).image.geometry.frame).toBe("pixels");
  });

  it("keeps the middle of the grid where it takes the nearest without shear", async () => {
    const { image: found } = await read(patched(sheared), { geometry: "nearest" });
    const middle = (m: readonly number[]) =>
      [0, 4, 8].map((row) => m[row] * 1.5 + m[row + 1] + m[row + 2] * 0.5 + m[row + 3]);
    const rows = indexToWorld(geometry);
    const stated = [-0, -0.2, 3, -10, ...rows.slice(4)];
    const apart = middle(indexToWorld(found.geometry)).map((v, at) => v - middle(stated)[at]);
    expect(Math.hypot(...apart)).toBeLessThan(1e-5);
  });

  it.each([
    [1, 1000],
    [3, 0.001],
  ])("in length unit %i is turned to mm", async (unit, mm) => {
    const { image: found } = await read(patched({ xyzt_units: [unit] }));
    expect(
      misplacement(
        found,
        indexToWorld(geometry).map((v) => v * mm),
      ),
    ).toBeLessThan(1e-3 * mm);
  });

  it("that does not say its unit is taken for mm, and says so", async () => {
    const { notes } = await read(patched({ xyzt_units: [0] }));
    expect(notes).toEqual([expect.stringContaining("millimetres are assumed")]);
  });

  const series = makeImage({
    geometry,
    channels: [{ name: "time", size: 3 }],
    data: new Uint8Array(72),
  });

  it.each([
    [8, [1, 3, 5], "s"],
    [16, [0.001, 0.003, 0.005], "s"],
    [24, [0.000001, 0.000003, 0.000005], "s"],
    [32, [1, 3, 5], "Hz"],
    [40, [1, 3, 5], "ppm"],
    [0, undefined, undefined],
  ])(
    "with unit %i along its fourth axis counts in seconds, Hz or ppm",
    async (unit, values, name) => {
      const pixdim = [1, 0.5, 0.75, 3, 2];
      const { image: found } = await read(
        patched({ xyzt_units: [2 + unit], pixdim, toffset: [1] }, series),
      );
      expect(found.channels[0].unit).toBe(name);
      expect(found.channels[0].values?.map((v) => Number(v.toPrecision(6)))).toEqual(values);
    },
  );

  it("keeps its extensions when it is written again", async () => {
    const extensions = [
      { code: 6, bytes: new TextEncoder().encode("a comment of 20 byte") },
      { code: 4, bytes: new Uint8Array(24).fill(65) },
    ];
    const once = await read(writeNifti(image, { extensions }));
    expect(once.image).toEqual(image);
    expect(once.extensions.map(({ code }) => code)).toEqual([6, 4]);
    expect(new TextDecoder().decode(once.extensions[0].bytes)).toMatch(/^a comment of 20 byte\0*$/);
    const twice = await read(writeNifti(once.image, { extensions: once.extensions }));
    expect(twice.extensions).toEqual(once.extensions);
  });

  it("with an extension that is too long is read without it", async () => {
    const bytes = writeNifti(image, { extensions: [{ code: 6, bytes: new Uint8Array(8) }] });
    new DataView(bytes.buffer).setInt32(352, 4000, true);
    const { image: found, notes, extensions } = await read(bytes);
    expect(found).toEqual(image);
    expect(extensions).toEqual([]);
    expect(notes).toEqual([
      "Extension 1 of the header announces 4000 bytes where 16 are left; it was not read.",
    ]);
  });

  it("whose voxels would begin within the header is read where its length proves the place", async () => {
    const { image: found, notes } = await read(patched({ vox_offset: [0] }));
    expect(found).toEqual(image);
    expect(notes).toEqual([
      "vox_offset is 0; the voxels were read from byte 352, after the header.",
    ]);
  });

  it("with zeros for axes it does not use is read", async () => {
    const { image: found } = await read(patched({ dim: [4, 4, 3, 2, 0, 0, 0, 0] }));
    expect(found).toEqual(image);
  });

  it("with more bytes than it announces is read, and says so", async () => {
    const { image: found, notes } = await read(Uint8Array.of(...writeNifti(image), 0, 0));
    expect(found).toEqual(image);
    expect(notes).toEqual([expect.stringContaining("more bytes")]);
  });

  it.each<[string, Patch, string]>([
    ["of no axis", { dim: [0] }, "expected 1 to 7 axes, found 0"],
    ["of eight axes", { dim: [8] }, "expected 1 to 7 axes, found 8"],
    ["of a negative axis", { dim: [3, 4, -3, 2] }, "found 4 × -3 × 2"],
    ["of no width", { dim: [3, 0, 3, 2] }, "found 0 × 3 × 2"],
    ["that is too short", { dim: [3, 4, 3, 20] }, "expected 480 more bytes, found 48"],
    ["larger than any file", { dim: [7, 32767, 32767, 32767, 32767, 1, 1, 1] }, "found 48"],
    ["of bits", { datatype: [1] }, "found voxels of 1 bit"],
    ["of 128-bit numbers", { datatype: [1536] }, "found numbers of 128 bits"],
    ["of no type", { datatype: [3] }, "found code 3"],
    ["shifted by no number", { scl_slope: [1], scl_inter: [Number.NaN] }, "scl_inter, found NaN"],
    ["whose voxels begin between bytes", { vox_offset: [352.5] }, "found vox_offset 352.5"],
    ["whose voxels begin beyond its end", { vox_offset: [1e9] }, "found the end of the file"],
  ])("%s is refused", async (_, patch, message) => {
    const failure = await read(patched(patch)).catch((error) => error);
    expect(failure).toBeInstanceOf(RoentgenError);
    expect(failure.message).toContain(message);
    expect(failure.message).toContain("scan.nii");
  });

  it("rounds 64-bit integers that no type holds, and says so", async () => {
    const doubles = makeImage({ geometry, data: new Float64Array(24) });
    const bytes = patched({ datatype: [1024] }, doubles);
    new DataView(bytes.buffer).setBigInt64(352, 2n ** 62n + 1n, true);
    const { image: found, notes } = await read(bytes);
    expect(found.data[0]).toBe(2 ** 62);
    expect(notes).toEqual([expect.stringContaining("rounded to the nearest float64")]);
  });

  it.each([
    [0.5, "Float32Array"],
    [1, "Int16Array"],
    [0, "Int16Array"],
  ])("scaled by %d gives a %s", async (slope, name) => {
    const { image: found } = await read(patched({ scl_slope: [slope] }));
    expect(found.data.constructor.name).toBe(name);
    expect(found.data[1]).toBe(image.data[1] * (slope || 1));
  });
});

describe("Writing NIfTI", () => {
  it.each<[string, object, string]>([
    ["a value beyond the type", { type: "int8" }, "found -999"],
    ["an option that it does not know", { compress: true }, 'has no option "compress"'],
    ["a version that does not exist", { version: 3 }, "expected 1 or 2"],
    ["a description too long", { description: "x".repeat(80) }, "at most 79 characters"],
  ])("refuses %s", (_, options, message) => {
    expect(() => writeNifti(image, options)).toThrow(message);
  });

  it("takes version 2 for axes that version 1 can't count", async () => {
    const long = makeImage({
      geometry: { frame: "pixels", size: [40000, 1, 1], spacing: undefined },
      data: new Uint8Array(40000),
    });
    const { image: found, header } = await read(writeNifti(long));
    expect(header.version).toBe("nifti-2");
    expect(found).toEqual(long);
    expect(() => writeNifti(long, { version: 1 })).toThrow("axes of at most 32767 voxels");
  });

  it("stores voxels as another type that holds them", async () => {
    const { image: found } = await read(writeNifti(image, { type: "float64" }));
    expect(found.data).toEqual(Float64Array.from(image.data));
  });

  it("writes down what the values are", async () => {
    const options = {
      space: "mni",
      description: "z map",
      intent: { code: 5, name: "Z score", parameters: [1, 2, 3] },
      displayRange: [-3, 3],
    } as const;
    const { header } = await read(writeNifti(image, options));
    expect(header).toMatchObject({
      ...{ sform_code: 4, qform_code: 4, descrip: "z map", cal_min: -3, cal_max: 3 },
      ...{ intent_code: 5, intent_name: "Z score", intent_p1: 1, intent_p2: 2, intent_p3: 3 },
    });
  });

  it("refuses five channel axes", () => {
    const channels = [1, 2, 3, 4, 5].map((at) => ({ name: `axis ${at}`, size: 2 }));
    const many = makeImage({ geometry, channels, data: new Uint8Array(24 * 32) });
    expect(() => writeNifti(many)).toThrow("expected at most four channel axes");
  });
});
