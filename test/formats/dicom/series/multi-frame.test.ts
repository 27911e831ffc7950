import { describe, expect, it } from "vitest";
import type { ByteSource } from "../../../../src/base/index.ts";
import type { DataSet } from "../../../../src/formats/dicom/data-set/data-set.ts";
import {
  makeDataSet,
  type PlainDataSet,
} from "../../../../src/formats/dicom/data-set/make-data-set.ts";
import { number } from "../../../../src/formats/dicom/data-set/values.ts";
import { functionalGroups } from "../../../../src/formats/dicom/series/functional-groups.ts";
import {
  type DicomImages,
  type DicomVolume,
  listDicom,
  listedEntries,
  readImages,
  readVolume,
} from "../../../../src/formats/index.ts";
import { AXIAL, COLUMNS, CORONAL, ENHANCED_MR, ROWS, shuffled, slice } from "./synthetic-series.ts";

const PLANE = COLUMNS * ROWS;

interface FrameSpec {
  readonly z: number;
  readonly groups?: PlainDataSet;
}

const SHARED: PlainDataSet = {
  PlaneOrientationSequence: [{ ImageOrientationPatient: AXIAL }],
  PixelMeasuresSequence: [{ PixelSpacing: [2, 1.5], SliceThickness: 3 }],
};

/** An object of many frames; pixels of frame f are 100 · f and more. */
function enhanced(
  frames: readonly FrameSpec[],
  { shared = SHARED, ...attributes }: { shared?: PlainDataSet } & PlainDataSet = {},
): ByteSource {
  return slice({
    value: 0,
    SOPClassUID: ENHANCED_MR,
    NumberOfFrames: frames.length,
    SharedFunctionalGroupsSequence: [shared],
    PerFrameFunctionalGroupsSequence: frames.map(({ z, groups }) => ({
      PlanePositionSequence: [{ ImagePositionPatient: [0, 0, z] }],
      ...groups,
    })),
    PixelData: Uint16Array.from(
      { length: PLANE * frames.length },
      (_, at) => 100 * Math.floor(at / PLANE) + (at % PLANE),
    ),
    ...attributes,
  });
}

async function volumesOf(...sources: readonly ByteSource[]): Promise<DicomVolume[]> {
  const entries = listedEntries(await listDicom(sources));
  return entries.filter((entry) => entry.kind === "volume");
}

const firstPixels = (data: ArrayLike<number>) =>
  Array.from(data).filter((_, at) => at % PLANE === 0);

describe("An enhanced object", () => {
  it("becomes a volume whose slices are sorted by their place, not by their number", async () => {
    const [volume] = await volumesOf(enhanced([6, 0, 2, 4].map((z) => ({ z }))));
    expect(volume.geometry).toMatchObject({ size: [4, 3, 4], spacing: [1.5, 2, 2] });
    const { image } = await readVolume(volume);
    expect(firstPixels(image.data)).toEqual([100, 200, 300, 0]);
  });

  it("with slope and intercept of its own for each frame has each applied", async () => {
    const frames = [0, 2, 4].map((z, f) => ({
      z,
      groups: {
        PixelValueTransformationSequence: [
          { RescaleSlope: 0.5 * (f + 1), RescaleIntercept: f, RescaleType: "US" },
        ],
      },
    }));
    const { image, notes } = await readVolume((await volumesOf(enhanced(frames)))[0]);
    expect(image.data).toBeInstanceOf(Float32Array);
    expect(firstPixels(image.data)).toEqual([0, 101, 302]);
    expect(notes.join()).toContain("differ from slice to slice");
  });

  it("of magnitude and phase, echoes and stacks in one file comes apart", async () => {
    const kinds: PlainDataSet[] = [
      {
        MRImageFrameTypeSequence: [
          { FrameType: ["ORIGINAL", "PRIMARY", "T1", "M"], ComplexImageComponent: "MAGNITUDE" },
        ],
      },
      {
        MRImageFrameTypeSequence: [
          { FrameType: ["ORIGINAL", "PRIMARY", "T1", "P"], ComplexImageComponent: "PHASE" },
        ],
      },
      { MREchoSequence: [{ EffectiveEchoTime: 20 }] },
      { FrameContentSequence: [{ StackID: "2" }] },
      { PlaneOrientationSequence: [{ ImageOrientationPatient: CORONAL }] },
    ];
    const frames = kinds.flatMap((groups) => [0, 2].map((z) => ({ z, groups })));
    const volumes = await volumesOf(enhanced(shuffled(frames)));
    expect(volumes).toHaveLength(kinds.length + 1);
    expect(volumes.filter(({ size }) => size[2] === 2)).toHaveLength(kinds.length - 1);
  });

  it("has its time points along an axis, by temporal position", async () => {
    const frames = [1, 2, 3].flatMap((t) =>
      [0, 2].map((z) => ({
        z,
        groups: {
          FrameContentSequence: [
            { TemporalPositionIndex: t, FrameAcquisitionDateTime: `2026010210150${t}.5` },
          ],
        },
      })),
    );
    const [volume, ...others] = await volumesOf(enhanced(shuffled(frames)));
    expect(others).toEqual([]);
    expect(volume.channels).toEqual([{ name: "time", size: 3, values: [0, 1, 2], unit: "s" }]);
  });

  it("of diffusion has b-values and directions", async () => {
    const weights: PlainDataSet[] = [
      { DiffusionBValue: 0, DiffusionDirectionality: "NONE" },
      {
        DiffusionBValue: 800,
        DiffusionDirectionality: "DIRECTIONAL",
        DiffusionGradientDirectionSequence: [{ DiffusionGradientOrientation: [0, 1, 0] }],
      },
      { DiffusionBValue: 800, DiffusionDirectionality: "ISOTROPIC" },
    ];
    const frames = weights.flatMap((weight) =>
      [0, 2].map((z) => ({ z, groups: { MRDiffusionSequence: [weight] } })),
    );
    const [volume] = await volumesOf(enhanced(frames));
    expect(volume.channels[0]).toMatchObject({ name: "b-value", values: [0, 800, 800] });
    expect(volume.diffusion).toEqual([
      { bValue: 0 },
      { bValue: 800, gradient: [0, 1, 0] },
      { bValue: 800 },
    ]);
  });

  it("of Philips has values of the scanner, or of the display if the caller asks", async () => {
    const philips = (f: number): PlainDataSet => ({
      PixelValueTransformationSequence: [{ RescaleSlope: 2, RescaleIntercept: 10 }],
      "537198612": { vr: "LO", value: "Philips MR Imaging DD 005" },
      "537203727": {
        vr: "SQ",
        value: [
          {
            ImagePositionPatient: [9, 9, 9],
            "537198608": { vr: "LO", value: "Philips MR Imaging DD 001" },
            "537202702": { vr: "FL", value: 0.25 * (f + 1) },
          },
        ],
      },
    });
    const frames = [0, 2].map((z, f) => ({ z, groups: philips(f) }));
    const [volume] = await volumesOf(enhanced(frames, { Manufacturer: "Philips Medical Systems" }));
    expect(volume.geometry?.origin).toEqual([0, 0, 0]);
    const precise = await readVolume(volume);
    // (stored · 2 + 10) / (2 · scale slope)
    expect(firstPixels(precise.image.data)).toEqual([20, 210]);
    expect(precise.notes.join()).toContain("scale slope");
    const display = await readVolume(volume, { scaling: "display" });
    expect(firstPixels(display.image.data)).toEqual([10, 210]);
  });
});

describe("Functional groups", () => {
  const dataSet: DataSet = makeDataSet({
    NumberOfFrames: 2,
    RescaleSlope: 9,
    SharedFunctionalGroupsSequence: [
      {
        PixelMeasuresSequence: [{ SliceThickness: 3 }],
        PlanePositionSequence: [{ ImagePositionPatient: [1, 2, 3] }],
      },
    ],
    PerFrameFunctionalGroupsSequence: [
      { PixelMeasuresSequence: [{ SliceThickness: 5 }] },
      {
        RealWorldValueMappingSequence: [{ RealWorldValueSlope: 4 }],
        DerivationImageSequence: [{ RescaleSlope: 1 }],
      },
    ],
  });

  it("of a frame go before shared ones, and shared ones before the object's", () => {
    const groups = functionalGroups(dataSet)!;
    expect(groups.frames).toBe(2);
    expect([0, 1].map((frame) => number(groups.view(frame), "SliceThickness"))).toEqual([5, 3]);
    expect(number(groups.group(1, 0x00209113)!, "ImagePositionPatient")).toBe(1);
    expect(number(groups.view(1), "RescaleSlope")).toBe(9);
  });

  it("that describe other things stay sequences", () => {
    const view = functionalGroups(dataSet)!.view(1);
    expect(number(view, "RealWorldValueSlope")).toBeUndefined();
    expect(view.elements.has(0x00409096)).toBe(true);
  });

  it("are none of a classic object", () => {
    expect(functionalGroups(makeDataSet({ Rows: 1 }))).toBeUndefined();
  });
});

describe("An RT dose", () => {
  it.each([
    ["offsets from the first plane", [0, 3, 6]],
    ["positions along the patient", [-10, -7, -4]],
  ])("lies where %s say", async (_, GridFrameOffsetVector) => {
    const dose = slice({
      ...{
        position: [0, 0, -10],
        value: 0,
        Modality: "RTDOSE",
        NumberOfFrames: 3,
        GridFrameOffsetVector,
      },
      PixelData: new Uint16Array(3 * PLANE),
    });
    const [volume] = await volumesOf(dose);
    expect(volume.geometry).toMatchObject({
      size: [4, 3, 3],
      spacing: [1.5, 2, 3],
      origin: [0, 0, -10],
    });
  });
});

async function imagesOf(...sources: readonly ByteSource[]) {
  const entries = listedEntries(await listDicom(sources)) as DicomImages[];
  return (await Promise.all(entries.map((entry) => readImages(entry)))).flat();
}

describe("A cine", () => {
  const cine = (attributes: PlainDataSet) =>
    imagesOf(
      slice({
        value: 0,
        Modality: "US",
        NumberOfFrames: 3,
        PixelData: new Uint16Array(3 * PLANE),
        ...attributes,
      }),
    );

  it.each<[string, PlainDataSet, object]>([
    [
      "frame time",
      { FrameTime: 40 },
      { name: "time", size: 3, values: [0, 0.04, 0.08], unit: "s" },
    ],
    [
      "times of all frames",
      { FrameTimeVector: [0, 30, 50] },
      { name: "time", size: 3, values: [0, 0.03, 0.08], unit: "s" },
    ],
    ["rate", { CineRate: 20 }, { name: "time", size: 3, values: [0, 0.05, 0.1], unit: "s" }],
    ["nothing of time", {}, { name: "frame", size: 3 }],
  ])("that states its %s has its frames along an axis", async (_, attributes, axis) => {
    const [{ image }] = await cine(attributes);
    expect(image.channels).toEqual([axis]);
    expect(image.geometry).toEqual({ frame: "pixels", size: [4, 3, 1], spacing: undefined });
  });

  it("of nuclear medicine has an axis for each vector that varies", async () => {
    const [{ image }] = await imagesOf(
      slice({
        ...{
          value: 0,
          Modality: "NM",
          NumberOfFrames: 4,
          EnergyWindowVector: [2, 2, 1, 1],
          DetectorVector: [1, 2, 1, 2],
        },
        FrameIncrementPointer: new Uint16Array([0x0054, 0x0010, 0x0054, 0x0020]),
        PixelData: Uint16Array.from({ length: 4 * PLANE }, (_, at) => Math.floor(at / PLANE)),
      }),
    );
    expect(image.channels).toEqual([
      { name: "energy window", size: 2 },
      { name: "detector", size: 2 },
    ]);
    expect(firstPixels(image.data)).toEqual([2, 3, 0, 1]);
  });
});

describe("Reconstructed nuclear medicine", () => {
  it("is a volume by its detector's orientation and slice vector", async () => {
    const [volume] = await volumesOf(
      slice({
        ...{
          value: 0,
          Modality: "NM",
          NumberOfFrames: 3,
          SliceVector: [1, 2, 3],
          SpacingBetweenSlices: -4,
        },
        PixelSpacing: [2, 1.5],
        DetectorInformationSequence: [
          { ImagePositionPatient: [0, 0, 50], ImageOrientationPatient: AXIAL },
        ],
        PixelData: Uint16Array.from({ length: 3 * PLANE }, (_, at) => Math.floor(at / PLANE)),
      }),
    );
    expect(volume.geometry).toMatchObject({ origin: [0, 0, 42], spacing: [1.5, 2, 4] });
    const { image } = await readVolume(volume);
    expect(firstPixels(image.data)).toEqual([2, 1, 0]);
  });
});

describe("A flat image", () => {
  it.each<[string, PlainDataSet, number[] | undefined, string]>([
    ["pixel spacing", { PixelSpacing: [0.2, 0.1] }, [0.1, 0.2, 1], "as stated"],
    [
      "calibrated pixel spacing",
      { PixelSpacing: [0.2, 0.2], PixelSpacingCalibrationType: "GEOMETRY" },
      [0.2, 0.2, 1],
      "magnification",
    ],
    ["detector spacing", { ImagerPixelSpacing: [0.2, 0.1] }, [0.1, 0.2, 1], "at the detector"],
    [
      "detector spacing and magnification",
      { ImagerPixelSpacing: [0.2, 0.1], EstimatedRadiographicMagnificationFactor: 2 },
      [0.05, 0.1, 1],
      "divided by the magnification of 2",
    ],
    [
      "detector spacing and distances",
      {
        ImagerPixelSpacing: [0.3, 0.3],
        DistanceSourceToDetector: 1500,
        DistanceSourceToPatient: 1000,
      },
      [0.2, 0.2, 1],
      "divided by the magnification of 1.5",
    ],
    ["aspect ratio only", { PixelAspectRatio: [1, 2] }, undefined, "aspect ratio only"],
    [
      "ultrasound region",
      {
        SequenceOfUltrasoundRegions: [
          {
            RegionSpatialFormat: 1,
            PhysicalUnitsXDirection: 3,
            PhysicalUnitsYDirection: 3,
            PhysicalDeltaX: 0.03,
            PhysicalDeltaY: -0.02,
          },
        ],
      },
      [0.3, 0.2, 1],
      "ultrasound region",
    ],
  ])("with %s has the spacing that it proves", async (_, attributes, spacing, note) => {
    const [{ image, notes }] = await imagesOf(slice({ value: 0, Modality: "DX", ...attributes }));
    if (spacing)
      for (const [axis, mm] of spacing.entries())
        expect(image.geometry.spacing?.[axis]).toBeCloseTo(mm, 9);
    else expect(image.geometry.spacing).toBeUndefined();
    expect(notes.join(" ")).toContain(note);
  });

  it("of colour has red, green and blue along the first axis", async () => {
    const [{ image }] = await imagesOf(
      slice({
        ...{
          value: 0,
          SamplesPerPixel: 3,
          PhotometricInterpretation: "RGB",
          PlanarConfiguration: 0,
        },
        ...{ BitsAllocated: 8, BitsStored: 8, HighBit: 7 },
        PixelData: Uint8Array.from({ length: 3 * PLANE }, (_, at) => at),
      }),
    );
    expect(image.channels).toEqual([{ name: "color", size: 3 }]);
    expect([image.data[0], image.data[1], image.data[PLANE], image.data[2 * PLANE]]).toEqual([
      0, 3, 1, 2,
    ]);
  });
});
