// Samples that are DICOM files: patients by their headers, series as volumes, films whose low values are bright.

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  loadImage,
  prepareImage,
  readImageDataset,
  splitImages,
} from "../../../src/datasets/index.ts";
import { makeDataSet, writeDicom } from "../../../src/formats/index.ts";
import { emptyFolder } from "./image-folders.ts";

interface Slice {
  readonly patient: string;
  readonly study?: string;
  readonly series?: string;
  readonly z?: number;
  readonly photometric?: "MONOCHROME1" | "MONOCHROME2";
  readonly values?: readonly number[];
}

/** A CT slice of 4 × 4 pixels, or a film where there is no place. */
function dicom({
  patient,
  study = patient,
  series = "s",
  z,
  photometric = "MONOCHROME2",
  values,
}: Slice): Uint8Array {
  const pixels = Uint16Array.from({ length: 16 }, (_, at) => values?.[at] ?? at * 10);
  const place = z !== undefined && {
    ...{ FrameOfReferenceUID: uidOf("frame"), ImagePositionPatient: [0, 0, z] },
    ...{ ImageOrientationPatient: [1, 0, 0, 0, 1, 0], PixelSpacing: [1, 1], SliceThickness: 1 },
  };
  const chunks = writeDicom(
    makeDataSet({
      ...{
        SOPClassUID: z === undefined ? "1.2.840.10008.5.1.4.1.1.7" : "1.2.840.10008.5.1.4.1.1.2",
      },
      ...{
        SOPInstanceUID: uidOf(`${study}/${series}/${z}`),
        Modality: z === undefined ? "OT" : "CT",
      },
      ...{
        PatientID: patient,
        StudyInstanceUID: uidOf(study),
        SeriesInstanceUID: uidOf(`${study}/${series}`),
      },
      ...{
        Rows: 4,
        Columns: 4,
        BitsAllocated: 16,
        BitsStored: 16,
        HighBit: 15,
        PixelRepresentation: 0,
      },
      ...{
        SamplesPerPixel: 1,
        PhotometricInterpretation: photometric,
        WindowCenter: 75.5,
        WindowWidth: 151,
      },
      ...place,
      PixelData: new Uint8Array(pixels.buffer),
    } as never),
  );
  return Buffer.concat([...chunks]);
}

/** A UID for each text. */
function uidOf(text: string): string {
  return `2.25.${BigInt(`0x1${Buffer.from(text).toString("hex")}`)}`;
}

async function folderOf(files: Readonly<Record<string, Slice>>): Promise<string> {
  const folder = await emptyFolder();
  for (const [name, slice] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), dicom(slice));
  }
  return folder;
}

describe("Samples that are DICOM files", () => {
  it("have the patient that their headers state", async () => {
    const dataset = await readImageDataset(
      await folderOf({
        "a/1.dcm": { patient: "P1" },
        "a/2": { patient: "P2" },
        "b/3.dcm": { patient: "P1", series: "t" },
      }),
    );
    expect(dataset.samples.map(({ patient }) => patient)).toEqual(["P1", "P2", "P1"]);
    expect(dataset.notes).toContain("2 patients told by DICOM files.");
  });

  it("have none where all state the same", async () => {
    const dataset = await readImageDataset(
      await folderOf({
        "a/1.dcm": { patient: "ANON" },
        "b/2.dcm": { patient: "ANON", series: "t" },
      }),
    );
    expect(dataset.samples.map(({ patient }) => patient)).toEqual([undefined, undefined]);
    expect(dataset.notes.join(" ")).toContain('one patient, "ANON"');
  });

  it.each([
    ["no patient", ""],
    ["one patient", "ANON"],
  ])("have that of their study where they state %s", async (_, patient) => {
    const slice = (study: string, series: string) => ({ patient, study, series });
    const dataset = await readImageDataset(
      await folderOf({
        "a/1.dcm": slice("x", "s"),
        "a/2.dcm": slice("x", "t"),
        "b/3.dcm": slice("y", "s"),
      }),
    );
    const [first, second, third] = dataset.samples.map((sample) => sample.patient);
    expect(first).toBeDefined();
    expect(second).toBe(first);
    expect(third).not.toBe(first);
    expect(dataset.notes).toContain("2 patients told by DICOM files.");
  });

  it("tell the patient better than their folders do", async () => {
    const files = Array.from({ length: 12 }, (_, at): [string, Slice] => [
      `${at % 2 ? "a" : "b"}/${at}/1.dcm`,
      { patient: `P${at % 4}`, series: `${at}` },
    ]);
    const dataset = await readImageDataset(await folderOf(Object.fromEntries(files)));
    expect(new Set(dataset.samples.map((sample) => sample.patient))).toEqual(
      new Set(["P0", "P1", "P2", "P3"]),
    );
  });

  it("are one volume where they are the slices of a series in a folder of its own", async () => {
    const slices = [0, 1, 2].map((z): [string, Slice] => [
      `a/case 1/${z}.dcm`,
      { patient: "P1", z },
    ]);
    const loose = [0, 1].map((z): [string, Slice] => [
      `b/${z}.dcm`,
      { patient: `Q${z}`, series: `${z}`, z },
    ]);
    const dataset = await readImageDataset(
      await folderOf(Object.fromEntries([...slices, ...loose])),
    );
    expect(dataset.samples.map(({ name, patient }) => [name, patient])).toEqual([
      ["a/case 1", "P1"],
      ["b/0.dcm", "Q0"],
      ["b/1.dcm", "Q1"],
    ]);
    const { image } = await loadImage(dataset.samples[0].path);
    expect(image.geometry.size).toEqual([4, 4, 3]);
    expect((await loadImage(dataset.samples[1].path)).image.geometry.size).toEqual([4, 4, 1]);
  });

  it("can be each slice, of which those of one file stay together", async () => {
    const files = Array.from({ length: 20 }, (_, at) =>
      [0, 1, 2].map((z): [string, Slice] => [
        `${at % 2 ? "a" : "b"}/case ${at}/${z}.dcm`,
        { patient: "", series: `${at}`, z },
      ]),
    );
    const folder = await folderOf(Object.fromEntries(files.flat()));
    const dataset = await readImageDataset(folder, { slices: "each" });
    expect(dataset.samples).toHaveLength(60);
    expect(dataset.samples[1]).toMatchObject({ name: "a/case 1[1]", frame: 1 });
    const { test } = splitImages(dataset, { test: 0.3 });
    const cases = new Set([...test].map((row) => dataset.samples[row].path));
    expect(test.length).toBe(3 * cases.size);
  });

  it("are seen in the window that they state, low values dark whatever they state", async () => {
    const folder = await folderOf({
      "a/1.dcm": { patient: "A" },
      "b/2.dcm": { patient: "B", photometric: "MONOCHROME1" },
    });
    const preparation = {
      size: [4, 4],
      channels: 1,
      fit: "stretch",
      intensity: { kind: "stated-window" },
    } as const;
    const [plain, inverted] = await Promise.all(
      ["a/1.dcm", "b/2.dcm"].map(async (name) => {
        const { image, display } = await loadImage(join(folder, name));
        return prepareImage(image, preparation, { display });
      }),
    );
    // The window 75.5 ± 75 of whole values is 0 to 150 (PS3.3 C.11.2.1.2.1).
    expect(plain[0]).toBe(0);
    expect(plain[3]).toBeCloseTo(0.2, 6);
    expect(plain[15]).toBe(1);
    plain.forEach((value, at) => {
      expect(inverted[at]).toBeCloseTo(1 - value, 6);
    });
  });
});
