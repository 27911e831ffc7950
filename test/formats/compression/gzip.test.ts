// Both sides of #compression, for Node and for browsers, do the same.

import { gunzipSync, gzipSync, zlibSync } from "fflate";
import { describe, expect, it } from "vitest";
import { memorySource } from "../../../src/base/index.ts";
import * as browser from "../../../src/formats/compression/gzip-browser.ts";
import * as node from "../../../src/formats/compression/gzip-node.ts";
import { unpackedReader } from "../../../src/formats/compression/unpacked-reader.ts";

/** Text that repeats beyond the window and the block of a compressor. */
const content = Uint8Array.from({ length: 3 * 2 ** 20 + 5 }, (_, at) => (at * at) % 251);

async function joined(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return new Uint8Array(Buffer.concat(all));
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe.each([
  ["Node", node],
  ["browsers", browser],
])("Compression for %s", (_, { gzipped, inflated }) => {
  it.each([
    ["nothing", []],
    ["empty pieces", [new Uint8Array(), new Uint8Array()]],
    ["a header and a body", [content.subarray(0, 352), content.subarray(352)]],
    ["one piece", [content]],
  ])("packs so that others unpack: %s", async (_case, pieces) => {
    const packed = await joined(gzipped(pieces));
    expect(Buffer.compare(gunzipSync(packed), Buffer.concat(pieces))).toBe(0);
  });

  it("writes no time, name or system into the file", async () => {
    const packed = await joined(gzipped([content]));
    expect([...packed.subarray(0, 10)]).toEqual([31, 139, 8, 0, 0, 0, 0, 0, 0, 255]);
  });

  it.each([
    ["gzip", gzipSync(content)],
    ["zlib", zlibSync(content)],
  ] as const)("unpacks %s in pieces of any size", async (wrapping, packed) => {
    for (const size of [777, 2 ** 20]) {
      const found = await joined(inflated(inPieces(packed, size), { wrapping, name: "x" }));
      expect(Buffer.compare(found, content)).toBe(0);
    }
  });

  it("unpacks members that follow one another", async () => {
    const two = Buffer.concat([
      gzipSync(content.subarray(0, 1000)),
      gzipSync(content.subarray(1000)),
    ]);
    const found = await joined(inflated(inPieces(two, 999), { wrapping: "gzip", name: "x" }));
    expect(Buffer.compare(found, content)).toBe(0);
  });

  it("says that data break off, and that they are damaged", async () => {
    const packed = gzipSync(content);
    const cut = inflated(inPieces(packed.subarray(0, 5000), 999), { wrapping: "gzip", name: "x" });
    await expect(joined(cut)).rejects.toMatchObject({ code: "file-truncated" });
    const bad = packed.slice();
    bad.fill(255, 30, 400);
    const damaged = inflated(inPieces(bad, 999), { wrapping: "gzip", name: "x" });
    await expect(joined(damaged)).rejects.toMatchObject({ name: "RoentgenError" });
  });

  it("ends where its signal says so", async () => {
    const packing = joined(gzipped([content], { signal: AbortSignal.abort() }));
    await expect(packing).rejects.toMatchObject({ code: "cancelled" });
  });
});

describe("Compression in Node", () => {
  it("gives the same bytes for any number of threads", async () => {
    const [one, many] = await Promise.all(
      [1, 7].map((threads) => joined(node.gzipped([content], { threads }))),
    );
    expect(Buffer.compare(one, many)).toBe(0);
  });
});

describe("Reading what may be gzipped", () => {
  it.each([
    ["plain", content],
    ["gzipped", gzipSync(content)],
  ])("gives the bytes in sequence, and knows their end: %s", async (_, bytes) => {
    const reader = await unpackedReader(memorySource(bytes));
    const start = await reader.readAtMost(100);
    const rest = new Uint8Array(content.length - 110);
    await reader.readInto(rest);
    expect(await reader.atEnd()).toBe(false);
    const end = await reader.readAtMost(1000);
    expect(await reader.atEnd()).toBe(true);
    expect(Buffer.compare(Buffer.concat([start, rest, end]), content)).toBe(0);
    await reader.close();
  });

  it("allocates nothing that so few compressed bytes can't hold", async () => {
    const reader = await unpackedReader(memorySource(gzipSync(new Uint8Array(100))));
    await expect(reader.readInto(new Uint8Array(100_000))).rejects.toMatchObject({
      code: "file-truncated",
    });
    await reader.close();
  });
});
