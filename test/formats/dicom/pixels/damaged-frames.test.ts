// Damaged compressed frames end in values or in an error that names the file, soon and in bounded memory.
// ROENTGEN_MUTATIONS sets how many of each kind are tried (default 8).

import dcmjs from "dcmjs-codecs";
import { deflateSync } from "fflate";
import { beforeAll, describe, expect, it } from "vitest";
import { RoentgenError, randomStream } from "../../../../src/base/index.ts";
import { readFrames } from "../../../../src/formats/dicom/pixels/frames.ts";
import { madeFile } from "./made-file.ts";

const { Context, NativeCodecs } = dcmjs;
const MUTATIONS = Number(process.env.ROENTGEN_MUTATIONS ?? 8);
const SIZE = 32;
const UID = "1.2.840.10008.1.2";

const values = Uint16Array.from({ length: SIZE * SIZE }, (_, at) => ((at * 37) % 251) + at);
const context = () =>
  new Context({
    width: SIZE,
    height: SIZE,
    bitsAllocated: 16,
    bitsStored: 12,
    samplesPerPixel: 1,
    pixelRepresentation: 0,
    planarConfiguration: 0,
    photometricInterpretation: "MONOCHROME2",
    decodedBuffer: new Uint8Array(values.buffer.slice(0)),
  });

const seeds: Record<string, () => Uint8Array> = {
  ".5": () => NativeCodecs.encodeRle(context()).getEncodedBuffer()!,
  ".8.1": () => deflateSync(new Uint8Array(values.buffer)),
  ".4.70": () => NativeCodecs.encodeJpeg(context(), { lossy: false }).getEncodedBuffer()!,
  ".4.80": () => NativeCodecs.encodeJpegLs(context(), { lossy: false }).getEncodedBuffer()!,
  ".4.90": () => NativeCodecs.encodeJpeg2000(context(), { lossy: false }).getEncodedBuffer()!,
  ".4.201": () => NativeCodecs.encodeHtJpeg2000(context(), { lossy: false }).getEncodedBuffer()!,
  ".4.110": () => NativeCodecs.encodeJpegXl(context(), { lossy: false }).getEncodedBuffer()!,
};

/** Cut short, or up to eight bytes changed; more often near the beginning, where headers are. */
function mutate(seed: Uint8Array, sample: number, purpose: string): Uint8Array {
  const random = randomStream({ seed: 7, purpose, sample });
  if (random.uniform() < 0.2) return seed.slice(0, Math.floor(random.uniform() * seed.length));
  const bytes = seed.slice();
  const changes = 1 + Math.floor(random.uniform() * 8);
  for (let change = 0; change < changes; change++) {
    const at = Math.floor(random.uniform() ** 2 * bytes.length);
    bytes[at] = Math.floor(random.uniform() * 256);
  }
  return bytes;
}

async function outcomeOf(syntax: string, bytes: Uint8Array): Promise<"values" | RoentgenError> {
  const { file, source } = madeFile(
    {
      2621456: SIZE,
      2621457: SIZE,
      2621696: 16,
      2621697: 12,
      2621698: 11,
      2621699: 0,
    },
    { syntax: UID + syntax, fragments: [bytes] },
  );
  try {
    const { data } = await readFrames(source, file, { threads: 2, secondsPerFrame: 5 });
    expect(data.length).toBe(SIZE * SIZE);
    return "values";
  } catch (error) {
    if (error instanceof RoentgenError) return error;
    throw error;
  }
}

beforeAll(() => NativeCodecs.initializeAsync());

describe("A damaged frame gives values or a named error", () => {
  it.each(Object.entries(seeds))("of %s", { timeout: 600_000 }, async (syntax, seed) => {
    const sound = seed();
    expect(await outcomeOf(syntax, sound)).toBe("values");
    const tries = Array.from({ length: MUTATIONS }, (_, sample) => mutate(sound, sample, syntax));
    let errors = 0;
    for (let at = 0; at < tries.length; at += 8) {
      const outcomes = await Promise.all(
        tries.slice(at, at + 8).map((bytes) => outcomeOf(syntax, bytes)),
      );
      for (const outcome of outcomes) {
        if (outcome === "values") continue;
        errors += 1;
        expect(outcome.message).toContain("made.dcm");
      }
    }
    expect(errors).toBeGreaterThan(0);
    // A damaged frame leaves the decoder fit for the next.
    expect(await outcomeOf(syntax, sound)).toBe("values");
  });

  it.each([
    ["JPEG-LS", ".4.80", 8],
    ["JPEG 2000", ".4.90", 15],
    ["JPEG XL", ".4.110", 2],
  ])("refuses a codestream of another size before decoding it: %s", async (_, syntax, at) => {
    const bytes = seeds[syntax]();
    // Past the signature, in the box or bare.
    const start =
      syntax === ".4.110" ? bytes.findIndex((b, i) => b === 0xff && bytes[i + 1] === 10) : 0;
    bytes[start + at] ^= 0x0e;
    const outcome = await outcomeOf(syntax, bytes);
    expect(String(outcome)).toMatch(/32 × 32 pixels.*in the codestream, as the data set says/);
  });
});
