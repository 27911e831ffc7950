// An image as runs: stretches of equal foreground along rows, the units that components are made of.

import type { Triple, VoxelArray } from "../../base/index.ts";
import {
  type BitRows,
  backgroundBits,
  bitCount,
  bitPlace,
  emptyRows,
  foregroundBits,
} from "./bit-rows.ts";

/** Runs, numbered from 0 in the order of memory, as bits: where they are and where they start. */
export interface Runs extends BitRows {
  readonly count: number;
  /** 1 at the first voxel of each run. */
  readonly starts: Int32Array;
  /** How many runs start before each word; at the end, all of them. */
  readonly startsBefore: Int32Array;
  /** What the voxels of each run are; absent where all foreground is alike. */
  readonly values?: Float64Array;
}

/** The runs of voxels other than 0. */
export function foregroundRuns(data: VoxelArray, size: Triple): Runs {
  return maskRuns(foregroundBits(data, size));
}

/** The runs of voxels that are 0. */
export function backgroundRuns(data: VoxelArray, size: Triple): Runs {
  return maskRuns(backgroundBits(data, size));
}

/** 1 where a voxel is not 0; the array itself where it may serve as one. */
export function asMask(data: VoxelArray): Uint8Array {
  if (data instanceof Uint8Array) return data;
  const mask = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at++) mask[at] = data[at] === 0 ? 0 : 1;
  return mask;
}

function maskRuns(rows: BitRows): Runs {
  const { bits, wordsPerRow } = rows;
  const starts = new Int32Array(bits.length);
  for (let row = 0; row < bits.length; row += wordsPerRow) {
    let before = 0;
    for (let word = row; word < row + wordsPerRow; word++) {
      starts[word] = bits[word] & ~((bits[word] << 1) | before);
      before = bits[word] >>> 31;
    }
  }
  return { ...rows, starts, ...counted(starts) };
}

/** The runs of equal values other than 0. NaN is a value like any other number. */
export function valueRuns(data: VoxelArray, size: Triple): Runs {
  const rows = foregroundBits(data, size);
  const { bits: starts } = emptyRows(size);
  const [width] = size;
  for (let row = 0, at = 0; row < starts.length; row += rows.wordsPerRow) {
    for (let i = 0; i < width; i++, at++) {
      const start = data[at] !== 0 && (i === 0 || !alike(data[at], data[at - 1]));
      if (start) starts[row + (i >> 5)] |= 1 << (i & 31);
    }
  }
  const runs = { ...rows, starts, ...counted(starts) };
  const values = new Float64Array(runs.count);
  eachPiece(runs, (run, start) => {
    values[run] = data[start];
  });
  return { ...runs, values };
}

export function alike(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}

function counted(starts: Int32Array) {
  const startsBefore = new Int32Array(starts.length + 1);
  let count = 0;
  for (let word = 0; word < starts.length; word++) {
    count += bitCount(starts[word]);
    startsBefore[word + 1] = count;
  }
  return { startsBefore, count };
}

/**
 * Visits the runs in pieces, none across two words, in the order of memory: `visit(run, start, end)` for the voxels
 * start … end − 1 of the image.
 */
export function eachPiece(
  { size: [width], wordsPerRow, bits, starts, startsBefore }: Runs,
  visit: (run: number, start: number, end: number) => void,
): void {
  for (let word = 0; word < bits.length; word++) {
    if (bits[word] === 0) continue;
    const row = Math.floor(word / wordsPerRow);
    const offset = row * width + ((word - row * wordsPerRow) << 5);
    const started = starts[word];
    const stops = ~bits[word] | started;
    let run = startsBefore[word] - 1;
    for (let rest = bits[word]; rest !== 0; ) {
      const first = rest & -rest;
      const later = stops & (-first << 1);
      const next = later & -later;
      if ((started & first) !== 0) run += 1;
      visit(run, offset + bitPlace(first), offset + (next === 0 ? 32 : bitPlace(next)));
      // Bits from the next stop on; none where there is no stop.
      rest &= -next;
    }
  }
}

/** Writes a run's value of `paint` into each of its voxels, unless it is 0. */
export function paintRuns<D extends VoxelArray>(data: D, runs: Runs, paint: ArrayLike<number>): D {
  eachPiece(runs, (run, start, end) => {
    const value = paint[run];
    if (value === 0) return;
    for (let at = start; at < end; at++) data[at] = value;
  });
  return data;
}
