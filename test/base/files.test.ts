import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  checkWritable,
  hashWhileReading,
  openFile,
  pathKind,
  readFileBytes,
  writeFileWhole,
} from "#files";
import { memorySource } from "../../src/base/index.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "roentgen-files-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("writeFileWhole", () => {
  it("writes text, bytes and chunks, making folders on the way", async () => {
    const path = join(folder, "deep/er/file");
    await writeFileWhole(path, "ä");
    expect(readFileSync(path, "utf8")).toBe("ä");
    await writeFileWhole(path, new Uint8Array([1, 2]));
    await writeFileWhole(path, [new Uint8Array([3]), new Uint8Array([4, 5])]);
    expect([...readFileSync(path)]).toEqual([3, 4, 5]);
    expect(readdirSync(join(folder, "deep/er"))).toEqual(["file"]);
  });

  it("leaves the older file and nothing half-written when the content fails", async () => {
    const path = join(folder, "kept.txt");
    writeFileSync(path, "before");
    async function* failing() {
      yield new Uint8Array(100_000);
      throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    }
    await expect(writeFileWhole(path, failing())).rejects.toMatchObject({
      code: "write-failed",
      message: expect.stringContaining("the disk is full"),
    });
    expect(readFileSync(path, "utf8")).toBe("before");
    expect(readdirSync(folder)).toEqual(["kept.txt"]);
  });

  it("says when a folder stands in the way", async () => {
    writeFileSync(join(folder, "file"), "");
    await expect(writeFileWhole(join(folder, "file/inner"), "x")).rejects.toMatchObject({
      name: "RoentgenError",
    });
  });
});

describe("openFile", () => {
  it("reads anywhere and refuses to read past the end before allocating", async () => {
    const path = join(folder, "bytes");
    writeFileSync(path, new Uint8Array([1, 2, 3, 4]));
    const source = await openFile(path);
    expect([...(await source.read(1, 2))]).toEqual([2, 3]);
    await expect(source.read(0, 8e12)).rejects.toMatchObject({ code: "file-truncated" });
    await source.close();
    expect([...(await readFileBytes(path))]).toEqual([1, 2, 3, 4]);
  });

  it.each([
    ["nothing/here", "file-not-found"],
    ["", "file-unreadable"],
  ])("explains why %j cannot be read", async (name, code) => {
    await expect(openFile(join(folder, name))).rejects.toMatchObject({ code });
  });
});

it("tells files, folders and nothing apart", async () => {
  writeFileSync(join(folder, "file"), "");
  expect(await pathKind(join(folder, "file"))).toBe("file");
  expect(await pathKind(folder)).toBe("folder");
  expect(await pathKind(join(folder, "none"))).toBe("none");
  checkWritable(folder);
  expect(() => checkWritable(join(folder, "none"))).toThrow(/no file or folder/);
});

describe("hashWhileReading", () => {
  const content = Uint8Array.from({ length: 10_000 }, (_, index) => (index * 7) % 251);
  const expected = createHash("sha256").update(content).digest("hex");

  it.each<[string, [number, number][]]>([
    ["nothing was read", []],
    [
      "all was read in order",
      [
        [0, 4000],
        [4000, 6000],
      ],
    ],
    [
      "the head was read twice",
      [
        [0, 500],
        [0, 10_000],
      ],
    ],
    [
      "the end was read first",
      [
        [9000, 1000],
        [0, 2000],
        [5000, 10],
      ],
    ],
    [
      "pieces overlap",
      [
        [0, 3000],
        [2000, 5000],
        [100, 50],
      ],
    ],
  ])("gives the SHA-256 of the whole where %s", async (_title, reads) => {
    const source = hashWhileReading(memorySource(content));
    for (const [offset, length] of reads) {
      const target = new Uint8Array(length);
      await source.readInto(offset, target);
      expect(await source.read(offset, length)).toEqual(target);
    }
    expect(await source.digest()).toBe(expected);
    await source.close();
  });
});

describe.skipIf(!existsSync("/usr/bin/mkfifo"))("A pipe (skipped where none can be made)", () => {
  it("is never replaced by a file", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("/usr/bin/mkfifo", [pipe]);
    await expect(writeFileWhole(pipe, "text")).rejects.toThrow(/a device or pipe/);
    expect(statSync(pipe).isFIFO()).toBe(true);
    expect(readdirSync(folder)).toEqual(["pipe"]);
  });
});
