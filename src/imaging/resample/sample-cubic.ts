// Cubic B-spline interpolation along rows of points, of coefficients from spline-prefilter.ts.
// Unser, "Splines: a perfect fit for signal and image processing", 1999.

import type { Triple } from "../../base/index.ts";
import { foldCoordinate, mirrorIndex } from "./boundary.ts";
import { cubicWeightsInto } from "./cubic-weights.ts";
import type { RowCoordinates } from "./free-form.ts";
import { outsideValue, type RealArray, type SourceGrid } from "./source-grid.ts";

/** 64 coefficients a point; 16 in an image of one slice. */
export function sampleCubicRow(
  source: SourceGrid,
  [xs, ys, zs]: RowCoordinates,
  out: RealArray,
  at: number,
): void {
  const [width, height, depth] = source.size;
  const strides: Triple = [1, width, width * height];
  for (let i = 0; i < xs.length; i++) {
    const x = foldCoordinate(xs[i], width, source.outside);
    const y = foldCoordinate(ys[i], height, source.outside);
    const z = foldCoordinate(zs[i], depth, source.outside);
    if (Number.isNaN(x + y + z)) {
      out[at + i] = outsideValue(source);
      continue;
    }
    locate(0, x, width, strides[0]);
    locate(4, y, height, strides[1]);
    locate(8, z, depth, strides[2]);
    out[at + i] = sumTaps(source.data, source.start, depth > 1 ? 12 : 9);
  }
}

/** Offsets and weights of the taps along i at 0, j at 4, k at 8. */
const offsets = new Int32Array(12);
const weights = new Float64Array(12);

function locate(at: number, coordinate: number, size: number, stride: number): void {
  if (size === 1) {
    offsets.fill(0, at, at + 4);
    weights.fill(0, at, at + 4);
    weights[at] = 1;
    return;
  }
  const before = Math.min(Math.floor(coordinate), size - 1);
  cubicWeightsInto(weights, at, coordinate - before);
  const first = before - 1;
  if (first >= 0 && first + 3 < size) {
    for (let tap = 0; tap < 4; tap++) offsets[at + tap] = (first + tap) * stride;
  } else {
    for (let tap = 0; tap < 4; tap++) offsets[at + tap] = mirrorIndex(first + tap, size) * stride;
  }
}

/** `end` is 9 where there is one slice, else 12. */
function sumTaps(data: RealArray, start: number, end: number): number {
  const [x0, x1, x2, x3] = [offsets[0], offsets[1], offsets[2], offsets[3]];
  const [a, b, c, d] = [weights[0], weights[1], weights[2], weights[3]];
  let sum = 0;
  for (let k = 8; k < end; k++) {
    let plane = 0;
    for (let j = 4; j < 8; j++) {
      const p = start + offsets[k] + offsets[j];
      plane +=
        weights[j] * (a * data[p + x0] + b * data[p + x1] + c * data[p + x2] + d * data[p + x3]);
    }
    sum += weights[k] * plane;
  }
  return sum;
}
