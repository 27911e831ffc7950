import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openFile } from "#files";
import type { Image } from "../../../../src/base/index.ts";
import type { PlainDataSet } from "../../../../src/formats/dicom/data-set/make-data-set.ts";
import { listDicom, listedEntries, readNrrd, readVolume } from "../../../../src/formats/index.ts";
import { AXIAL, slice } from "../series/synthetic-series.ts";

const PLANE = 12;
interface Frame {
  readonly z: number;
  /** mm from the first column and row. */
  readonly aside?: readonly [number, number];
  readonly cosines?: readonly number[];
  readonly segment: number;
  readonly pixels: readonly number[];
}

function segmentation(frames: readonly Frame[], more: PlainDataSet = {}) {
  return slice({
    value: 0,
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.66.4",
    Modality: "SEG",
    SegmentationType: "BINARY",
    NumberOfFrames: frames.length,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    SegmentSequence: [1, 2].map((of) => ({
      SegmentNumber: of,
      SegmentLabel: `Segment ${of}`,
      SegmentAlgorithmType: "MANUAL",
      RecommendedDisplayCIELabValue: [65535, 32896, 32896],
    })),
    SharedFunctionalGroupsSequence: [
      {
        PlaneOrientationSequence: [{ ImageOrientationPatient: AXIAL }],
        PixelMeasuresSequence: [
          { PixelSpacing: [2, 1.5], SliceThickness: 3, SpacingBetweenSlices: 3 },
        ],
      },
    ],
    PerFrameFunctionalGroupsSequence: frames.map(({ z, segment, aside = [0, 0], cosines }) => ({
      PlanePositionSequence: [{ ImagePositionPatient: [...aside, z] }],
      ...(cosines && { PlaneOrientationSequence: [{ ImageOrientationPatient: [...cosines] }] }),
      SegmentIdentificationSequence: [{ ReferencedSegmentNumber: segment }],
    })),
    PixelData: Uint8Array.from(frames.flatMap(({ pixels }) => pixels)),
    ...more,
  });
}

const row = (at: number, value = 1) =>
  Array.from({ length: PLANE }, (_, of) => (Math.floor(of / 4) === at ? value : 0));

async function load(...frames: Parameters<typeof segmentation>) {
  const entries = listedEntries(await listDicom(segmentation(...frames)));
  expect(entries).toHaveLength(1);
  if (entries[0].kind !== "volume") throw new Error("not a volume");
  return readVolume(entries[0]);
}

const APART: Frame[] = [
  { z: 0, segment: 1, pixels: row(0) },
  { z: 9, segment: 1, pixels: row(1) },
  { z: 0, segment: 2, pixels: row(2) },
];

describe("a segmentation", () => {
  it("is one label map in which slices that were left out are zero", async () => {
    const { image, acquisition } = await load(APART);
    expect(image.geometry.size).toEqual([4, 3, 4]);
    expect(image.geometry.spacing).toEqual([1.5, 2, 3]);
    const zeros = new Array(2 * PLANE).fill(0);
    const low = row(0).map((value, at) => value + row(2, 2)[at]);
    expect([...image.data]).toEqual([...low, ...zeros, ...row(1)]);
    expect(acquisition.Segments).toMatchObject([
      { number: 1, label: "Segment 1", color: "#ffffff" },
      { number: 2 },
    ]);
  });

  it("is the same whatever the order of frames", async () => {
    const there = await load(APART);
    const back = await load(APART.toReversed());
    expect(back.image).toEqual(there.image);
  });

  it("has a channel for each segment where they overlap", async () => {
    const { image } = await load([APART[0], { z: 0, segment: 2, pixels: row(0) }]);
    expect(image.channels).toEqual([{ name: "segment", size: 2, values: [1, 2] }]);
    expect([...image.data]).toEqual([...row(0), ...row(0)]);
  });

  it("of fractions is scaled to 0 to 1", async () => {
    const { image } = await load([{ z: 0, segment: 1, pixels: row(1, 50) }], {
      SegmentationType: "FRACTIONAL",
      MaximumFractionalValue: 200,
    });
    expect(image.data).toEqual(Float32Array.from(row(1, 0.25)));
  });
});

const NO_SPACING: PlainDataSet = {
  SharedFunctionalGroupsSequence: [
    {
      PlaneOrientationSequence: [{ ImageOrientationPatient: AXIAL }],
      PixelMeasuresSequence: [{ PixelSpacing: [2, 1.5], SliceThickness: 4 }],
    },
  ],
};

/** Three frames at no multiples of any step, the second of them moved aside, put on an even grid. */
async function resampled(
  pixels: readonly (readonly number[])[],
  { more, asideMm = 0 }: { more?: PlainDataSet; asideMm?: number } = {},
) {
  const frames = [0, 2, 5.0713].map((z, at) => ({
    ...{ z, segment: 1, pixels: pixels[at] },
    aside: [at === 1 ? asideMm : 0, 0] as const,
  }));
  const [entry] = listedEntries(await listDicom(segmentation(frames, { ...NO_SPACING, ...more })));
  if (entry.kind !== "volume") throw new Error("not a volume");
  return readVolume(entry, { onUnevenSlices: "resample", onTilt: "resample" });
}

describe("frames without a stated spacing", () => {
  it("are slices of the greatest step that all positions are multiples of", async () => {
    const frames = [0, 2, 5].map((z) => ({ z, segment: 1, pixels: row(1) }));
    const { image, notes } = await load(frames, NO_SPACING);
    expect(image.geometry.spacing[2]).toBe(1);
    const filled = [0, 1, 2, 3, 4, 5].filter((k) => image.data[k * PLANE + 4] === 1);
    expect(filled).toEqual([0, 2, 5]);
    expect(notes.join(" ")).toMatch(/1 mm apart, the greatest step/);
  });

  it("are listed apart, with a word on it, where positions are multiples of nothing", async () => {
    const frames = [0, 2, 5.0713].map((z) => ({ z, segment: 1, pixels: row(1) }));
    const entries = listedEntries(await listDicom(segmentation(frames, NO_SPACING)));
    const notes = entries.flatMap((entry) => (entry.kind === "volume" ? entry.notes : []));
    expect(notes.join(" ")).toMatch(/share no even grid/);
  });

  it.each(["BINARY", "LABELMAP"])("of labels (%s) are resampled by the nearest", async (type) => {
    const rows = [row(0, 1), row(1, 2), row(2, 1)];
    const { image, notes } = await resampled(rows, { more: { SegmentationType: type } });
    // Slices at 0, 2 and 5.0713 mm on a grid of steps of 2.536 mm: the middle one lies nearest to 2.
    expect(image.geometry.size).toEqual([4, 3, 3]);
    expect(image.data).toEqual(Uint8Array.from(rows.flat()));
    expect(notes.join(" ")).toMatch(/nearest label/);
  });

  it("of labels everywhere are not drawn out to where no frame reaches", async () => {
    const full = new Array<number>(PLANE).fill(1);
    const { image } = await resampled([full, full, full], { asideMm: 2 });
    expect(image.geometry.size).toEqual([6, 3, 3]);
    const firstRows = [0, 1, 2].map((k) => [...image.data.subarray(k * 18, k * 18 + 6)]);
    // The middle frame lies 1.33 pixels aside: nearest to one pixel.
    const there = [1, 1, 1, 1, 0, 0];
    expect(firstRows).toEqual([there, [0, 1, 1, 1, 1, 0], there]);
  });

  it("of fractions are interpolated linearly", async () => {
    const rows = [row(1, 0), row(1, 0), row(1, 100)];
    const more = { SegmentationType: "FRACTIONAL", MaximumFractionalValue: 100 };
    const { image } = await resampled(rows, { more });
    expect(image.data[PLANE + 4]).toBeCloseTo((100 * (5.0713 / 2 - 2)) / 3.0713, 3);
  });
});

describe("frames beside each other", () => {
  it("by whole pixels make one grid that spans them all", async () => {
    const [low, high] = [row(0), row(2)];
    const { image } = await load([
      { z: 0, segment: 1, pixels: low },
      { z: 0, segment: 2, pixels: high, aside: [-3, 4] },
    ]);
    expect(image.geometry).toMatchObject({ size: [6, 5, 1], origin: [-3, 0, 0] });
    const at = (x: number, y: number) => image.data[y * 6 + x];
    expect([at(1, 0), at(2, 0), at(5, 0), at(0, 4), at(3, 4), at(4, 4)]).toEqual([
      0, 1, 1, 2, 2, 0,
    ]);
  });

  it("by parts of pixels make none", async () => {
    const frames = [{ z: 0, segment: 1, pixels: row(0) }];
    const aside = [...frames, { ...frames[0], z: 3, aside: [0.7, 0] as const }];
    const entries = listedEntries(await listDicom(segmentation(aside)));
    expect(entries.every((entry) => !("segmentation" in entry))).toBe(true);
  });
});

it("frames of two orientations are a volume each", async () => {
  const frames = [0, 3].flatMap((z) => [
    { z, segment: 1, pixels: row(0) },
    { z, segment: 1, pixels: row(1), cosines: [1, 0, 0, 0, 0, -1] },
  ]);
  const upright = [frames[0], frames[1], frames[2]];
  const entries = listedEntries(await listDicom(segmentation(upright)));
  expect(entries.map(({ apart, size }) => [apart, size])).toEqual([
    [{ orientation: 1 }, [4, 3, 2]],
    [{ orientation: 2 }, [4, 3, 1]],
  ]);
});

describe("colours of segments", () => {
  it("are those of the palette of a label map", async () => {
    const channel = (...values: number[]) => Uint8Array.from([...values, 0]);
    const descriptor = [3, 0, 8];
    const { acquisition, image } = await load([{ z: 0, segment: 0, pixels: row(1, 2) }], {
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.66.7",
      SegmentationType: "LABELMAP",
      PhotometricInterpretation: "PALETTE COLOR",
      RedPaletteColorLookupTableDescriptor: descriptor,
      GreenPaletteColorLookupTableDescriptor: descriptor,
      BluePaletteColorLookupTableDescriptor: descriptor,
      RedPaletteColorLookupTableData: channel(0, 255, 16),
      GreenPaletteColorLookupTableData: channel(0, 128, 32),
      BluePaletteColorLookupTableData: channel(0, 0, 48),
    });
    expect(acquisition.Segments).toMatchObject([{ color: "#ff8000" }, { color: "#102030" }]);
    expect([...image.data]).toEqual(row(1, 2));
  });
});

const PAIRS = "../shared/data/dicom/dcmqi/data/segmentations";

describe.skipIf(!existsSync(PAIRS))("segmentations of dcmqi (skipped where not there)", () => {
  it.each([
    ["liver.dcm", "liver_seg.nrrd"],
    ["sparse-labelmap-noppv.dcm", "sparse_labelmap_noppv_seg.nrrd"],
    ["sparse-labelmap-ppv5.dcm", "sparse_labelmap_ppv5_seg.nrrd"],
    ["23x38x3/seg/label.seg", "23x38x3/nrrd/label.nrrd"],
    ["24x38x3/seg/label.seg", "24x38x3/nrrd/label.nrrd"],
  ])("%s has the voxels of %s where they are in the patient", async (dicom, nrrd) => {
    const [entry] = listedEntries(await listDicom(`${PAIRS}/${dicom}`));
    if (entry.kind !== "volume") throw new Error("not a volume");
    const { image } = await readVolume(entry);
    const source = await openFile(`${PAIRS}/${nrrd}`);
    const expected = (await readNrrd(source)).image;
    await source.close();
    const found = labelled(image);
    const wanted = labelled(expected);
    // A segmentation that spans less than the other leaves out slices of zeros only.
    if (image.data.length === expected.data.length) expect(found.size).toBe(wanted.size);
    expect(found).toEqual(wanted);
  });
});

/** The value of each voxel that is not 0, by its place to a hundredth of a millimetre. */
function labelled({ geometry, data }: Image): Map<string, number> {
  if (geometry.frame !== "LPS") throw new Error("no place");
  const { size, spacing, origin, direction: d } = geometry;
  const found = new Map<string, number>();
  for (let at = 0; at < data.length; at++) {
    if (data[at] === 0) continue;
    const index = [
      at % size[0],
      Math.floor(at / size[0]) % size[1],
      Math.floor(at / size[0] / size[1]),
    ];
    const mm = index.map((of, axis) => of * spacing[axis]);
    const place = origin.map(
      (of, r) =>
        Math.round((of + d[3 * r] * mm[0] + d[3 * r + 1] * mm[1] + d[3 * r + 2] * mm[2]) * 20) /
          20 +
        0,
    );
    found.set(place.join(" "), data[at]);
  }
  return found;
}
