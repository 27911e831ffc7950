// Files of records: what is written at a place is read there, and folders directly in a folder are listed.

import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freeBytes, listSubfolders, openRecordFile } from "../../src/base/files-node.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "roentgen-records-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("A file of records", () => {
  it("gives what was written, in any order, and keeps it when it is opened again", () => {
    const path = join(folder, "records");
    const file = openRecordFile(path, { writable: true });
    file.write(8, Uint8Array.of(5, 6, 7, 8));
    file.write(0, Uint8Array.of(1, 2, 3, 4));
    expect(file.byteLength()).toBe(12);
    file.close();
    const again = openRecordFile(path, { writable: true });
    again.write(4, Uint8Array.of(9));
    const bytes = new Uint8Array(12);
    again.readInto(0, bytes);
    expect([...bytes]).toEqual([1, 2, 3, 4, 9, 0, 0, 0, 5, 6, 7, 8]);
    again.close();
  });

  it("says in words that it is too short, or not there", () => {
    const path = join(folder, "short");
    const file = openRecordFile(path, { writable: true });
    file.write(0, Uint8Array.of(1));
    expect(() => file.readInto(0, new Uint8Array(2))).toThrow(/the end of the file at 1/);
    file.close();
    expect(() => openRecordFile(join(folder, "none"))).toThrow(/no file or folder/);
  });

  it("lies on a disk with room, as far as the system says", async () => {
    expect(await freeBytes(folder)).toBeGreaterThan(0);
    expect(await freeBytes(join(folder, "none"))).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("Folders in a folder", () => {
  it("are listed by name, empty ones and links to folders too", async () => {
    await mkdir(join(folder, "b"));
    await mkdir(join(folder, "a"));
    await writeFile(join(folder, "file"), "x");
    await symlink(join(folder, "b"), join(folder, "link"));
    await symlink(join(folder, "gone"), join(folder, "dangling"));
    expect(await listSubfolders(folder)).toEqual(["a", "b", "link"]);
    await expect(listSubfolders(join(folder, "none"))).rejects.toThrow(/no file or folder/);
  });
});
