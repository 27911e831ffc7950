// Volumes damaged at random: what comes out is an image or an error in words, soon and in bounded memory.
// FUZZ_RUNS=10000 runs as many mutations of each seed.

import { readFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ByteSource, memorySource, RoentgenError } from "../../../src/base/index.ts";
import { giplChunks } from "../../../src/formats/gipl/write-gipl.ts";
import { inspectImage, readImage } from "../../../src/formats/index.ts";
import { writeNifti } from "../../../src/formats/nifti/write-nifti.ts";
import { mutate, mutation, withAllocationLimit } from "../mutations.ts";
import { imagesOf } from "./image-strategies.ts";

interface Seed {
  readonly name: string;
  /** The file that is damaged. */
  readonly file: string;
  readonly bytes: Uint8Array;
  /** The other file of a pair. */
  readonly other?: readonly [name: string, bytes: Uint8Array];
  /** Whether the bytes are gzipped after they were damaged, so that the damage lies within. */
  readonly packed?: boolean;
}

const { samples } = JSON.parse(
  readFileSync(new URL("./expected/samples.json", import.meta.url), "utf8"),
) as { samples: { name: string; files: Record<string, string> }[] };

function sample(name: string): Map<string, Uint8Array> {
  const found = samples.find((one) => one.name === name);
  const files = Object.entries(found?.files ?? {}).map(
    ([file, content]) =>
      [file, new Uint8Array(gunzipSync(Buffer.from(content, "base64")))] as const,
  );
  return new Map(files);
}

function single(name: string, changes: Partial<Seed> = {}): Seed {
  const [[file, bytes]] = [...sample(name)];
  return { name, file, bytes, ...changes };
}

function pair(name: string): Seed {
  const [header, voxels] = [...sample(name)];
  return { name, file: header[0], bytes: header[1], other: voxels };
}

const [image] = fc.sample(imagesOf({ frame: "pixels", types: ["int16"], channels: [[]] }), {
  seed: 4,
  numRuns: 1,
});
const extensions = [{ code: 6, bytes: new Uint8Array(40).fill(65) }];
const seeds: readonly Seed[] = [
  single("NIfTI-1, little-endian, int16"),
  single("NIfTI-1, big-endian, complex64"),
  single("NIfTI-2, little-endian, uint64 that fits into int32"),
  single("NIfTI-2, big-endian, 3 colours"),
  single("int16 scaled by 0.7 and shifted by -1024"),
  single("5 axes, 4 × 3 × 2 × 5 × 3"),
  single("gzipped"),
  single("NIfTI-1, little-endian, float32", { file: "within.nii.gz", packed: true }),
  { name: "NIfTI-1 with an extension", file: "scan.nii", bytes: writeNifti(image, { extensions }) },
  pair("pair, NIfTI-2"),
  pair("Analyze by SPM, little-endian, int16"),
  single("MGH, int16"),
  single("MGZ"),
  { name: "GIPL", file: "scan.gipl", bytes: new Uint8Array(Buffer.concat(giplChunks(image))) },
];

const runs = Number(process.env.FUZZ_RUNS ?? 60);
const mutations = fc.array(mutation, { minLength: 1, maxLength: 4 });

describe("A mutated volume gives an image or an error in words", () => {
  it.each(seeds.map((seed) => [seed.name, seed] as const))("%s", async (_, seed) => {
    const counts = { image: 0, error: 0 };
    const property = fc.asyncProperty(mutations, async (changes) => {
      const damaged = mutate(seed.bytes, changes);
      const bytes = seed.packed ? gzipSync(damaged) : damaged;
      const start = performance.now();
      counts[await outcome(seed, bytes)] += 1;
      expect(performance.now() - start).toBeLessThan(5000);
    });
    await withAllocationLimit(() => fc.assert(property, { numRuns: runs }));
    expect(counts.error).toBeGreaterThan(0);
    // A checksum catches nearly all damage to what is gzipped.
    if (!/\.(gz|mgz)$/.test(seed.file)) expect(counts.image).toBeGreaterThan(0);
  });
});

async function outcome({ file, other }: Seed, bytes: Uint8Array): Promise<"image" | "error"> {
  const beside = async (name: string): Promise<ByteSource> => {
    if (name === other?.[0]) return memorySource(other[1], name);
    throw new RoentgenError("file-not-found", { problem: `There is no ${name}` });
  };
  try {
    await inspectImage(memorySource(bytes, file), { beside });
    const read = await readImage(memorySource(bytes, file), { beside });
    // Deflate grows by 1032 at most, and scaled bytes become floats.
    expect(read.image.data.byteLength).toBeLessThan(4 * 1032 * (bytes.length + 1000));
    return "image";
  } catch (error) {
    if (!(error instanceof RoentgenError)) throw error;
    expect(error.message.length).toBeLessThan(900);
    return "error";
  }
}
