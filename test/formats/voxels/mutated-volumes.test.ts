// NRRD and MetaImage files damaged at random: an image or an error in words, soon and in bounded memory.
// FUZZ_RUNS=10000 runs as many mutations of each seed.

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memorySource, RoentgenError } from "../../../src/base/index.ts";
import type { GeometryChoice } from "../../../src/formats/images/stated-geometry.ts";
import { inspectMetaImage, readMetaImage } from "../../../src/formats/metaimage/read-metaimage.ts";
import { inspectNrrd, readNrrd } from "../../../src/formats/nrrd/read-nrrd.ts";
import { mutate, mutation, withAllocationLimit } from "../mutations.ts";
import type { Sample } from "./samples.ts";

const samples = (format: string) =>
  JSON.parse(readFileSync(new URL(`../${format}/expected/samples.json`, import.meta.url), "utf8"))
    .cases as Sample[];

const nrrd = [
  ...["type double, big", "type ulonglong, little", "encoding text, little", "encoding hex, big"],
  ...["encoding gzip, little", "encoding bzip2, little", "detached, encoding raw, little"],
  ...["byte skip -1, gzip", "byte skip -1, bzip2", "line skip and byte skip", "data file LIST"],
  ...["data file pattern, step and subdim", "space RAS", "time as fourth dimension of space"],
  ...["five dimensions", "two dimensions in three-dimensional space"],
  ...["axis mins and maxs of nodes", "spelling and line ends of Windows"],
];
const metaimage = [
  ...["MET_ULONG_LONG, MSB True", "MET_SHORT, MSB False, compressed, beside", "text", "LIST 2"],
  ...["compressed with its size told", "HeaderSize -1", "pattern with a step", "four dimensions"],
  ...["Rotation and Origin", "a displacement field", "rescaled", "DistanceUnits cm"],
];
const seeds = [
  ...nrrd.map((name) => ({ name, format: "nrrd", read: readNrrd, inspect: inspectNrrd })),
  ...metaimage.map((name) => ({
    ...{ name, format: "metaimage" },
    ...{ read: readMetaImage, inspect: inspectMetaImage },
  })),
];

const CHOICES: readonly GeometryChoice[] = ["stated", "nearest", "axes", "pixels"];
const runs = Number(process.env.FUZZ_RUNS ?? 60);
/** Over all seeds: of some the damage nearly always shows. */
const counts = { image: 0, error: 0 };
const mutations = fc.array(mutation, { minLength: 1, maxLength: 4 });
const anyFile = fc.integer({ min: 0, max: 3 });

describe("A mutated NRRD or MetaImage file gives an image or an error in words", () => {
  it.each(seeds.map((seed) => [`${seed.format}, ${seed.name}`, seed] as const))(
    "%s",
    async (_, seed) => {
      const sample = samples(seed.format).find(({ name }) => name === seed.name) as Sample;
      const files = Object.entries(sample.files).map(
        ([name, base64]) => [name, new Uint8Array(Buffer.from(base64, "base64"))] as const,
      );
      const property = fc.asyncProperty(mutations, anyFile, async (changes, which) => {
        const damaged = new Map(
          files.map(([name, bytes], at) => [
            name,
            at === which % files.length ? mutate(bytes, changes) : bytes,
          ]),
        );
        const start = performance.now();
        counts[await outcome(seed, damaged, CHOICES[which])] += 1;
        expect(performance.now() - start).toBeLessThan(5000);
      });
      await withAllocationLimit(() => fc.assert(property, { numRuns: runs }));
    },
  );

  it("and both happen", () => {
    expect(counts.error).toBeGreaterThan(runs);
    expect(counts.image).toBeGreaterThan(runs);
  });
});

async function outcome(
  { read, inspect }: (typeof seeds)[number],
  files: ReadonlyMap<string, Uint8Array>,
  geometry: GeometryChoice,
): Promise<"image" | "error"> {
  const [first] = files.keys();
  const beside = async (path: string) => {
    const bytes = files.get(path.replace(/^\.\//, ""));
    if (bytes) return memorySource(bytes, path);
    throw new RoentgenError("file-not-found", { problem: `There is no ${path}` });
  };
  const open = () => memorySource(files.get(first) as Uint8Array, first);
  try {
    await inspect(open(), { beside, geometry });
    const { image } = await read(open(), { beside, geometry });
    expect(image.data.byteLength).toBeLessThan(2 ** 26);
    return "image";
  } catch (error) {
    if (!(error instanceof RoentgenError)) throw error;
    expect(error.message.length).toBeLessThan(900);
    return "error";
  }
}
