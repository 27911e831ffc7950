import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { openFile } from "#files";
import { memorySource } from "../../../../src/base/index.ts";
import {
  filesOfDirectory,
  readDicomdir,
} from "../../../../src/formats/dicom/data-set/read-dicomdir.ts";
import { DICOM_DATA, hasDicomData, unlessAbsent } from "./dicom-data.ts";
import { directoryFile, ENTRIES } from "./directory-sample.ts";
import { sampleFiles } from "./written-sample.ts";

const read = (bytes: Uint8Array) => readDicomdir(memorySource(bytes, "DICOMDIR"));

describe("A DICOMDIR", () => {
  it("is a tree of the records in use, with the files that they stand for", async () => {
    const directory = await read(directoryFile());
    expect(directory.fileSetId).toBe("ROENTGEN");
    expect(directory.notes).toEqual([]);
    expect(directory.records.map(({ type, children }) => [type, children.length])).toEqual([
      ["PATIENT", 1],
      ["PATIENT", 0],
    ]);
    const files = filesOfDirectory(directory);
    expect(files.map(({ file }) => file)).toEqual(["P0/IM0", "P0/IM1"]);
    expect(files[0].records.map(({ type }) => type)).toEqual([
      "PATIENT",
      "STUDY",
      "SERIES",
      "IMAGE",
    ]);
  });

  it("is read in the order of its records where an offset leads round in a circle", async () => {
    const circle = ENTRIES.map((entry, index) => (index === 4 ? { ...entry, next: 3 } : entry));
    const directory = await read(directoryFile(circle));
    expect(directory.notes.join()).toMatch(/offsets of the directory lead nowhere/);
    expect(filesOfDirectory(directory).map(({ file }) => file)).toEqual(["P0/IM0", "P0/IM1"]);
  });

  it.each([["..", "X"], ["."], ["A/B"], ["C:"], [""]])(
    "names no file outside its folder: %s",
    async (...file) => {
      const entries = ENTRIES.map((entry, index) =>
        index === 3 ? { ...entry, file: ["A", ...file] } : entry,
      );
      // The writer refuses such names; a reader meets them all the same.
      const safe = entries.map((entry) =>
        entry.file ? { ...entry, file: entry.file.map(mask) } : entry,
      );
      const bytes = unmask(directoryFile(safe));
      const directory = await read(bytes);
      const files = filesOfDirectory(directory).map((one) => one.file);
      expect(files).toEqual(["P0/IM1"]);
      expect(directory.notes.join()).toMatch(/no file beside it/);
    },
  );

  it("is told from other DICOM files", async () => {
    await expect(read(sampleFiles()["explicit.dcm"])).rejects.toThrow(/without directory records/);
  });
});

describe.skipIf(!hasDicomData)(`A real DICOMDIR${unlessAbsent}`, () => {
  const folder = join(DICOM_DATA, "pydicom/test_files/dicomdirtests");

  // Counts as in pydicom's FileSet tests; the files of two more are in folders beside them.
  it.each([
    ["DICOMDIR", 2, 31],
    ["DICOMDIR-bigEnd", 2, 31],
    ["DICOMDIR-implicit", 2, 31],
    ["DICOMDIR-reordered", 2, 31],
    ["DICOMDIR-nooffset", 2, 31],
    ["DICOMDIR-nopatient", 2, 31],
    ["DICOMDIR-empty.dcm", 0, 0],
    ["TINY_ALPHA/DICOMDIR", 1, 50],
  ])("refers to files that are there: %s", async (name, patients, images) => {
    const path = join(folder, name);
    const source = await openFile(path);
    const directory = await readDicomdir(source);
    await source.close();
    const files = filesOfDirectory(directory);
    expect([directory.records.length, files.length]).toEqual([patients, images]);
    expect(files.filter(({ file }) => !existsSync(join(dirname(path), file)))).toEqual([]);
  });
});

const MASKS: readonly [string, string][] = [
  ["..", "ZQ"],
  [".", "Z"],
  ["A/B", "AQB"],
  ["C:", "CQ"],
];

function mask(component: string): string {
  return MASKS.find(([real]) => real === component)?.[1] ?? component;
}

/** Puts the real names where the masks are: in the referenced file of the first image. */
function unmask(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString("latin1");
  const changed = MASKS.reduce(
    (sum, [real, hidden]) =>
      sum.replaceAll(`A\\${hidden}\\`, `A\\${real}\\`).replaceAll(`A\\${hidden}`, `A\\${real}`),
    text,
  );
  return Buffer.from(changed, "latin1");
}
