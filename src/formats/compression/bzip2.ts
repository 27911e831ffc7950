// Bzip2 decompressed block by block (J. Seward's format; Wheeler's description in "The bzip2 algorithm").

import { type BitReader, bitReader } from "./bit-reader.ts";
import { readCodes, readSymbols } from "./bzip2-symbols.ts";

/** Bytes of a block for each level 1 to 9, before runs are spread. */
const levelBytes = 100_000;
const BLOCK = 0x314159265359;
const END = 0x177245385090;

/**
 * Decompresses one stream or several in a row, as long as `take` wants more.
 * @param take gets the bytes of one block; false ends the work
 * @throws Error that says what is wrong with the bytes
 */
export function unpackBzip2(bytes: Uint8Array, take: (block: Uint8Array) => boolean): void {
  const bits = bitReader(bytes);
  do {
    const signature = bits.read(24);
    const level = bits.read(8) - 0x30;
    if (signature !== 0x425a68 || level < 1 || level > 9) throw new Error("not a bzip2 stream");
    if (!unpackStream(bits, level * levelBytes, take)) return;
    bits.toNextByte();
  } while (bits.remaining >= 32);
}

function unpackStream(
  bits: BitReader,
  most: number,
  take: (block: Uint8Array) => boolean,
): boolean {
  const transformed = new Uint32Array(most);
  let streamSum = 0;
  for (;;) {
    const mark = bits.read(24) * 2 ** 24 + bits.read(24);
    const announced = bits.read(32);
    if (mark === END) {
      if (announced !== streamSum) throw new Error("a wrong check sum of the stream");
      return true;
    }
    if (mark !== BLOCK) throw new Error("no block where one belongs");
    const block = unpackBlock(bits, transformed);
    if (checkSum(block) !== announced) throw new Error("a wrong check sum of a block");
    streamSum = (((streamSum << 1) | (streamSum >>> 31)) ^ announced) >>> 0;
    if (!take(block)) return false;
  }
}

function unpackBlock(bits: BitReader, transformed: Uint32Array): Uint8Array {
  if (bits.read(1) === 1) throw new Error("a randomised block of an ancient version");
  const origin = bits.read(24);
  const count = readSymbols(bits, readCodes(bits), transformed);
  if (origin >= count) throw new Error("a start beyond the block");
  const successors = invertTransform(transformed, count);
  return spreadRuns(successors, count, origin);
}

/** Puts the place of each byte's successor above the byte (inverse of Burrows and Wheeler's transform). */
function invertTransform(transformed: Uint32Array, count: number): Uint32Array {
  const starts = new Uint32Array(257);
  for (let at = 0; at < count; at++) starts[(transformed[at] & 0xff) + 1]++;
  for (let byte = 0; byte < 256; byte++) starts[byte + 1] += starts[byte];
  for (let at = 0; at < count; at++) {
    const byte = transformed[at] & 0xff;
    transformed[starts[byte]++] |= at << 8;
  }
  return transformed;
}

/** Four equal bytes are followed by how many more of them there are. */
function spreadRuns(successors: Uint32Array, count: number, origin: number): Uint8Array {
  let target = new Uint8Array(count + 1024);
  let [length, run, previous] = [0, 0, -1];
  let at = successors[origin] >>> 8;
  for (let step = 0; step < count; step++) {
    const entry = successors[at];
    const byte = entry & 0xff;
    at = entry >>> 8;
    if (run === 4) {
      if (length + byte > target.length) target = grown(target, length + byte);
      target.fill(previous, length, length + byte);
      length += byte;
      [run, previous] = [0, -1];
      continue;
    }
    run = byte === previous ? run + 1 : 1;
    previous = byte;
    if (length === target.length) target = grown(target, length + 1);
    target[length++] = byte;
  }
  return target.subarray(0, length);
}

function grown(bytes: Uint8Array, needed: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(needed, 2 * bytes.length));
  larger.set(bytes);
  return larger;
}

const sumTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte << 24;
  for (let bit = 0; bit < 8; bit++) sum = sum < 0 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
  return sum >>> 0;
});

/** CRC-32 with the highest bit first, unlike that of gzip. */
function checkSum(bytes: Uint8Array): number {
  let sum = -1;
  for (let at = 0; at < bytes.length; at++) sum = (sum << 8) ^ sumTable[(sum >>> 24) ^ bytes[at]];
  return ~sum >>> 0;
}
