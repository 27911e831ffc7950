// Names of files beside a header: numbered as printf does, and never outside the header's folder.

import { describe, expect, it } from "vitest";
import { memorySource } from "../../../src/base/index.ts";
import { companionFiles, readCompanions } from "../../../src/formats/voxels/companions.ts";

describe("Files of voxels beside a header", () => {
  it.each([
    ["a%d.raw", [1, 3, 1], ["a1.raw", "a2.raw", "a3.raw"]],
    ["a%03d.raw", [9, 11, 1], ["a009.raw", "a010.raw", "a011.raw"]],
    ["a%3i.raw", [9, 11, 1], ["a  9.raw", "a 10.raw", "a 11.raw"]],
    ["%02u", [4, 0, -2], ["04", "02", "00"]],
    ["x%03d", [-1, 1, 1], ["x-01", "x000", "x001"]],
  ])("are numbered as printf numbers them: %s", (format, range, names) => {
    const wanted = { format, range, sizes: [2, 2, 3], perFile: undefined };
    expect(companionFiles(wanted, "a.nhdr")).toEqual(names);
  });

  it.each(["%s.raw", "%d%d.raw", "%n", "%1000d", "a.raw"])("are not numbered by %s", (format) => {
    const wanted = { format, range: [1, 3, 1], sizes: [2, 2, 3], perFile: undefined };
    expect(() => companionFiles(wanted, "a.nhdr")).toThrow("a pattern with one number");
  });

  const names = ["../a.raw", "b/../../a.raw", "/etc/passwd", "C:\\a.raw", "\\\\server\\a.raw"];
  it.each([...names, "https://example.org/a.raw", "file:///a.raw", "b\\..\\a.raw", "a\0.raw"])(
    "are refused outside its folder: %s",
    async (name) => {
      const beside = async () => memorySource(new Uint8Array(), name);
      const reading = readCompanions([name], beside, "a.nhdr", async () => 1);
      await expect(reading).rejects.toThrow("in the folder of the header");
    },
  );

  it.each(["a.raw", "./a.raw", "data/a.raw", "..a.raw"])("are read in it: %s", async (name) => {
    const beside = async () => memorySource(new Uint8Array(), name);
    await expect(readCompanions([name], beside, "a.nhdr", async () => 1)).resolves.toEqual([1]);
  });
});
