import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listFolder } from "../../../../src/base/files-node.ts";
import { type ByteSource, memorySource } from "../../../../src/base/index.ts";
import {
  makeDataSet,
  type PlainDataSet,
} from "../../../../src/formats/dicom/data-set/make-data-set.ts";
import { writeDicom } from "../../../../src/formats/dicom/data-set/write-dicom.ts";
import { joinBytes } from "../../../../src/formats/elements/join-bytes.ts";
import {
  type DicomVolume,
  listDicom,
  listedEntries,
  readVolume,
  writeZip,
} from "../../../../src/formats/index.ts";
import { axialStack, CORONAL, slice } from "./synthetic-series.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "roentgen-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const bytesOf = (source: ByteSource) => source.read(0, source.byteLength);

async function put(name: string, source: ByteSource | string): Promise<void> {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), typeof source === "string" ? source : await bytesOf(source));
}

const zs = [0, 2, 4];
const names = ["IMG9", "b/c/IMG1", "a/IMG5.dcm"];

async function putStack(places: readonly string[] = names): Promise<void> {
  const stack = axialStack(zs);
  for (const [at, name] of places.entries()) await put(name, stack[at]);
}

describe("A folder", () => {
  it("is searched to any depth, and what is no DICOM is counted and passed over", async () => {
    await putStack();
    await put("a/README.txt", "Series 1");
    await put("empty", "");
    const listing = await listDicom(folder);
    expect(listing).toMatchObject({ files: 3, problems: [] });
    expect(listing.skipped.map((path) => path.slice(folder.length + 1))).toEqual([
      "a/README.txt",
      "empty",
    ]);
    const [volume] = listedEntries(listing) as DicomVolume[];
    const { image } = await readVolume(volume);
    expect([...image.data].filter((_, at) => at % 12 === 0)).toEqual([0, 200, 400]);
  });

  it("that holds a link to itself, or to one above, is searched once", async () => {
    await putStack();
    symlinkSync(folder, join(folder, "a/loop"));
    symlinkSync(join(folder, "a"), join(folder, "b/again"));
    symlinkSync(join(folder, "nowhere"), join(folder, "broken"));
    expect((await listFolder(folder)).map((path) => path.slice(folder.length + 1))).toEqual([
      "IMG9",
      "a/IMG5.dcm",
      "b/c/IMG1",
    ]);
    expect(await listDicom([folder, folder])).toMatchObject({ files: 3 });
  });

  it("that is not there is an error that says so", async () => {
    await expect(listDicom(join(folder, "nothing"))).rejects.toMatchObject({
      code: "file-not-found",
    });
    await expect(listFolder(join(folder, "nothing"))).rejects.toMatchObject({
      code: "file-not-found",
    });
  });

  it("of several patients, studies and series is listed as such", async () => {
    const put2 = async (name: string, attributes: PlainDataSet) =>
      put(name, axialStack([0], attributes)[0]);
    await put2("1", {
      PatientID: "B",
      PatientName: "Doe^Jane",
      StudyInstanceUID: "1.1",
      SeriesInstanceUID: "1.1.1",
    });
    await put2("2", {
      PatientID: "A",
      StudyInstanceUID: "1.2",
      StudyDate: "20260102",
      SeriesInstanceUID: "1.2.2",
      SeriesNumber: 2,
    });
    await put2("3", {
      PatientID: "A",
      StudyInstanceUID: "1.2",
      StudyDate: "20260102",
      SeriesInstanceUID: "1.2.1",
      SeriesNumber: 1,
    });
    await put2("4", {
      PatientID: "A",
      StudyInstanceUID: "1.3",
      StudyDate: "20250102",
      SeriesInstanceUID: "1.3.1",
    });
    const { patients } = await listDicom(folder);
    const outline = patients.map(({ id, studies }) => [
      id,
      studies.map(({ date, series }) => [date, series.map(({ uid }) => uid)]),
    ]);
    expect(outline).toEqual([
      [
        "A",
        [
          ["20250102", ["1.3.1"]],
          ["20260102", ["1.2.1", "1.2.2"]],
        ],
      ],
      ["B", [[undefined, ["1.1.1"]]]],
    ]);
  });

  it("lists objects without pixels apart", async () => {
    const report = makeDataSet({
      ...{ SOPClassUID: "1.2.840.10008.5.1.4.1.1.88.11", SOPInstanceUID: "1.9", PatientID: "P1" },
      ...{ StudyInstanceUID: "1.2.3", SeriesInstanceUID: "1.9.1", Modality: "SR" },
    });
    await putStack();
    await put("report", memorySource(joinBytes(writeDicom(report))));
    const [{ series }] = (await listDicom(folder)).patients[0].studies;
    expect(
      series.map(({ modality, entries, objects }) => [modality, entries.length, objects.length]),
    ).toEqual([
      ["SR", 0, 1],
      ["MR", 1, 0],
    ]);
  });
});

describe("A zip archive", () => {
  it("is read as a folder is, from a path and from memory", async () => {
    const stack = axialStack(zs);
    const members: Record<string, Uint8Array> = { "note.txt": new TextEncoder().encode("hello") };
    for (const [at, source] of stack.entries()) members[`x/${9 - at}`] = await bytesOf(source);
    const archive = writeZip(members);
    await put("scan.zip", memorySource(archive));
    for (const input of [join(folder, "scan.zip"), memorySource(archive, "scan.zip")]) {
      const listing = await listDicom(input);
      expect(listing).toMatchObject({ files: 3, problems: [] });
      expect(listing.skipped).toEqual([expect.stringContaining("scan.zip/note.txt")]);
      const { image } = await readVolume(listedEntries(listing)[0] as DicomVolume);
      expect([...image.data].filter((_, at) => at % 12 === 0)).toEqual([0, 200, 400]);
    }
  });
});

describe("A DICOMDIR", () => {
  const directory = (files: readonly string[]) =>
    memorySource(
      joinBytes(
        writeDicom(
          makeDataSet({
            FileSetID: "TEST",
            DirectoryRecordSequence: files.map((file) => ({
              DirectoryRecordType: "IMAGE",
              // As bytes: the writer would refuse a path that leads out.
              ReferencedFileID: new TextEncoder().encode(file.replaceAll("/", "\\").padEnd(2)),
            })),
          }),
          {
            meta: {
              MediaStorageSOPClassUID: "1.2.840.10008.1.3.10",
              MediaStorageSOPInstanceUID: "1.5",
            },
          },
        ),
      ),
    );

  it("leads to the files that it names, and tells which are not there", async () => {
    await putStack(["DISC/S1/I1", "DISC/S1/I2", "disc2"]);
    await put("DISC/DICOMDIR", directory(["S1/I1", "S1/I2", "S1/I3"]));
    const listing = await listDicom(join(folder, "DISC/DICOMDIR"));
    expect(listing.files).toBe(2);
    expect(listing.problems).toEqual([
      expect.objectContaining({ kind: "missing", name: expect.stringContaining("DISC/S1/I3") }),
    ]);
  });

  it("adds nothing to a folder that holds its files already, whatever their case", async () => {
    await putStack(["s1/i1", "s1/i2", "s1/i3"]);
    await put("DICOMDIR", directory(["S1/I1", "S1/I2", "S1/I3"]));
    expect(await listDicom(folder)).toMatchObject({ files: 3, problems: [] });
  });

  it("cannot lead out of its folder", async () => {
    await putStack(["secret", "disc/I1"]);
    await put("disc/DICOMDIR", directory(["../secret", "I1"]));
    expect(await listDicom(join(folder, "disc/DICOMDIR"))).toMatchObject({
      files: 1,
      problems: [],
    });
  });
});

it("Listing reads headers only, tells how far it is, and stops when asked", async () => {
  const read: number[] = [];
  const counted = (source: ByteSource): ByteSource => ({
    ...source,
    read: async (at, length) => {
      read.push(length);
      return source.read(at, length);
    },
  });
  const big = slice({
    ...{
      position: [0, 0, 0],
      value: 0,
      Rows: 2000,
      Columns: 2000,
      ImageOrientationPatient: CORONAL,
    },
    ...{ PixelData: new Uint16Array(4_000_000) },
  });
  const steps: number[] = [];
  await listDicom([counted(big)], { onProgress: ({ done }) => steps.push(done) });
  expect(read.reduce((sum, length) => sum + length, 0)).toBeLessThan(500_000);
  expect(steps).toEqual([1]);
  await expect(listDicom([big], { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: "cancelled",
  });
});
