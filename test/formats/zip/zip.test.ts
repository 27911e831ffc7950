import fc from "fast-check";
import { unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { memorySource, RoentgenError } from "../../../src/base/index.ts";
import { listZip, writeZip } from "../../../src/formats/index.ts";

const members = fc.dictionary(
  // A name of digits alone would come before the others, as keys of an object do.
  fc.stringMatching(/^[a-z][a-z0-9 ./_-]{0,20}$/),
  fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.nat(20_000).map((length) => new Uint8Array(length)),
  ),
  { maxKeys: 6 },
);

/** Compared as text: element by element takes seconds. */
function hexOf(files: Record<string, Uint8Array>) {
  return Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes).toString("hex")]);
}

async function readBack(archive: Uint8Array) {
  const entries = await listZip(memorySource(archive, "a.zip"));
  const read = entries.map(async ({ name, read }) => [name, await read()] as const);
  return Object.fromEntries(await Promise.all(read));
}

describe("a zip archive", () => {
  it("gives back what was written, here and to another reader", async () => {
    await fc.assert(
      fc.asyncProperty(members, async (written) => {
        const archive = writeZip(written);
        expect(hexOf(await readBack(archive))).toEqual(hexOf(written));
        expect(hexOf(unzipSync(archive))).toEqual(hexOf(written));
      }),
      { numRuns: 50 },
    );
  });

  it("lists what it claims to hold without unpacking it", async () => {
    const archive = writeZip({ "../up.txt": new Uint8Array(1e6), "b.txt": Uint8Array.of(1) });
    const entries = await listZip(memorySource(archive));
    expect(entries).toMatchObject([
      { name: "../up.txt", bytes: 1e6 },
      { name: "b.txt", bytes: 1 },
    ]);
    expect(entries[0].compressedBytes).toBeLessThan(2000);
  });

  it.each<[string, number, number, RegExp]>([
    ["another checksum", 16, 1, /a\.zip \(b\.txt\): expected data that match their checksum/],
    ["a claim of more than can be packed so small", 27, 0x7f, /expected at most \d+ bytes out of/],
    ["an unknown method", 10, 99, /compression method 99/],
    ["encryption", 8, 1, /encrypted/],
  ])("with %s in its directory is refused when the member is read", async (_, at, value, words) => {
    const archive = writeZip({ "b.txt": new TextEncoder().encode("benign ".repeat(20)) });
    const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
    // The place of the directory stands in the end record, the last 22 bytes.
    archive[view.getUint32(archive.byteLength - 6, true) + at] = value;
    const error = await readBack(archive).catch((cause) => cause);
    expect(error).toBeInstanceOf(RoentgenError);
    expect(error.message).toMatch(words);
  });
});
