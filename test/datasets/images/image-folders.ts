// Folders of small pictures that tests make for themselves.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { writePng } from "../../../src/formats/index.ts";

const made: string[] = [];
afterAll(async () => {
  for (const folder of made) await rm(folder, { recursive: true, force: true });
});

/** An empty folder that is removed after the tests of the file. */
export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "roentgen-images-"));
  made.push(folder);
  return folder;
}

/** A grey picture of 8 × 8 pixels that differs with `seed`. */
export function smallPicture(seed: number): Uint8Array {
  const data = Array.from({ length: 64 }, (_, at) => (at * 37 + seed * 101 + at * seed * 13) % 256);
  return writePng({ width: 8, height: 8, channels: 1, depth: 8, data });
}

/** Writes files below a folder: pictures where no content is given. */
export async function folderOf(
  files: readonly string[] | Readonly<Record<string, Uint8Array | string>>,
): Promise<string> {
  const folder = await emptyFolder();
  const entries = Array.isArray(files)
    ? files.map((name, at): [string, Uint8Array] => [name, smallPicture(at)])
    : Object.entries(files as Record<string, Uint8Array | string>);
  for (const [name, content] of entries) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  return folder;
}
