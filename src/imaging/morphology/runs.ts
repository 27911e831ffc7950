// An image as runs: stretches of equal foreground along rows, the units that components are made of.

import type { Triple, VoxelArray } from "../../base/index.ts";

/** Runs in the order of memory. */
export interface Runs {
  readonly size: Triple;
  readonly count: number;
  /** Run r spans the voxels edges[2 r] … edges[2 r + 1] − 1 of its row. */
  readonly edges: Int32Array;
  /** Row r = j + height · k holds the runs rowFirst[r] … rowFirst[r + 1] − 1. */
  readonly rowFirst: Int32Array;
  /** What the voxels of each run are; absent where all foreground is alike. */
  readonly values?: Float64Array;
}

/** The runs of voxels other than 0. */
export function foregroundRuns(data: VoxelArray, size: Triple): Runs {
  return maskRuns(asMask(data), size, 1);
}

/** The runs of voxels that are 0. */
export function backgroundRuns(data: VoxelArray, size: Triple): Runs {
  return maskRuns(asMask(data), size, 0);
}

/** 1 where a voxel is not 0; the array itself where it may serve as one. */
export function asMask(data: VoxelArray): Uint8Array {
  if (data instanceof Uint8Array) return data;
  const mask = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at++) mask[at] = data[at] === 0 ? 0 : 1;
  return mask;
}

/** Memory for the most edges there can be is asked for, but what no edge is written to is never taken. */
function maskRuns(mask: Uint8Array, size: Triple, wanted: 0 | 1): Runs {
  const [width, height, depth] = size;
  const rows = height * depth;
  const words = wordsOf(mask, width);
  const rowFirst = new Int32Array(rows + 1);
  const edges = new Int32Array(rows * (width + (width & 1)) + 1);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    at = findEdges(mask, words, row * width, width, wanted, edges, at);
    rowFirst[row + 1] = at >> 1;
  }
  return { size, count: at >> 1, edges, rowFirst };
}

/** Four voxels of 1 in one word. */
const ONES = 0x01010101;

/** Four voxels at once where no word lies across two rows; else nothing, which equals no four voxels. */
function wordsOf(mask: Uint8Array, width: number): Uint32Array {
  if (width % 4 !== 0 || mask.byteOffset % 4 !== 0) return new Uint32Array(0);
  return new Uint32Array(mask.buffer, mask.byteOffset, mask.length / 4);
}

/**
 * Writes where wanted voxels begin and end along a row, from edges[at] on; returns where the next row's
 * go. Every position is written and most are written over: cheaper than a branch that guesses wrong.
 */
function findEdges(
  mask: Uint8Array,
  words: Uint32Array,
  first: number,
  width: number,
  wanted: 0 | 1,
  edges: Int32Array,
  at: number,
): number {
  let inside = 0;
  const flip = wanted ^ 1;
  for (let i = 0; i < width; ) {
    while (i < width && words[(first + i) >> 2] === (-(inside ^ flip) & ONES)) i += 4;
    for (const end = Math.min(i + 4, width); i < end; i++) {
      // −value has its sign bit set for every byte but 0.
      const now = (-mask[first + i] >>> 31) ^ flip;
      edges[at] = i;
      at += now ^ inside;
      inside = now;
    }
  }
  edges[at] = width;
  return at + inside;
}

/** The runs of equal values other than 0. NaN is a value like any other number. */
export function valueRuns(data: VoxelArray, size: Triple): Runs {
  const [width, height, depth] = size;
  const rows = height * depth;
  const rowFirst = new Int32Array(rows + 1);
  for (let row = 0, count = 0; row < rows; row++) {
    for (let i = 0, at = row * width; i < width; i++, at++) {
      if (data[at] !== 0 && (i === 0 || !same(data[at], data[at - 1]))) count += 1;
    }
    rowFirst[row + 1] = count;
  }
  const count = rowFirst[rows];
  const edges = new Int32Array(2 * count);
  const values = new Float64Array(count);
  for (let row = 0, run = 0; row < rows; row++) {
    const first = row * width;
    for (let i = 0; i < width; ) {
      const value = data[first + i];
      const start = i;
      while (i < width && same(data[first + i], value)) i += 1;
      if (value === 0) continue;
      edges[2 * run] = start;
      edges[2 * run + 1] = i;
      values[run++] = value;
    }
  }
  return { size, count, edges, rowFirst, values };
}

function same(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}

/** Writes a run's value of `paint` into each of its voxels, unless it is 0. */
export function paintRuns<D extends VoxelArray>(
  data: D,
  { size: [width], rowFirst, edges }: Runs,
  paint: ArrayLike<number>,
): D {
  for (let row = 0; row + 1 < rowFirst.length; row++) {
    const first = row * width;
    for (let run = rowFirst[row]; run < rowFirst[row + 1]; run++) {
      const value = paint[run];
      if (value === 0) continue;
      const start = first + edges[2 * run];
      const end = first + edges[2 * run + 1];
      // A call costs more than a short loop.
      if (end - start > 24) data.fill(value, start, end);
      else for (let at = start; at < end; at++) data[at] = value;
    }
  }
  return data;
}
