import { describe, expect, it } from "vitest";
import { memorySource, RoentgenError, randomStream } from "../../../../src/base/index.ts";
import { readDicom } from "../../../../src/formats/dicom/data-set/read-dicom.ts";
import {
  filesOfDirectory,
  readDicomdir,
} from "../../../../src/formats/dicom/data-set/read-dicomdir.ts";
import { canonicalLines } from "./canonical.ts";
import { directoryFile } from "./directory-sample.ts";
import { sampleFiles } from "./written-sample.ts";

const runs = Number(process.env.FUZZ_RUNS ?? 400);
/** Lengths and tags that lead astray: undefined length, item, delimiters, preamble's mark. */
const WORDS = [
  [0, 0, 0, 0],
  [255, 255, 255, 255],
  [254, 255, 0, 224],
  [254, 255, 13, 224],
  [254, 255, 221, 224],
  [255, 255, 255, 127],
  [0x53, 0x51, 0, 0],
  [0x55, 0x4e, 0, 0],
  [0xe0, 0x7f, 0x10, 0],
];

function mutate(original: Uint8Array, sample: number): Uint8Array {
  const stream = randomStream({ seed: 5, purpose: "mutated-dicom", sample });
  let bytes = original.slice();
  for (let change = stream.integer(4); change >= 0; change--) {
    const at = stream.integer(bytes.length);
    const kind = stream.integer(5);
    if (kind <= 1) bytes[at] ^= 1 << stream.integer(8);
    else if (kind === 2)
      bytes.set(WORDS[stream.integer(WORDS.length)].slice(0, bytes.length - at), at);
    else if (kind === 3 && at > 0) bytes = bytes.slice(0, at);
    else {
      const piece = bytes.subarray(at, at + 1 + stream.integer(40));
      bytes = new Uint8Array(Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]));
    }
  }
  return bytes;
}

async function outcome(work: () => Promise<void>): Promise<"value" | "error"> {
  try {
    await work();
    return "value";
  } catch (cause) {
    if (!(cause instanceof RoentgenError)) throw cause;
    expect(cause.message.length).toBeLessThan(800);
    return "error";
  }
}

describe("A mutated DICOM file", () => {
  it.each(Object.entries(sampleFiles()))(
    "gives a value or an error in words, at once: %s",
    async (name, bytes) => {
      const counts = { value: 0, error: 0 };
      let slowest = 0;
      for (let sample = 0; sample < runs; sample++) {
        const source = memorySource(mutate(bytes, sample), name);
        const start = performance.now();
        const result = await outcome(async () => {
          await canonicalLines(source, await readDicom(source, { longestValue: 1024 }));
        });
        slowest = Math.max(slowest, performance.now() - start);
        counts[result] += 1;
      }
      expect(slowest).toBeLessThan(5000);
      expect(Math.min(counts.value, counts.error)).toBeGreaterThan(runs / 50);
    },
  );

  it("gives a value or an error in words, at once: a directory", async () => {
    const bytes = directoryFile();
    for (let sample = 0; sample < runs; sample++) {
      const source = memorySource(mutate(bytes, sample), "DICOMDIR");
      await outcome(async () => {
        for (const { file } of filesOfDirectory(await readDicomdir(source))) {
          expect(file).not.toMatch(/^\/|(^|\/)\.\.(\/|$)/);
        }
      });
    }
  });

  it("is refused where sequences nest without end", async () => {
    const [head] = Object.values(sampleFiles());
    const nested = Array.from({ length: 5000 }, () => [
      0x08, 0, 0x15, 0x11, 0x53, 0x51, 0, 0, 255, 255, 255, 255, 254, 255, 0, 224, 255, 255, 255,
      255,
    ]).flat();
    const bytes = Buffer.concat([head.subarray(0, metaEnd(head)), Uint8Array.from(nested)]);
    await expect(readDicom(memorySource(bytes))).rejects.toThrow(/at most 64 sequences/);
  });

  it("is refused where a deflated data set is no deflate stream", async () => {
    const bytes = sampleFiles()["deflated.dcm"].slice();
    bytes.fill(0xff, metaEnd(bytes));
    await expect(readDicom(memorySource(bytes))).rejects.toThrow(RoentgenError);
  });
});

/** Where the data set begins: after the meta information, whose length its first element tells. */
function metaEnd(bytes: Uint8Array): number {
  return 144 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(140, true);
}
