import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memorySource, RoentgenError } from "../../src/base/index.ts";
import { matToTensor, openNpz, readMat, readNpy, readNpz } from "../../src/formats/index.ts";
import { addCell, addChar, addGroup, addNumbers, addSparse, hdf5File } from "./mat/hdf5-sample.ts";
import { mutate, mutation, withAllocationLimit } from "./mutations.ts";

const fixtures: Record<string, { base64: string }> = JSON.parse(
  readFileSync(new URL("./expected/array-fixtures.json", import.meta.url), "utf8"),
).files;

const files = Object.entries(fixtures).map(([file, { base64 }]) => ({
  file,
  bytes: new Uint8Array(Buffer.from(base64, "base64")),
}));

async function readWhole(file: string, bytes: Uint8Array): Promise<void> {
  const source = memorySource(bytes, file);
  if (file.endsWith(".npy")) await readNpy(source);
  else if (file.endsWith(".npz")) {
    const { names, readHeader } = await openNpz(source);
    for (const name of names) await readHeader(name);
    await readNpz(source);
  } else {
    for (const { value, name } of await readMat(source)) matToTensor(value, name);
  }
}

/** Reads or fails with one of our errors; anything else fails the test. */
async function readsOrFailsInWords(file: string, bytes: Uint8Array): Promise<boolean> {
  try {
    await readWhole(file, bytes);
  } catch (error) {
    if (!(error instanceof RoentgenError)) throw error;
    expect(error.message.length).toBeLessThan(600);
  }
  return true;
}

const runs = { numRuns: Number(process.env.FUZZ_RUNS ?? 60) };

describe("a mutated file reads or fails in words, with no other error, hang or huge allocation", () => {
  it.each(files)("$file", async ({ file, bytes }) => {
    await withAllocationLimit(async () => {
      const mutations = fc.array(mutation, { minLength: 1, maxLength: 4 });
      const property = fc.asyncProperty(mutations, (changes) =>
        readsOrFailsInWords(file, mutate(bytes, changes)),
      );
      await fc.assert(property, runs);
    });
  });

  it("MAT version 7.3, and the next file is read as if nothing had been", async () => {
    const bytes = await hdf5File((root) => {
      const refs = addGroup({ group: root, name: "#refs#" });
      const one = addNumbers({ group: refs, name: "a" }, Float64Array.of(1), [1, 1], {
        matlabClass: "double",
      });
      addCell({ group: root, name: "cell" }, [one, one], [1, 2]);
      addChar({ group: root, name: "text" }, ["words"]);
      addSparse(
        { group: root, name: "s" },
        { rows: 2, starts: [0, 1], indices: [1] },
        (entries) => {
          addNumbers(entries, Float64Array.of(1), [1]);
        },
      );
      addNumbers({ group: root, name: "z" }, Float64Array.of(1, 2, 3, 4), [2, 2], { gzip: true });
    });
    const mutations = fc.array(mutation, { minLength: 1, maxLength: 4 });
    const property = fc.asyncProperty(mutations, (changes) =>
      readsOrFailsInWords("hdf5.mat", mutate(bytes, changes)),
    );
    await fc.assert(property, runs);
    expect(await readMat(memorySource(bytes))).toHaveLength(4);
  });
});
