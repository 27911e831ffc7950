// Images decoded once into a store: the values, what is decoded again, what fails.

import { execFileSync } from "node:child_process";
import { readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../../src/base/index.ts";
import {
  type ImagePreparation,
  loadImage,
  openImageStore,
  openStored,
  prepareImage,
  readImageDataset,
} from "../../../src/datasets/index.ts";
import { emptyFolder, folderOf, smallPicture } from "./image-folders.ts";

const preparation: ImagePreparation = {
  size: [8, 8],
  channels: 1,
  fit: "stretch",
  intensity: { kind: "type-range" },
};
const names = Array.from({ length: 30 }, (_, at) => `${at % 2 ? "a" : "b"}/${at}.png`);

async function open(folder: string, cache: string, options = {}) {
  let decoded = 0;
  const dataset = await readImageDataset(folder);
  const store = await openImageStore(cache, dataset, preparation, {
    ...{ threads: 0, onProgress: ({ done }: { done: number }) => (decoded = done) },
    ...options,
  });
  return { dataset, store, decoded };
}

describe("A store of images", () => {
  it.each([0, 2])("gives what preparing gives, with %i threads", async (threads) => {
    const { dataset, store } = await open(await folderOf(names), await emptyFolder(), { threads });
    const onDisk = openStored({ ...store.reference, memory: undefined });
    for (const [at, { path }] of dataset.samples.entries()) {
      const { image } = await loadImage(path);
      const expected = prepareImage(image, preparation);
      expect(store.read(at)).toEqual(expected);
      expect(onDisk.read(at)).toEqual(expected);
    }
    onDisk.close();
    store.close();
  });

  it("decodes only what is new or changed", async () => {
    const [folder, cache] = [await folderOf(names), await emptyFolder()];
    expect((await open(folder, cache)).decoded).toBe(30);
    expect((await open(folder, cache)).decoded).toBe(0);
    await writeFile(join(folder, "a/1.png"), smallPicture(99));
    await writeFile(join(folder, "a/0.png"), smallPicture(98));
    const { dataset, store, decoded } = await open(folder, cache);
    expect(decoded).toBe(2);
    const at = dataset.samples.findIndex(({ name }) => name === "a/1.png");
    const { image } = await loadImage(dataset.samples[at].path);
    expect(store.read(at)).toEqual(prepareImage(image, preparation));
    await rm(join(folder, "a/3.png"));
    expect((await open(folder, cache)).decoded).toBe(0);
  });

  it("goes on where it was interrupted, whatever the last line is", async () => {
    const [folder, cache] = [await folderOf(names), await emptyFolder()];
    const { store } = await open(folder, cache);
    const journal = store.reference.path.replace(/raw$/, "jsonl");
    const text = await readFile(journal, "utf8");
    await truncate(journal, Math.floor(text.length / 2));
    const again = await open(folder, cache);
    expect(again.decoded).toBeGreaterThan(0);
    expect(again.decoded).toBeLessThan(30);
    for (let at = 0; at < 30; at++) expect(again.store.read(at)).toEqual(store.read(at));
    expect((await open(folder, cache)).decoded).toBe(0);
  });

  it("is interrupted by its signal and keeps what it has", async () => {
    const [folder, cache] = [await folderOf(names), await emptyFolder()];
    const signal = AbortSignal.abort();
    await expect(open(folder, cache, { signal })).rejects.toThrow(/cancelled/);
    expect((await open(folder, cache)).decoded).toBe(30);
  });

  it("lists what can't be read, and refuses more than is allowed", async () => {
    const broken = { "a/x.png": "no picture", "b/y.png": smallPicture(1).subarray(0, 40) };
    const sound = Object.fromEntries(names.map((name, at) => [name, smallPicture(at)]));
    const folder = await folderOf({ ...sound, ...broken });
    const { dataset, store } = await open(folder, await emptyFolder());
    expect(store.failed.map(({ sample }) => dataset.samples[sample].name)).toEqual([
      "a/x.png",
      "b/y.png",
    ]);
    expect(() => store.read(store.failed[0].sample)).toThrow(/no image of sample/);
    await expect(
      open(folder, await emptyFolder(), { unreadableLeast: 1, unreadableShare: 0 }),
    ).rejects.toThrow(/Too many images can't be read: expected at most 1 image/);
  });
});

describe("Damaged pictures", () => {
  it("are unreadable or read, and never keep the others from being read", async () => {
    const sound = smallPicture(3);
    const random = randomStream({ seed: 5, purpose: "test/damage" });
    const files: Record<string, Uint8Array> = {};
    for (let at = 0; at < 60; at++) {
      const bytes = sound.slice(0, at % 3 === 0 ? random.integer(sound.length) : sound.length);
      if (bytes.length > 0) bytes[random.integer(bytes.length)] ^= 1 << random.integer(8);
      files[`${at % 2 ? "a" : "b"}/${at}.${at % 5 === 0 ? "jpg" : "png"}`] = bytes;
    }
    files["a/sound.png"] = sound;
    const { dataset, store } = await open(await folderOf(files), await emptyFolder(), {
      unreadableShare: 1,
    });
    const at = dataset.samples.findIndex(({ name }) => name === "a/sound.png");
    expect(store.read(at)).toHaveLength(64);
    expect(store.failed.length).toBeGreaterThan(20);
    for (const { reason } of store.failed)
      expect(reason).toMatch(/^(Cannot|There|Read|expected|found) /);
  });
});

describe.skipIf(process.platform === "win32")(
  "A store on a disk that fills (no ulimit on Windows)",
  () => {
    const script = fileURLToPath(new URL("fixtures/open-store.ts", import.meta.url));

    /** Runs the script where no file may grow beyond so many blocks of 512 bytes. */
    function openLimited(
      folder: string,
      cache: string,
      blocks: string,
    ): { code: string; decoded: number } {
      const command = `ulimit -f ${blocks}; exec "$0" --conditions=roentgen-source "$@"`;
      const words = ["-c", command, process.execPath, script, folder, cache];
      return JSON.parse(execFileSync("sh", words, { encoding: "utf8" }));
    }

    it("fails in words, keeps what it has, and goes on when there is room", async () => {
      const [folder, cache] = [
        await folderOf(Array.from({ length: 80 }, (_, at) => `${at % 2 ? "a" : "b"}/${at}.png`)),
        await emptyFolder(),
      ];
      expect(openLimited(folder, cache, "300")).toMatchObject({ code: "write-failed" });
      const { code, decoded } = openLimited(folder, cache, "unlimited");
      expect(code).toBe("none");
      expect(decoded).toBeGreaterThan(0);
      expect(decoded).toBeLessThan(80);
    }, 60_000);
  },
);
