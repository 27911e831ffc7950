import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeFilesWhole } from "#files";
import { type Image, makeImage, patientGeometry } from "../../../src/base/index.ts";
import { writeDicomSeries, writeImage } from "../../../src/formats/index.ts";
import {
  chooseEntry,
  convertScans,
  type InspectedListing,
  type InspectedScan,
  inspectScans,
  isScan,
  listScans,
  readScan,
} from "../../../src/tasks/index.ts";

const folder = mkdtempSync(join(tmpdir(), "roentgen-scans-"));
const dicom = join(folder, "dicom");
const geometry = patientGeometry({
  size: [8, 6, 5],
  spacing: [0.5, 0.75, 2],
  origin: [-20, 11, 30],
  direction: [1, 0, 0, 0, 0, 1, 0, -1, 0],
});
const ct = makeImage({
  geometry,
  data: Int16Array.from({ length: 240 }, (_, at) => at * 3 - 300),
  unit: "HU",
});
const film = makeImage({
  geometry: { frame: "pixels", size: [9, 7, 1], spacing: [0.2, 0.2, 1] },
  data: Uint16Array.from({ length: 63 }, (_, at) => at * 60),
});

beforeAll(async () => {
  await writeFilesWhole(
    writeDicomSeries(ct, join(dicom, "a"), {
      patientId: "A1",
      seriesDescription: "Sagittal / lung",
    }),
  );
  const others = { patientId: "B2", modality: "DX" } as const;
  await writeFilesWhole(writeDicomSeries(film, join(dicom, "b/one.dcm"), others));
  await writeFilesWhole(
    writeDicomSeries(brighter(film), join(dicom, "b/two.dcm"), { ...others, seriesNumber: 2 }),
  );
  await writeFilesWhole(await writeImage(ct, join(dicom, "c/ct.nii.gz")));
  writeFileSync(join(dicom, "notes.txt"), "not an image");
  const gap = writeDicomSeries(ct, join(folder, "gap"));
  await writeFilesWhole(gap.filter((_, at) => at !== 2));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("A folder of scans", () => {
  it("is shown as a tree of patients, studies and series with numbers to choose by", async () => {
    const listing = (await inspectScans(dicom)) as InspectedListing;
    expect(listing.kind).toBe("listing");
    const images = listing.patients.map(({ id, studies }) => [
      id,
      ...studies.flatMap(({ series }) =>
        series.flatMap(({ images: all }) => all.map(({ number, size }) => `${number}: ${size}`)),
      ),
    ]);
    expect(images).toEqual([
      ["A1", "1: 8 × 6 × 5 voxels of 0.5 × 0.75 × 2 mm"],
      ["B2", "2: 9 × 7 pixels", "3: 9 × 7 pixels"],
    ]);
    expect(listing.files).toEqual([
      { number: 4, path: join(dicom, "c/ct.nii.gz"), format: "nifti" },
    ]);
    expect(listing.others).toEqual([join(dicom, "notes.txt")]);
  });

  it("gives the image of a number, with its place, values and picture", async () => {
    const scan = (await inspectScans(dicom, { volume: 1 })) as InspectedScan;
    expect(scan).toMatchObject({
      kind: "scan",
      format: "dicom",
      summary: { size: [8, 6, 5], orientation: "LIP", unit: "HU" },
    });
    expect(scan.summary.statistics).toMatchObject({ min: -300, max: 417, count: 240 });
    expect(scan.picture.width).toBeGreaterThan(100);
  });

  it("says which numbers there are where one is needed or wrong", async () => {
    const listing = await listScans(dicom);
    expect(() => chooseEntry(listing)).toThrow(/holds 4 images.*from 1 to 4/);
    expect(() => chooseEntry(listing, 9)).toThrow(/no image 9/);
  });

  it("is told from tables", async () => {
    expect(await isScan(dicom)).toBe(true);
    expect(await isScan(join(dicom, "c/ct.nii.gz"))).toBe(true);
    expect(await isScan(join(dicom, "b/one.dcm"))).toBe(true);
    expect(await isScan(join(dicom, "notes.txt"))).toBe(false);
  });
});

describe("Conversion", () => {
  it("takes a series to NIfTI and back, voxel by voxel at its place", async () => {
    const nifti = join(folder, "there/ct.nii.gz");
    const { converted } = await convertScans(dicom, nifti, { volume: 1 });
    expect(converted[0].files).toEqual([nifti, join(folder, "there/ct.json")]);
    expect(JSON.parse(readFileSync(converted[0].files[1], "utf8"))).toMatchObject({
      Modality: "CT",
      SeriesDescription: "Sagittal / lung",
    });
    const back = join(folder, "back");
    await convertScans(nifti, `${back}/`);
    const { entries } = await listScans(back);
    const { image } = await readScan(entries[0]);
    expect(image.geometry).toEqual(geometry);
    expect(image.data).toEqual(ct.data);
    expect(image.unit).toBe("HU");
  });

  it("takes a whole folder at once, into names that say what they are", async () => {
    const out = join(folder, "all");
    const { converted, failed } = await convertScans(dicom, out, { to: "nrrd" });
    expect(failed).toEqual([]);
    expect(converted.map(({ files }) => files[0])).toEqual([
      join(out, "A1/1_Sagittal_lung.nrrd"),
      expect.stringMatching(/B2\/.*1.*\.nrrd$/),
      expect.stringMatching(/B2\/.*2.*\.nrrd$/),
      join(out, "c/ct.nrrd"),
    ]);
    const names = converted.map(({ files }) => files[0]);
    expect(new Set(names).size).toBe(4);
    expect(names.every((name) => existsSync(name))).toBe(true);
  });

  it("never writes over a file unless told to, nor over its input", async () => {
    const out = join(folder, "once.nii.gz");
    await convertScans(dicom, out, { volume: 1 });
    await expect(convertScans(dicom, out, { volume: 1 })).rejects.toThrow(/already/);
    await convertScans(dicom, out, { volume: 1, force: true });
    const input = join(dicom, "c/ct.nii.gz");
    await expect(convertScans(input, input, { force: true })).rejects.toThrow(/not written over/);
  });

  it("windows a film to 8 bits", async () => {
    const png = join(folder, "film.png");
    await convertScans(join(dicom, "b/one.dcm"), png, { window: { low: 0, high: 3720 } });
    const { image } = await readScan((await listScans(png)).entries[0]);
    expect([...image.data].slice(0, 3)).toEqual([0, 4, 8]);
    expect(image.data.at(-1)).toBe(255);
  });

  it("refuses a series with a gap, and fills it where that is chosen", async () => {
    const out = join(folder, "gap.nii.gz");
    const gap = join(folder, "gap");
    await expect(convertScans(gap, out)).rejects.toThrow(/1 slice is missing.*onMissingSlices/);
    expect(existsSync(out)).toBe(false);
    const { converted } = await convertScans(gap, out, { onMissingSlices: "resample" });
    expect(converted[0].notes.join(" ")).toMatch(/interpolated/);
    const { image } = await readScan((await listScans(out)).entries[0]);
    expect(image.geometry.size).toEqual([8, 6, 5]);
  });
});

function brighter(image: Image): Image {
  return { ...image, data: image.data.map((value) => value + 1) };
}
