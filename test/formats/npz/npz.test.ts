import { inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import type { ByteSource } from "../../../src/base/index.ts";
import { memorySource } from "../../../src/base/index.ts";
import { npzChunks, openNpz, readNpz, writeNpy, writeNpz } from "../../../src/formats/index.ts";
import { rowMajor } from "../described.ts";

const features = rowMajor("float64", [3, 2], Float64Array.of(1, 2, 3, 4, 5, 6));
const labels = rowMajor("string", [3], ["benign", "malignant", "benign"]);
const arrays = [
  { name: "features", tensor: features },
  { name: "clinical/labels", tensor: labels },
];
const read = (bytes: Uint8Array) => readNpz(memorySource(bytes, "test.npz"));
const npy = writeNpy(features);

describe.each([{ compress: false }, { compress: true }])("written with %o", (options) => {
  it("reads back equal", async () => {
    expect(await read(writeNpz(arrays, options))).toEqual(arrays);
  });

  it("is the same file every time", () => {
    expect(writeNpz(arrays, options)).toEqual(writeNpz(arrays, options));
  });

  it("comes in pieces that together are the file", async () => {
    const data = Float64Array.from({ length: 160_000 }, (_, at) => Math.sin(at));
    const large = [{ name: "x", tensor: rowMajor("float64", [400, 400], data) }];
    const chunks = [...npzChunks(large, options)];
    expect(chunks.length).toBeGreaterThan(1);
    expect(await read(Buffer.concat(chunks))).toEqual(large);
  });
});

it("what is deflated can be inflated by zlib, whatever the numbers", () => {
  const property = fc.property(fc.uint8Array({ maxLength: 3000, size: "max" }), (bytes) => {
    const archive = writeNpz([{ name: "x", tensor: rowMajor("uint8", [bytes.length], bytes) }], {
      compress: true,
    });
    const start = 30 + "x.npy".length;
    expect(inflateRawSync(archive.subarray(start)).subarray(128)).toEqual(Buffer.from(bytes));
  });
  fc.assert(property, { numRuns: 300 });
});

it("only the arrays that are asked for are read", async () => {
  const noise = Float64Array.from({ length: 10_000 }, (_, at) => Math.sin(at));
  const bytes = writeNpz([
    ...arrays,
    { name: "large", tensor: rowMajor("float64", [10_000], noise) },
  ]);
  const { source, bytesRead } = counting(memorySource(bytes));
  const archive = await openNpz(source);
  expect(archive.names).toEqual(["features", "clinical/labels", "large"]);
  expect((await archive.readHeader("large")).shape).toEqual([10_000]);
  expect(await readNpz(source, { names: ["clinical/labels"] })).toEqual([arrays[1]]);
  const directories = 2 * Math.min(bytes.length, 66_000);
  expect(bytesRead()).toBeLessThan(directories + 4000);
});

function counting(inner: ByteSource): { source: ByteSource; bytesRead: () => number } {
  let count = 0;
  const source: ByteSource = {
    ...inner,
    read: (offset, length) => {
      count += length;
      return inner.read(offset, length);
    },
    readInto: (offset, target) => {
      count += target.length;
      return inner.readInto(offset, target);
    },
  };
  return { source, bytesRead: () => count };
}

it("members that are not arrays are left out", async () => {
  const bytes = zipSync({ "a.npy": npy, "README.txt": new Uint8Array(3) });
  expect((await openNpz(memorySource(bytes))).names).toEqual(["a"]);
});

it("a comment after the directory does no harm", async () => {
  const bytes = zipSync({ "a.npy": npy }, { level: 0 });
  const comment = new TextEncoder().encode("made by hand");
  const commented = Uint8Array.from([...bytes, ...comment]);
  new DataView(commented.buffer).setUint16(bytes.length - 2, comment.length, true);
  expect(await read(commented)).toEqual([{ name: "a", tensor: features }]);
});

it("an unknown name lists those that there are", async () => {
  const reading = readNpz(memorySource(writeNpz(arrays)), { names: ["label"] });
  await expect(reading).rejects.toMatchObject({ code: "value-missing" });
  await expect(reading).rejects.toThrow(/features, clinical\/labels/);
});

describe("sizes beyond 32 bits are read from zip64 fields", () => {
  it("in the directory", async () => {
    expect(await read(zip64File(npy))).toEqual([{ name: "a", tensor: features }]);
  });
});

describe("archives that can't be read fail in words", () => {
  const stored = zipSync({ "a.npy": npy }, { level: 0 });
  const deflated = zipSync({ "a.npy": npy });
  const central = (bytes: Uint8Array) => Buffer.from(bytes).indexOf("PK\u0001\u0002", 0, "latin1");
  const edited = (bytes: Uint8Array, at: number, ...values: number[]) => {
    const changed = bytes.slice();
    changed.set(values, at);
    return changed;
  };
  const corrupt = "file-corrupt";
  const cases: [string, Uint8Array, string, RegExp][] = [
    ["another kind of file", new Uint8Array(300), "file-truncated", /directory at the end/],
    ["no bytes", new Uint8Array(0), "file-truncated", /directory/],
    ["a cut-off end", stored.subarray(0, -30), "file-truncated", /directory/],
    ["data that don't match their checksum", edited(stored, 200, 77), corrupt, /checksum/],
    [
      "damaged compressed data",
      edited(deflated, 60, 255, 255, 255),
      corrupt,
      /compressed|checksum/,
    ],
    [
      "an encrypted member",
      edited(stored, central(stored) + 8, 1),
      "format-unsupported",
      /encrypted/,
    ],
    [
      "an unknown compression",
      edited(stored, central(stored) + 10, 93),
      "format-unsupported",
      /method 93/,
    ],
    ["names that lead out of a folder", zipSync({ "../a.npy": npy }), corrupt, /relative names/],
    ["names that begin at the root", zipSync({ "/etc/a.npy": npy }), corrupt, /relative names/],
    [
      "4 GB announced by a small member",
      edited(deflated, central(deflated) + 24, 0xfe, 0xff, 0xff, 0xff),
      corrupt,
      /4294967294 announced/,
    ],
    ["members that overlap", overlapping(), corrupt, /for itself/],
  ];
  it.each(cases)("%s", async (_, bytes, code, words) => {
    const reading = read(bytes);
    await expect(reading).rejects.toMatchObject({ name: "RoentgenError", code });
    await expect(reading).rejects.toThrow(words);
  });

  it("an archive of zeros is refused after its first bytes", async () => {
    const bomb = zipSync({ "a.npy": new Uint8Array(5_000_000) }, { level: 9 });
    await expect(read(bomb)).rejects.toMatchObject({ code: "file-corrupt" });
  });

  function overlapping(): Uint8Array {
    const two = zipSync({ "a.npy": npy, "b.npy": npy }, { level: 0 });
    const second = central(two) + 46 + 5;
    return edited(two, second + 42, 0, 0, 0, 0);
  }
});

it("names are refused that can't be told apart", () => {
  expect(() => writeNpz([arrays[0], arrays[0]])).toThrow(/"features" twice/);
});

/** A stored member whose sizes and place are all in zip64 fields (APPNOTE 4.3.14, 4.3.15, 4.5.3). */
function zip64File(content: Uint8Array): Uint8Array {
  const plain = zipSync({ "a.npy": content }, { level: 0 });
  const start = Buffer.from(plain).indexOf("PK\u0001\u0002", 0, "latin1");
  const entry = Buffer.from(plain.subarray(start, start + 46 + 5));
  entry.fill(0xff, 20, 28);
  entry.fill(0xff, 42, 46);
  entry.writeUInt16LE(28, 30);
  const extra = Buffer.alloc(28);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(24, 2);
  extra.writeBigUInt64LE(BigInt(content.length), 4);
  extra.writeBigUInt64LE(BigInt(content.length), 12);
  const end64 = Buffer.alloc(56);
  end64.write("PK\u0006\u0006", 0, "latin1");
  end64.writeBigUInt64LE(1n, 32);
  end64.writeBigUInt64LE(BigInt(entry.length + extra.length), 40);
  end64.writeBigUInt64LE(BigInt(start), 48);
  const locator = Buffer.alloc(20);
  locator.write("PK\u0006\u0007", 0, "latin1");
  locator.writeBigUInt64LE(BigInt(start + entry.length + extra.length), 8);
  const end = Buffer.alloc(22, 0xff);
  end.write("PK\u0005\u0006", 0, "latin1");
  end.writeUInt16LE(0, 20);
  return Buffer.concat([plain.subarray(0, start), entry, extra, end64, locator, end]);
}
