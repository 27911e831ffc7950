// Largest or smallest value under a flat structuring element, by running extremes along rows:
// van Herk, "A fast algorithm for local minimum and maximum filters on rectangular and octagonal kernels" (1992);
// Gil, Werman, "Computing 2-D min, median, and max filters" (1993).

import { makeVoxels, type Triple, type VoxelArray, voxelType } from "../../base/index.ts";
import type { Extreme } from "./extreme.ts";
import { filterMask, soleForeground } from "./mask-filter.ts";
import { type Chord, chordsByHalf, type Element, reachOf } from "./structuring-element.ts";

/** The extreme of `data` (one channel) under the element at every voxel; what lies outside the image is ignored. */
export function flatFilter<D extends VoxelArray>(
  data: D,
  size: Triple,
  element: Element,
  extreme: Extreme,
): D {
  if (element.shape === "box") return filterBox(data, size, reachOf(element), extreme);
  const foreground = soleForeground(data);
  if (foreground !== undefined) return filterMask(data, size, element, extreme, foreground);
  const out = makeVoxels(voxelType(data), data.length).fill(neutral(data, extreme)) as D;
  for (const [half, chords] of chordsByHalf(element, size)) {
    const spread = filterAxis(data, [1, size[0], size[1] * size[2]], half, extreme);
    for (const chord of chords) meetRows(out, spread, size, chord, extreme);
  }
  return out;
}

/** Boxes are filtered axis by axis. */
function filterBox<D extends VoxelArray>(
  data: D,
  [width, height, depth]: Triple,
  [ri, rj, rk]: Triple,
  extreme: Extreme,
): D {
  const alongI = filterAxis(data, [1, width, height * depth], ri, extreme);
  const alongJ = filterAxis(alongI, [width, height, depth], rj, extreme);
  return filterAxis(alongJ, [width * height, depth, 1], rk, extreme);
}

/** Lets every row of `out` meet the row of `from` that lies (dj, dk) away. */
function meetRows(
  out: VoxelArray,
  from: VoxelArray,
  [width, height, depth]: Triple,
  { dj, dk }: Chord,
  extreme: Extreme,
): void {
  const rows = Math.max(0, height - Math.abs(dj));
  for (let k = Math.max(0, -dk); k < Math.min(depth, depth - dk); k++) {
    const to = (Math.max(0, -dj) + height * k) * width;
    meet(out, to, from, to + (dj + height * dk) * width, rows * width, extreme);
  }
}

/** out[to + n] becomes the extreme of itself and from[at + n]. */
function meet(
  out: VoxelArray,
  to: number,
  from: VoxelArray,
  at: number,
  count: number,
  extreme: Extreme,
): void {
  const shift = at - to;
  const end = to + count;
  if (extreme === "largest") {
    for (let n = to; n < end; n++) if (from[n + shift] > out[n]) out[n] = from[n + shift];
  } else {
    for (let n = to; n < end; n++) if (from[n + shift] < out[n]) out[n] = from[n + shift];
  }
}

/**
 * Running extremes over windows of 2 · half + 1 along one axis of an array seen as [outer, length, inner].
 * Every block of a window's length is scanned forwards and backwards; a window is the end of one scan and
 * the begin of another: three comparisons a value whatever the window.
 */
function filterAxis<D extends VoxelArray>(
  data: D,
  [inner, length, outer]: readonly [inner: number, length: number, outer: number],
  half: number,
  extreme: Extreme,
): D {
  if (half === 0 || length === 1) return data;
  const out = makeVoxels(voxelType(data), data.length) as D;
  const lines = half < 2 ? shortWindows : inner === 1 ? scanLine : scanRows;
  for (let block = 0; block < outer; block++) {
    lines(data, out, block * length * inner, inner, length, Math.min(half, length - 1), extreme);
  }
  return out;
}

type Lines = (
  data: VoxelArray,
  out: VoxelArray,
  start: number,
  inner: number,
  length: number,
  half: number,
  extreme: Extreme,
) => void;

/** Windows of three: the value itself and its two neighbours. */
const shortWindows: Lines = (data, out, start, inner, length, half, extreme) => {
  const all = length * inner;
  out.set(data.subarray(start, start + all), start);
  const shift = half * inner;
  meet(out, start, data, start + shift, all - shift, extreme);
  meet(out, start + shift, data, start, all - shift, extreme);
};

const scanLine: Lines = (data, out, start, _inner, length, half, extreme) => {
  const sign = extreme === "largest" ? 1 : -1;
  const window = 2 * half + 1;
  const blocks = Math.ceil((length + 2 * half) / window);
  const forwards = scratch(0, blocks * window);
  const backwards = scratch(1, blocks * window);
  const padded = blocks * window;
  for (let n = 0; n < padded; n++) {
    const i = n - half;
    forwards[n] = i >= 0 && i < length ? sign * data[start + i] : Number.NEGATIVE_INFINITY;
  }
  for (let first = 0; first < padded; first += window) {
    let best = Number.NEGATIVE_INFINITY;
    for (let n = first + window - 1; n >= first; n--) {
      if (forwards[n] > best) best = forwards[n];
      backwards[n] = best;
    }
    for (let n = first + 1; n < first + window; n++) {
      if (forwards[n - 1] > forwards[n]) forwards[n] = forwards[n - 1];
    }
  }
  for (let i = 0; i < length; i++) {
    out[start + i] = sign * Math.max(backwards[i], forwards[i + window - 1]);
  }
};

/** The same with rows of `inner` values in place of values. */
const scanRows: Lines = (data, out, start, inner, length, half, extreme) => {
  const window = 2 * half + 1;
  const rowAt = (n: number) => start + n * inner;
  const blockOf = (n: number) => Math.floor((n + half) / window);
  // backwards[n]: extreme of rows n … end of n's block, blocks beginning at −half.
  const backwards = data.slice(start, start + length * inner);
  const forwards = data.slice(start, start + length * inner);
  for (let n = length - 2; n >= 0; n--) {
    if ((n + 1 + half) % window !== 0)
      meet(backwards, n * inner, backwards, (n + 1) * inner, inner, extreme);
  }
  for (let n = 1; n < length; n++) {
    if ((n + half) % window !== 0)
      meet(forwards, n * inner, forwards, (n - 1) * inner, inner, extreme);
  }
  for (let n = 0; n < length; n++) {
    const first = Math.max(0, n - half);
    const last = Math.min(length - 1, n + half);
    const tail = first * inner;
    out.set(backwards.subarray(tail, tail + inner), rowAt(n));
    // A window within one block, cut off by the end, is the end of its block alone.
    if (blockOf(first) !== blockOf(last)) {
      meet(out, rowAt(n), forwards, last * inner, inner, extreme);
    }
  }
};

const scratches: Float64Array[] = [];

/** A buffer that lines share, since a fresh one for each would cost more than the line. */
function scratch(at: number, length: number): Float64Array {
  if (!scratches[at] || scratches[at].length < length) scratches[at] = new Float64Array(length);
  return scratches[at];
}

/** What any value beats. */
function neutral(data: VoxelArray, extreme: Extreme): number {
  if (data instanceof Float32Array || data instanceof Float64Array) {
    return extreme === "largest" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  const bits = 8 * data.BYTES_PER_ELEMENT;
  const signed = voxelType(data).startsWith("int");
  if (extreme === "largest") return signed ? -(2 ** (bits - 1)) : 0;
  return signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
}
