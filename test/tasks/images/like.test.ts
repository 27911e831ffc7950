// Segmentations on the grid of their image, as `roentgen convert --like` puts them.

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ByteSource } from "../../../src/base/index.ts";
import { convertScans, inspectScans, listScans, readScan } from "../../../src/tasks/index.ts";
import { AXIAL, axialStack, slice } from "../../formats/dicom/series/synthetic-series.ts";

const SERIES = { SeriesInstanceUID: "1.2.3.5", FrameOfReferenceUID: "1.2.3.6" };
let folder: string;

/** Two segments of one slice each, at z = 3 and z = 9 of a scan at 0, 3 … 12; shifted by some mm. */
function segmentation(more: object = {}, aside = 0): ByteSource {
  return slice({
    value: 0,
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.66.4",
    Modality: "SEG",
    SeriesInstanceUID: "1.2.3.7",
    FrameOfReferenceUID: "1.2.3.6",
    SegmentationType: "BINARY",
    NumberOfFrames: 2,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    ReferencedSeriesSequence: [{ SeriesInstanceUID: "1.2.3.5" }],
    SegmentSequence: [1, 2].map((SegmentNumber) => ({ SegmentNumber })),
    SharedFunctionalGroupsSequence: [
      {
        PlaneOrientationSequence: [{ ImageOrientationPatient: AXIAL }],
        PixelMeasuresSequence: [
          { PixelSpacing: [2, 1.5], SliceThickness: 3, SpacingBetweenSlices: 3 },
        ],
      },
    ],
    PerFrameFunctionalGroupsSequence: [1, 2].map((segment) => ({
      PlanePositionSequence: [{ ImagePositionPatient: [aside, 0, segment * 6 - 3] }],
      SegmentIdentificationSequence: [{ ReferencedSegmentNumber: segment }],
    })),
    PixelData: new Uint8Array(24).fill(1),
    ...more,
  });
}

async function save(name: string, source: ByteSource): Promise<void> {
  writeFileSync(join(folder, name), await source.read(0, source.byteLength));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "roentgen-like-"));
  mkdirSync(join(folder, "scan"));
  const scan = axialStack([0, 3, 6, 9, 12], SERIES);
  const other = axialStack([0, 5, 10], {
    ...SERIES,
    SeriesInstanceUID: "1.2.3.8",
    SeriesNumber: 2,
  });
  for (const [at, source] of [...scan, ...other].entries()) await save(`scan/${at}.dcm`, source);
  await save("scan/seg.dcm", segmentation());
  await save("seg.dcm", segmentation());
  await save("shifted.dcm", segmentation({}, 0.6));
  await save("elsewhere.dcm", segmentation({ FrameOfReferenceUID: "1.2.3.99" }));
  await save("orphan.dcm", segmentation({ ReferencedSeriesSequence: [] }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function convert(from: string) {
  const to = join(folder, "out.nii.gz");
  const options = { like: join(folder, "scan"), force: true };
  const { converted } = await convertScans(join(folder, from), to, options);
  const { entries } = await listScans(to);
  return { image: (await readScan(entries[0])).image, notes: converted[0].notes.join(" ") };
}

/** The value of each slice, where it is one. */
function slices(data: ArrayLike<number>): number[] {
  const all = Array.from(data);
  return [0, 1, 2, 3, 4].map((k) => {
    const values = new Set(all.slice(k * 12, (k + 1) * 12));
    return values.size === 1 ? [...values][0] : Number.NaN;
  });
}

describe("A segmentation like its image", () => {
  it("takes the grid of the series that it refers to, voxel by voxel", async () => {
    const { image, notes } = await convert("seg.dcm");
    expect(image.geometry.size).toEqual([4, 3, 5]);
    expect(slices(image.data)).toEqual([0, 1, 0, 2, 0]);
    expect(notes).toMatch(/the series that the segmentation refers to\. Its voxels were copied/);
  });

  it("without a reference takes the image of its frame of reference whose voxels lie on its own", async () => {
    const { image, notes } = await convert("orphan.dcm");
    expect(slices(image.data)).toEqual([0, 1, 0, 2, 0]);
    expect(notes).toMatch(/of the segmentation's frame of reference/);
  });

  it("is resampled where its voxels lie between those of the image, and says so", async () => {
    const { image, notes } = await convert("shifted.dcm");
    expect(image.geometry.size).toEqual([4, 3, 5]);
    expect(slices(image.data)).toEqual([0, 1, 0, 2, 0]);
    expect(notes).toMatch(/was resampled \(nearest\)/);
  });

  it("in another frame of reference is refused", async () => {
    await expect(convert("elsewhere.dcm")).rejects.toThrow(/different frames of reference/);
  });

  it("is asked for of segmentations only", async () => {
    const asked = convertScans(join(folder, "scan"), join(folder, "out.nii.gz"), {
      like: join(folder, "scan"),
      volume: 1,
      force: true,
    });
    await expect(asked).rejects.toThrow(/expected a DICOM segmentation/);
  });
});

const DCMQI = "../shared/data/dicom/dcmqi/data/segmentations";

describe.skipIf(!existsSync(DCMQI))("Segmentations of dcmqi (skipped where not there)", () => {
  it.each([
    ["liver.dcm", "ct-3slice"],
    ["partial_overlaps.dcm", "ct-3slice"],
    ["23x38x3/seg/label.seg", "23x38x3/image"],
    ["sparse-labelmap-ppv5.dcm", "24x38x3/image"],
    ["sparse-labelmap-noppv.dcm", "24x38x3/image"],
  ])("%s takes the grid of %s", async (seg, like) => {
    const [entry] = (await listScans(`${DCMQI}/${like}`)).entries;
    const reference = await readScan(entry);
    const to = join(folder, "dcmqi.nii.gz");
    const { converted } = await convertScans(`${DCMQI}/${seg}`, to, {
      like: `${DCMQI}/${like}`,
      force: true,
    });
    expect(converted[0].notes.join(" ")).toMatch(/Its voxels were copied/);
    const { image } = await readScan((await listScans(to)).entries[0]);
    expect(image.geometry.size).toEqual(reference.image.geometry.size);
    const before = await readScan((await listScans(`${DCMQI}/${seg}`)).entries[0]);
    const filled = (data: ArrayLike<number>) =>
      Array.from(data).filter((value) => value !== before.background).length;
    expect(filled(image.data)).toBe(filled(before.image.data));
  });

  it("are drawn in the colours of their segments", async () => {
    const inspected = await inspectScans(`${DCMQI}/liver.dcm`);
    if (inspected.kind !== "scan") throw new Error("not one image");
    const [{ color }] = inspected.header.Segments as { color: string }[];
    const { data, channels } = inspected.picture;
    expect(channels).toBe(3);
    const hex = (at: number) => Buffer.from(data.subarray(at, at + 3)).toString("hex");
    const colors = new Set(Array.from({ length: data.length / 3 }, (_, at) => hex(3 * at)));
    expect(colors).toContain(color.slice(1));
  });
});
