// Cubic B-spline coefficients of an image, in place: the recursive filter of Unser, Aldroubi and Eden,
// "B-spline signal processing: part II", IEEE Trans Signal Processing 41(2), 1993, with mirror boundaries,
// as ITK (BSplineDecompositionImageFilter) and scipy (spline_filter, mode "mirror") have it.

import type { Triple } from "../../base/index.ts";

/** Pole of the cubic spline. */
const POLE = Math.sqrt(3) - 2;
/** (1 − pole)(1 − 1/pole) = 6. */
const GAIN = 6;
/** Lines that are filtered side by side: what a cache line and a little more hold. */
const TILE = 32;

/** Along i and j of planes `from` … `to`: `[planes, rows, columns]` values. */
export function prefilterPlanesInPlace(
  data: Float32Array | Float64Array,
  [width, height]: Triple,
  from: number,
  to: number,
): void {
  const plane = width * height;
  const line = new Float64Array(TILE * Math.max(width, height));
  for (let k = from; k < to; k++) {
    const start = k * plane;
    for (let j = 0; j < height; j++) filterTile(data, line, start + j * width, width, 1, 1);
    for (let i = 0; i < width; i += TILE) {
      filterTile(data, line, start + i, height, width, Math.min(TILE, width - i));
    }
  }
}

/** Along k for the columns `from` … `to` of a plane, of the volume that starts at `start`. */
export function prefilterDepthInPlace(
  data: Float32Array | Float64Array,
  [width, height, depth]: Triple,
  { start, from, to }: { start: number; from: number; to: number },
): void {
  const tile = new Float64Array(TILE * depth);
  for (let at = from; at < to; at += TILE) {
    filterTile(data, tile, start + at, depth, width * height, Math.min(TILE, to - at));
  }
}

/** `lines` neighbouring lines of `count` values that lie `stride` apart. */
function filterTile(
  data: Float32Array | Float64Array,
  tile: Float64Array,
  start: number,
  count: number,
  stride: number,
  lines: number,
): void {
  if (count === 1) return;
  for (let n = 0; n < count; n++) {
    const from = start + n * stride;
    for (let l = 0; l < lines; l++) tile[n * lines + l] = GAIN * data[from + l];
  }
  filterLinesInPlace(tile, count, lines);
  for (let n = 0; n < count; n++) {
    const to = start + n * stride;
    for (let l = 0; l < lines; l++) data[to + l] = tile[n * lines + l];
  }
}

function filterLinesInPlace(tile: Float64Array, count: number, lines: number): void {
  for (let l = 0; l < lines; l++) tile[l] = causalStart(tile, count, lines, l);
  for (let at = lines; at < count * lines; at++) tile[at] += POLE * tile[at - lines];
  const last = (count - 1) * lines;
  const end = POLE / (POLE * POLE - 1);
  for (let l = 0; l < lines; l++) {
    tile[last + l] = end * (tile[last + l] + POLE * tile[last - lines + l]);
  }
  for (let at = last - 1; at >= 0; at--) tile[at] = POLE * (tile[at + lines] - tile[at]);
}

/** Σ pole^|n| over the line mirrored without end, in closed form. */
function causalStart(tile: Float64Array, count: number, lines: number, l: number): number {
  const last = count - 1;
  let near = POLE;
  let mirrored = power(2 * last - 1);
  let sum = tile[l] + power(last) * tile[last * lines + l];
  for (let n = 1; n < last; n++) {
    sum += (near + mirrored) * tile[n * lines + l];
    near *= POLE;
    mirrored /= POLE;
    if (near > -1e-20 && near < 1e-20) break;
  }
  return sum / (1 - power(2 * last));
}

/** POLE to a whole number, by products alone: engines may differ in the last bit of Math.pow. */
function power(exponent: number): number {
  let result = 1;
  for (let square = POLE, rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}
