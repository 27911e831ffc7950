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
    PerFrameFunctionalGroupsSequence: frames.map(({ z, segment }) => ({
      PlanePositionSequence: [{ ImagePositionPatient: [0, 0, z] }],
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
