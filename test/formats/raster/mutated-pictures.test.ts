// Pictures damaged at random: an image or an error in words, soon and in bounded memory.
// FUZZ_RUNS=10000 runs as many mutations of each seed.

import { readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memorySource, RoentgenError } from "../../../src/base/index.ts";
import { crc32 } from "../../../src/formats/elements/checksums.ts";
import { rasterFormats } from "../../../src/formats/raster/image-formats.ts";
import { mutate, mutation, withAllocationLimit } from "../mutations.ts";

const { cases } = JSON.parse(
  readFileSync(new URL("./expected/samples.json", import.meta.url), "utf8"),
) as { cases: { name: string; deflated: string }[] };

const NAMES = [
  ...["PNG grey of 1 bit, interlaced", "PNG palette of 4 bit with opacity", "PNG RGB of 16 bit"],
  ...["PNG RGBA of 8 bit, opaque, interlaced", "PNG grey of 16 bit with a transparent one"],
  ...["BMP grey", "BMP palette of 1 bit", "BMP runs of 8 bit", "BMP runs of 4 bit with a jump"],
  ...["BMP bit fields 5 6 5", "BMP of 32 bits"],
  ...["TIFF u2, big-endian, BigTIFF", "TIFF f4, tiles", "TIFF u2, tiff_lzw, predictor 2"],
  ...["TIFF f4, tiff_adobe_deflate, predictor 3", "TIFF u1, packbits", "TIFF planes apart"],
  ...["TIFF palette", "TIFF one bit", "TIFF of OME", "TIFF of ImageJ", "TIFF JPEG"],
  ...["JPEG RGB 4:2:0", "JPEG EXIF orientation 6", "WebP lossless", "GIF"],
];

const runs = Number(process.env.FUZZ_RUNS ?? 60);
/** Over all seeds: of some the damage nearly always shows. */
const counts = { image: 0, error: 0 };
const mutations = fc.array(mutation, { minLength: 1, maxLength: 4 });

describe("A mutated picture gives an image or an error in words", () => {
  it.each(NAMES)("%s", async (name) => {
    const { deflated } = cases.find((one) => one.name === name) as { deflated: string };
    const bytes = new Uint8Array(inflateSync(Buffer.from(deflated, "base64")));
    const property = fc.asyncProperty(mutations, fc.boolean(), async (changes, repaired) => {
      const damaged = mutate(bytes, changes);
      // Check sums of PNG are made to fit in half of the runs, so that damage comes through to the decoder.
      if (repaired && name.startsWith("PNG")) repairInPlace(damaged);
      const start = performance.now();
      counts[await outcome(name, damaged)] += 1;
      expect(performance.now() - start).toBeLessThan(5000);
    });
    await withAllocationLimit(() => fc.assert(property, { numRuns: runs }));
  });

  it("and both happen", () => {
    expect(counts.error).toBeGreaterThan(runs);
    expect(counts.image).toBeGreaterThan(runs);
  });
});

/** Makes the check sums of all chunks right, as far as lengths lead. */
function repairInPlace(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > bytes.length) return;
    view.setUint32(end, crc32(bytes.subarray(at + 4, end)));
    at = end + 4;
  }
}

async function outcome(name: string, bytes: Uint8Array): Promise<"image" | "error"> {
  const format = rasterFormats.find(({ title }) => title.split(",")[0] === name.split(" ")[0]);
  try {
    const { image } = await format!.read(memorySource(bytes, name), {});
    expect(image.data.byteLength).toBeLessThan(2 ** 27);
    return "image";
  } catch (error) {
    if (!(error instanceof RoentgenError)) throw error;
    expect(error.message.length).toBeLessThan(900);
    return "error";
  }
}
