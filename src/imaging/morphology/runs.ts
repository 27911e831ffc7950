// An image as runs: stretches of equal foreground along rows, the units that components are made of.

import type { Triple, VoxelArray } from "../../base/index.ts";

/** Runs in the order of memory. */
export interface Runs {
  readonly size: Triple;
  readonly count: number;
  /** First voxel of each run along its row … */
  readonly starts: Int32Array;
  /** … and the one after its last. */
  readonly ends: Int32Array;
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
function asMask(data: VoxelArray): Uint8Array {
  if (data instanceof Uint8Array) return data;
  const mask = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at++) mask[at] = data[at] === 0 ? 0 : 1;
  return mask;
}

function maskRuns(mask: Uint8Array, size: Triple, wanted: 0 | 1): Runs {
  const [width, height, depth] = size;
  const rows = height * depth;
  const rowFirst = new Int32Array(rows + 1);
  for (let row = 0, count = 0; row < rows; row++) {
    count += countRuns(mask, row * width, width, wanted);
    rowFirst[row + 1] = count;
  }
  const count = rowFirst[rows];
  const starts = new Int32Array(count);
  const ends = new Int32Array(count);
  for (let row = 0; row < rows; row++) {
    let run = rowFirst[row];
    if (run === rowFirst[row + 1]) continue;
    const first = row * width;
    let inside = 0;
    for (let i = 0; i < width; i++) {
      const now = (mask[first + i] === 0 ? 0 : 1) ^ wanted ^ 1;
      if (now === inside) continue;
      if (now === 1) starts[run] = i;
      else ends[run++] = i;
      inside = now;
    }
    if (inside === 1) ends[run] = width;
  }
  return { size, count, starts, ends, rowFirst };
}

function countRuns(mask: Uint8Array, first: number, width: number, wanted: 0 | 1): number {
  let count = 0;
  let before = 0;
  for (let at = first; at < first + width; at++) {
    const now = (mask[at] === 0 ? 0 : 1) ^ wanted ^ 1;
    count += now & ~before;
    before = now;
  }
  return count;
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
  const starts = new Int32Array(count);
  const ends = new Int32Array(count);
  const values = new Float64Array(count);
  for (let row = 0, run = 0; row < rows; row++) {
    const first = row * width;
    for (let i = 0; i < width; ) {
      const value = data[first + i];
      const start = i;
      while (i < width && same(data[first + i], value)) i += 1;
      if (value === 0) continue;
      starts[run] = start;
      ends[run] = i;
      values[run++] = value;
    }
  }
  return { size, count, starts, ends, rowFirst, values };
}

function same(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}

/** Writes a value into every voxel of the runs for which `paint` is not 0. */
export function paintRuns<D extends VoxelArray>(
  data: D,
  { size: [width], rowFirst, starts, ends }: Runs,
  paint: ArrayLike<number>,
): D {
  for (let row = 0; row + 1 < rowFirst.length; row++) {
    const first = row * width;
    for (let run = rowFirst[row]; run < rowFirst[row + 1]; run++) {
      const value = paint[run];
      if (value === 0) continue;
      const end = first + ends[run];
      // A call costs more than a short loop.
      if (ends[run] - starts[run] > 24) data.fill(value, first + starts[run], end);
      else for (let at = first + starts[run]; at < end; at++) data[at] = value;
    }
  }
  return data;
}
