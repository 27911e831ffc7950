import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ByteSource, Triple } from "../../../../src/base/index.ts";
import { applyAffine, determinant, indexToWorld } from "../../../../src/base/index.ts";
import type { PlainDataSet } from "../../../../src/formats/dicom/data-set/make-data-set.ts";
import {
  type DicomVolume,
  listDicom,
  listedEntries,
  readVolume,
} from "../../../../src/formats/index.ts";
import {
  AXIAL,
  axialStack,
  CORONAL,
  CT,
  OBLIQUE,
  SAGITTAL,
  shuffled,
  slice,
} from "./synthetic-series.ts";

async function volumesOf(sources: readonly ByteSource[]): Promise<DicomVolume[]> {
  const entries = listedEntries(await listDicom(sources));
  return entries.filter((entry) => entry.kind === "volume");
}

const zs = [0, 2.5, 5, 7.5, 10];

describe("Slices of one series", () => {
  it("become one volume, sorted by where they lie, whatever their order and numbers", async () => {
    for (const sources of [axialStack(zs), axialStack(zs).reverse(), shuffled(axialStack(zs))]) {
      const [volume, ...others] = await volumesOf(sources);
      expect(others).toEqual([]);
      expect(volume.problems).toEqual([]);
      expect(volume.geometry).toMatchObject({
        size: [4, 3, 5],
        spacing: [1.5, 2, 2.5],
        origin: [0, 0, 0],
      });
      const { image } = await readVolume(volume);
      expect([...image.data].filter((_, at) => at % 12 === 0)).toEqual([0, 250, 500, 750, 1000]);
    }
  });

  it.each([
    ["axial", AXIAL],
    ["sagittal", SAGITTAL],
    ["coronal", CORONAL],
    ["oblique", OBLIQUE],
  ])("that are %s make a right-handed grid with every voxel in its place", async (_, cosines) => {
    const [r, c] = [cosines.slice(0, 3), cosines.slice(3)];
    const n = [r[1] * c[2] - r[2] * c[1], r[2] * c[0] - r[0] * c[2], r[0] * c[1] - r[1] * c[0]];
    const at = (k: number) => n.map((part, axis) => 10 + axis + part * 2 * k) as unknown as Triple;
    const sources = shuffled([0, 1, 2, 3]).map((k) =>
      slice({ position: at(k), value: 100 * k, ImageOrientationPatient: cosines }),
    );
    const [volume] = await volumesOf(sources);
    const geometry = volume.geometry!;
    expect(determinant(geometry.direction)).toBeCloseTo(1, 9);
    const affine = indexToWorld(geometry);
    for (const [i, j, k] of [
      [0, 0, 0],
      [3, 2, 3],
      [1, 0, 2],
    ] as Triple[]) {
      const world = at(k).map((part, axis) => part + r[axis] * 1.5 * i + c[axis] * 2 * j);
      for (const [axis, part] of applyAffine(affine, [i, j, k]).entries())
        expect(part).toBeCloseTo(world[axis], 6);
    }
    const { image } = await readVolume(volume);
    expect(image.data[36]).toBe(300);
  });

  it("keep their volume in whatever order the files come", async () => {
    const sources = [
      ...axialStack(zs, { TemporalPositionIdentifier: 1 }),
      ...axialStack(zs, { TemporalPositionIdentifier: 2 }, 5000),
      ...axialStack([0, 4], { EchoTime: 30 }),
      slice({ position: [1, 2, 3], value: 9, ImageOrientationPatient: CORONAL }),
    ];
    const expected = await describeAll(sources);
    const orders = fc.shuffledSubarray(sources, { minLength: sources.length });
    await fc.assert(
      fc.asyncProperty(orders, async (order) => {
        expect(await describeAll(order)).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });
});

async function describeAll(sources: readonly ByteSource[]): Promise<unknown> {
  const volumes = await volumesOf(sources);
  return Promise.all(
    volumes.map(async (volume) => {
      const { image, notes } = await readVolume(volume);
      return { apart: volume.apart, channels: volume.channels, image, notes };
    }),
  );
}

/** Two stacks of equal places that differ in some attributes. */
const differing: [string, PlainDataSet, PlainDataSet][] = [
  ["echo times", { EchoTime: 10 }, { EchoTime: 20 }],
  ["echo numbers", { EchoNumbers: 1 }, { EchoNumbers: 2 }],
  [
    "image types",
    { ImageType: ["ORIGINAL", "PRIMARY", "M"] },
    { ImageType: ["ORIGINAL", "PRIMARY", "P"] },
  ],
  ["flip angles", { FlipAngle: 5 }, { FlipAngle: 15 }],
  ["inversion times", { InversionTime: 100 }, { InversionTime: 900 }],
  ["kernels", { ConvolutionKernel: "B30f" }, { ConvolutionKernel: "B70f" }],
  ["pixel spacings", { PixelSpacing: [1, 1] }, { PixelSpacing: [2, 2] }],
  ["frames of reference", { FrameOfReferenceUID: "1.2.1" }, { FrameOfReferenceUID: "1.2.2" }],
  [
    "GE's kind of data",
    { "4390928": { vr: "LO", value: "GEMS_PARM_01" }, "4395055": { vr: "SS", value: 0 } },
    { "4390928": { vr: "LO", value: "GEMS_PARM_01" }, "4395055": { vr: "SS", value: 1 } },
  ],
];

describe("Stacks at the same places", () => {
  it.each(differing)("that differ in %s come apart as volumes", async (_, a, b) => {
    const volumes = await volumesOf(shuffled([...axialStack(zs, a), ...axialStack(zs, b, 1)]));
    expect(volumes.map(({ size, channels }) => [size[2], channels.length])).toEqual([
      [5, 0],
      [5, 0],
    ]);
    expect(volumes.flatMap(({ problems }) => problems)).toEqual([]);
  });

  it("that were acquired one after another are time points, in seconds", async () => {
    const times = ["101500.25", "101502.5", "101504.75"];
    const sources = times.flatMap((time, at) =>
      axialStack(zs, { AcquisitionDate: "20260102", AcquisitionTime: time }, 1000 * at),
    );
    const [volume, ...others] = await volumesOf(shuffled(sources));
    expect(others).toEqual([]);
    expect(volume.channels).toEqual([{ name: "time", size: 3, values: [0, 2.25, 4.5], unit: "s" }]);
    const { image } = await readVolume(volume);
    expect([...image.data].filter((_, at) => at % 60 === 0)).toEqual([0, 1000, 2000]);
  });

  it("that differ in trigger time are phases of the heart", async () => {
    const sources = [0, 40, 80].flatMap((TriggerTime) => axialStack(zs, { TriggerTime }));
    const [volume] = await volumesOf(shuffled(sources));
    expect(volume.channels).toEqual([
      { name: "time", size: 3, values: [0, 0.04, 0.08], unit: "s" },
    ]);
  });

  it("are told by their instance numbers where nothing else differs, and follow by the repetition time", async () => {
    const sources = [0, 1].flatMap((t) => axialStack(zs, { RepetitionTime: 2000 }, 1000 * t));
    const [volume] = await volumesOf(shuffled(sources));
    expect(volume.channels).toEqual([{ name: "time", size: 2, values: [0, 2], unit: "s" }]);
    expect(volume.notes).toEqual([expect.stringContaining("repetition time")]);
  });

  it("with slice times that differ within a stack are not torn apart by them", async () => {
    const sources = [0, 1].flatMap((t) =>
      zs.map((z, k) =>
        slice({
          position: [0, 0, z],
          value: 0,
          AcquisitionTime: `10150${4 * t + k}`,
          TemporalPositionIdentifier: t + 1,
        }),
      ),
    );
    const [volume, ...others] = await volumesOf(sources);
    expect(others).toEqual([]);
    expect(volume.channels[0].size).toBe(2);
  });

  it("of several b-values and directions are one diffusion series in the order of acquisition", async () => {
    const weighted = (bValue: number, direction?: number[]) => ({
      DiffusionBValue: { vr: "FD", value: bValue },
      ...(direction && { DiffusionGradientOrientation: { vr: "FD", value: direction } }),
    });
    const sources = [
      weighted(0),
      weighted(1000, [1, 0, 0]),
      weighted(0),
      weighted(1000, [0, 0.6, 0.8]),
    ].flatMap((b) => axialStack(zs, b));
    const [volume, ...others] = await volumesOf(shuffled(sources));
    expect(others).toEqual([]);
    expect(volume.channels).toEqual([
      { name: "b-value", size: 4, values: [0, 1000, 0, 1000], unit: "s/mm²" },
    ]);
    const { acquisition } = await readVolume(volume);
    expect(acquisition.bvals).toEqual([0, 1000, 0, 1000]);
    expect(acquisition.bvecs).toEqual([
      [0, -1, 0, 0],
      [0, 0, 0, 0.6],
      [0, 0, 0, 0.8],
    ]);
  });
});

describe("Slices that are not parallel", () => {
  it("come apart: a localiser of three planes is three volumes", async () => {
    const planes = [AXIAL, SAGITTAL, CORONAL];
    const volumes = await volumesOf(
      planes.flatMap((cosines, at) => [
        slice({ position: [at, 0, 0], value: 0, ImageOrientationPatient: cosines }),
      ]),
    );
    expect(volumes.map(({ geometry }) => geometry?.size)).toEqual([
      [4, 3, 1],
      [4, 3, 1],
      [4, 3, 1],
    ]);
  });

  it("come apart although one of both orientations has the other's places", async () => {
    const coronal = [0, 1, 2].map((y) =>
      slice({ position: [0, y, 0], value: 0, ImageOrientationPatient: CORONAL }),
    );
    const volumes = await volumesOf([...axialStack(zs), ...coronal]);
    expect(volumes.map(({ size }) => size[2])).toEqual([3, 5]);
  });
});

describe("Two acquisitions in one series", () => {
  it("at places that interleave are two even volumes", async () => {
    const volumes = await volumesOf(
      shuffled([
        ...axialStack([0, 3, 6, 9], { AcquisitionNumber: 1 }),
        ...axialStack([1, 4, 7, 10], { AcquisitionNumber: 2 }),
      ]),
    );
    expect(volumes.map(({ geometry }) => geometry?.origin[2])).toEqual([0, 1]);
  });

  it("with a gap between them are two volumes, not one with slices missing", async () => {
    const volumes = await volumesOf([
      ...axialStack([0, 2, 4], { AcquisitionNumber: 1 }),
      ...axialStack([20, 22, 24], { AcquisitionNumber: 2 }),
    ]);
    expect(volumes.map(({ problems, size }) => [problems.length, size[2]])).toEqual([
      [0, 3],
      [0, 3],
    ]);
  });

  it("of slabs side by side are two volumes", async () => {
    const right = [0, 2, 4].map((z) => slice({ position: [80, 0, z], value: 0 }));
    const volumes = await volumesOf(shuffled([...right, ...axialStack([0, 2, 4])]));
    expect(volumes.map(({ geometry }) => geometry?.origin)).toEqual([
      [80, 0, 0],
      [0, 0, 0],
    ]);
  });
});

describe("A volume of CT", () => {
  it("is in Hounsfield units by each slice's own slope and intercept", async () => {
    const sources = zs.map((z, k) =>
      slice({
        ...{ position: [0, 0, z] as Triple, value: 1000, Modality: "CT", SOPClassUID: CT },
        ...{ BitsStored: 12, HighBit: 11, RescaleSlope: k + 1, RescaleIntercept: -1024 },
      }),
    );
    const { image, notes } = await readVolume((await volumesOf(sources))[0]);
    expect(image.unit).toBe("HU");
    expect([...image.data].filter((_, at) => at % 12 === 1)).toEqual([-23, 978, 1979, 2980, 3981]);
    expect(image.data).toBeInstanceOf(Int16Array);
    expect(notes).toEqual([expect.stringContaining("differ from slice to slice")]);
  });

  it("becomes float where a slope is no whole number", async () => {
    const sources = axialStack(zs, { RescaleSlope: 0.5, RescaleIntercept: 1 });
    const { image } = await readVolume((await volumesOf(sources))[0]);
    expect(image.data).toBeInstanceOf(Float32Array);
    expect([...image.data.subarray(0, 3)]).toEqual([1, 1.5, 2]);
  });
});
