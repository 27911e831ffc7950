// Masks as bits: 32 voxels of a row in a word, so that a row's voxels are compared with its neighbours' all at once.

import type { Triple, VoxelArray } from "../../base/index.ts";

/** Rows of bits, each beginning with a word of its own; the lowest bit comes first, bits beyond the row are 0. */
export interface BitRows {
  readonly size: Triple;
  readonly wordsPerRow: number;
  readonly bits: Int32Array;
}

/** 1 where a voxel is not 0, as NaN is not. */
export function foregroundBits(data: VoxelArray, size: Triple): BitRows {
  const rows = emptyRows(size);
  if (data instanceof Uint8Array && data.byteOffset % 4 === 0 && size[0] % 4 === 0) {
    packBytes(data, rows);
  } else {
    packVoxels(data, rows);
  }
  return rows;
}

/** 1 where a voxel is 0. */
export function backgroundBits(data: VoxelArray, size: Triple): BitRows {
  const rows = foregroundBits(data, size);
  const { bits, wordsPerRow } = rows;
  for (let word = 0; word < bits.length; word++) bits[word] = ~bits[word];
  const beyond = size[0] % 32;
  if (beyond === 0) return rows;
  const inside = (1 << beyond) - 1;
  for (let last = wordsPerRow - 1; last < bits.length; last += wordsPerRow) bits[last] &= inside;
  return rows;
}

export function emptyRows(size: Triple): BitRows {
  const [width, height, depth] = size;
  const wordsPerRow = Math.ceil(width / 32);
  return { size, wordsPerRow, bits: new Int32Array(wordsPerRow * height * depth) };
}

/** Four bytes at once, which no row shares with the next. */
function packBytes(data: Uint8Array, { size: [width], wordsPerRow, bits }: BitRows): void {
  const fours = new Int32Array(data.buffer, data.byteOffset, data.length >> 2);
  const foursPerRow = width >> 2;
  for (let word = 0, at = 0; word < bits.length; word += wordsPerRow) {
    for (let four = 0; four < foursPerRow; four++, at++) {
      bits[word + (four >> 3)] |= fourBits(fours[at]) << ((four & 7) << 2);
    }
  }
}

/** Bit b of the result tells whether byte b is not 0. */
function fourBits(bytes: number): number {
  // A byte's top bit is set by itself or by what its lower bits carry into it.
  const tops = (((bytes & 0x7f7f7f7f) + 0x7f7f7f7f) | bytes) & 0x80808080;
  // The product brings bits 0, 8, 16 and 24 to 24, 25, 26 and 27; none of its other terms meet.
  return (Math.imul(tops >>> 7, 0x01020408) >>> 24) & 15;
}

function packVoxels(data: VoxelArray, { size: [width], wordsPerRow, bits }: BitRows): void {
  for (let word = 0, at = 0; word < bits.length; word += wordsPerRow) {
    for (let i = 0; i < width; i++, at++) {
      if (data[at] !== 0) bits[word + (i >> 5)] |= 1 << (i & 31);
    }
  }
}

/** How many bits of a word are set (Warren, "Hacker's Delight", 2012, section 5–1). */
export function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Which bit of a word is its only one. */
export function bitPlace(bit: number): number {
  return 31 - Math.clz32(bit);
}
