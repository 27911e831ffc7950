// Scans at the command line: what goes wrong is said in its own words, and nothing half-done is left.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeFilesWhole } from "#files";
import { writeImage } from "../../src/formats/index.ts";
import { runInProcess } from "./run-in-process.ts";

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "roentgen-scans-"));
  await writeVolume("volume.nii.gz", [4, 3, 2]);
  await writeVolume("slice.nii", [4, 3, 1]);
  mkdirSync(join(folder, "empty"));
  mkdirSync(join(folder, "odd names"));
  await writeVolume("odd names/new\nline \u001b[31m ü.nii", [4, 3, 1]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function writeVolume(
  name: string,
  size: [number, number, number],
  valueAt = (at: number) => at - 3.5,
): Promise<void> {
  const length = size[0] * size[1] * size[2];
  const data = Float32Array.from({ length }, (_, at) => valueAt(at));
  const direction = [1, 0, 0, 0, 1, 0, 0, 0, 1] as const;
  const geometry = {
    frame: "LPS",
    size,
    spacing: [2, 2, 3],
    origin: [1, 2, 3],
    direction,
  } as const;
  await writeFilesWhole(await writeImage({ geometry, channels: [], data }, join(folder, name)));
}

const roentgen = (...args: string[]) => runInProcess(folder, args);

describe("convert", () => {
  it.each([
    ["an ending of no image format", ["volume.nii.gz", "x.txt"], /ending of x\.txt.*\.nii\.gz/],
    ["a volume without a modality", ["volume.nii.gz", "x/"], /--modality CT or --modality MR/],
    ["fractions as PNG", ["slice.nii", "x.png"], /--window/],
    ["a volume as PNG", ["volume.nii.gz", "x.png"], /found 2 slices/],
    ["a volume as one DICOM file", ["volume.nii.gz", "x.dcm", "--modality", "CT"], /Name a folder/],
    ["an empty folder", ["empty", "x/"], /found no images/],
    ["the input as output", ["slice.nii", "slice.nii", "--force"], /not written over/],
  ])("refuses %s with what to do, and writes nothing", async (_, args, message) => {
    const before = readdirSync(folder);
    const { status, stdout, stderr } = await roentgen("convert", ...args);
    expect(status).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toMatch(message);
    expect(readdirSync(folder)).toEqual(before);
  });

  it("writes over what is there only where that is said", async () => {
    writeFileSync(join(folder, "there.nrrd"), "mine");
    expect((await roentgen("convert", "slice.nii", "there.nrrd")).status).toBe(1);
    expect((await roentgen("convert", "slice.nii", "there.nrrd", "--force")).status).toBe(0);
  });

  it("says so before it reads anything", async () => {
    writeFileSync(join(folder, "damaged.nii.gz"), Uint8Array.of(0x1f, 0x8b, 8, 0, 1, 2, 3));
    writeFileSync(join(folder, "damaged.csv"), "a,b\n1\n1,2,3\n");
    writeFileSync(join(folder, "there.npy"), "mine");
    for (const [from, to] of [
      ["damaged.nii.gz", "there.nrrd"],
      ["damaged.csv", "there.npy"],
    ]) {
      const { status, stderr } = await roentgen("convert", from, to);
      expect(status).toBe(1);
      expect(stderr).toContain(`There is a file at ${to} already`);
    }
  });

  it("leaves masks of a folder out of its DICOM series, which is no failure", async () => {
    mkdirSync(join(folder, "case"));
    await writeVolume("case/scan.nii", [9, 9, 9]);
    writeFileSync(join(folder, "case/scan.json"), '{"Modality":"MR"}');
    await writeVolume("case/mask.nii", [9, 9, 9], (at) => (at > 200 ? 2 : 0));
    const { status, stdout, stderr } = await roentgen("convert", "case", "out/", "--to", "dicom");
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(stdout).toMatch(/mask: It was left out: a mask of one label is no scan/);
    expect(stderr).not.toMatch(/mask|modality/);
    expect(readdirSync(join(folder, "out"))).toEqual(["scan"]);
  });

  it("writes a window of fractions as PNG, and a series with a modality", async () => {
    expect((await roentgen("convert", "slice.nii", "w.png", "--window=-3,9")).status).toBe(0);
    const series = await roentgen(
      "convert",
      "volume.nii.gz",
      "series/",
      "--modality",
      "MR",
      "--json",
    );
    expect(series.status).toBe(0);
    const { converted } = JSON.parse(series.stdout);
    expect(converted[0].files).toHaveLength(2);
    for (const file of converted[0].files) expect(existsSync(join(folder, file))).toBe(true);
  });
});

describe("inspect", () => {
  it("shows names without what would steer the terminal", async () => {
    const { status, stdout } = await roentgen("inspect", "odd names/..");
    expect(status).toBe(0);
    expect(stdout).toContain("new\ufffdline \ufffd[31m ü.nii");
  });

  it("is wrong usage to ask for an image that is not there", async () => {
    const { status, stderr } = await roentgen("inspect", "volume.nii.gz", "--volume", "2");
    expect(status).toBe(2);
    expect(stderr).toContain("--volume with a number from 1 to 1");
  });

  it("gives one JSON value on standard output, and no picture that is not asked for", async () => {
    const before = readdirSync(folder);
    const { stdout } = await roentgen("inspect", "volume.nii.gz", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ kind: "scan", summary: { size: [4, 3, 2] } });
    expect(readdirSync(folder)).toEqual(before);
  });
});
