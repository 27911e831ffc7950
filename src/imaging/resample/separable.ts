// Resampling where target and source axes run alike: a plane, a row, a value, each a few sums of the one before.

import type { Triple } from "../../base/index.ts";
import type { AxisTaps } from "./axis-taps.ts";
import type { RealArray } from "./source-grid.ts";

/** The work of one channel. */
export interface SeparableWork {
  readonly source: RealArray;
  readonly sourceSize: Triple;
  /** Where the channel starts in the source. */
  readonly sourceStart: number;
  readonly out: RealArray;
  readonly outStart: number;
  /** Taps along i, j, k. */
  readonly taps: Triple<AxisTaps>;
  readonly outsideValue: number;
}

/** Fills planes `from` … `to` of the target. */
export function resamplePlanes(work: SeparableWork, from: number, to: number): void {
  const { taps, sourceSize, out, outStart, outsideValue } = work;
  const [columns, rows, slices] = taps;
  const outPlane = columns.inside.length * rows.inside.length;
  const plane = new Float64Array(sourceSize[0] * sourceSize[1]);
  const used = usedRange(rows);
  for (let k = from; k < to; k++) {
    const start = outStart + k * outPlane;
    if (slices.inside[k] === 0 || used === undefined) {
      out.fill(outsideValue, start, start + outPlane);
      continue;
    }
    sumSlices(work, k, used, plane);
    resamplePlane(work, plane, start);
  }
}

/** First and last source index that anything is taken from. */
function usedRange({ index, inside, taps }: AxisTaps): readonly [number, number] | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = -1;
  for (let at = 0; at < index.length; at++) {
    if (inside[Math.floor(at / taps)] === 0) continue;
    low = Math.min(low, index[at]);
    high = Math.max(high, index[at]);
  }
  return high < 0 ? undefined : [low, high];
}

/** plane ← Σ over slices. */
function sumSlices(
  { source, sourceSize, sourceStart, taps }: SeparableWork,
  k: number,
  [low, high]: readonly [number, number],
  plane: Float64Array,
): void {
  const [width, height] = sourceSize;
  const slices = taps[2];
  const begin = low * width;
  const count = (high + 1) * width - begin;
  const start = (tap: number) =>
    sourceStart + slices.index[k * slices.taps + tap] * width * height + begin;
  sumLines(plane, begin, count, source, start, slices, k);
}

/** out ← Σ over taps of weight · line, the lines being `count` values from `start(tap)` on. */
function sumLines(
  out: Float64Array,
  at: number,
  count: number,
  source: RealArray | Float64Array,
  start: (tap: number) => number,
  { taps, weight }: AxisTaps,
  n: number,
): void {
  let fresh = true;
  for (let tap = 0; tap < taps; tap += 2) {
    const a = weight[n * taps + tap];
    const b = tap + 1 < taps ? weight[n * taps + tap + 1] : 0;
    const p = start(tap);
    const q = b === 0 ? p : start(tap + 1);
    if (fresh && b === 0) for (let i = 0; i < count; i++) out[at + i] = a * source[p + i];
    else if (fresh)
      for (let i = 0; i < count; i++) out[at + i] = a * source[p + i] + b * source[q + i];
    else for (let i = 0; i < count; i++) out[at + i] += a * source[p + i] + b * source[q + i];
    fresh = false;
  }
}

function resamplePlane(work: SeparableWork, plane: Float64Array, start: number): void {
  const [columns, rows] = work.taps;
  const { out, outsideValue, sourceSize } = work;
  const width = sourceSize[0];
  const outWidth = columns.inside.length;
  const row = new Float64Array(width);
  for (let j = 0; j < rows.inside.length; j++) {
    const at = start + j * outWidth;
    if (rows.inside[j] === 0) {
      out.fill(outsideValue, at, at + outWidth);
      continue;
    }
    sumLines(row, 0, width, plane, (tap) => rows.index[j * rows.taps + tap] * width, rows, j);
    sumAlongRow(row, columns, outsideValue, out, at);
  }
}

function sumAlongRow(
  row: Float64Array,
  { taps, index, weight, inside }: AxisTaps,
  outsideValue: number,
  out: RealArray,
  at: number,
): void {
  for (let i = 0, t = 0; i < inside.length; i++, t += taps) {
    if (inside[i] === 0) out[at + i] = outsideValue;
    else if (taps === 2)
      out[at + i] = weight[t] * row[index[t]] + weight[t + 1] * row[index[t + 1]];
    else if (taps === 1) out[at + i] = row[index[t]];
    else {
      out[at + i] =
        weight[t] * row[index[t]] +
        weight[t + 1] * row[index[t + 1]] +
        weight[t + 2] * row[index[t + 2]] +
        weight[t + 3] * row[index[t + 3]];
    }
  }
}
