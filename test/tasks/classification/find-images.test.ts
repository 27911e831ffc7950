// What a folder stands for where images are predicted: images, not what marks them.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { findImages } from "../../../src/tasks/classification/find-images.ts";

const root = mkdtempSync(join(tmpdir(), "roentgen-find-images-"));
afterAll(() => rmSync(root, { recursive: true }));

function folderOf(names: readonly string[]): string {
  const folder = mkdtempSync(join(root, "films-"));
  for (const name of names) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "");
  }
  return folder;
}

async function found(names: readonly string[]) {
  const folder = folderOf(names);
  const { paths, others } = await findImages([folder], { axes: 2 });
  const below = (path: string) => path.slice(folder.length + 1);
  return { paths: paths.map(below), others: others.map(below) };
}

test("masks beside images, and in folders of their own, are left out and named", async () => {
  expect(await found(["benign (1).png", "benign (1)_mask.png", "notes.txt"])).toEqual({
    paths: ["benign (1).png"],
    others: ["notes.txt", "benign (1)_mask.png"],
  });
  expect(await found(["COVID/images/1.png", "COVID/masks/1.png"])).toEqual({
    paths: ["COVID/images/1.png"],
    others: ["COVID/masks/1.png"],
  });
});

test("a folder that holds nothing but what is named like masks holds images", async () => {
  expect((await found(["masks/1.png", "masks/2.png"])).paths).toEqual([
    "masks/1.png",
    "masks/2.png",
  ]);
});
