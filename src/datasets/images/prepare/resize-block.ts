// A block of values brought to another size by a triangle filter, which averages what a shrinking would skip over.

/** For each target index, the source indices that it is made of: `from[n]` and `count[n]` more, with their weights. */
interface Taps {
  readonly from: Int32Array;
  readonly count: Int32Array;
  /** `widest` weights a target index, summing to 1. */
  readonly weight: Float64Array;
  readonly widest: number;
}

/**
 * Resizes [depth, height, width] (or [height, width]) to another size of as many axes. Along each axis a value is the mean of
 * its neighbours under a triangle, which is two source voxels wide where the size grows (linear interpolation), and two target
 * voxels wide where it shrinks, so that fine detail is averaged and not picked: the filter that Pillow and torchvision call
 * bilinear with antialiasing. Pixels are areas: the outer borders of both grids coincide.
 * An axis whose size stays is left as it is, to the bit.
 */
export function resizeBlock(
  values: Float32Array,
  size: readonly number[],
  target: readonly number[],
): Float32Array {
  let block = values;
  const current = [...size];
  for (let axis = 0; axis < size.length; axis++) {
    if (current[axis] === target[axis]) continue;
    block = resizeAxis(block, current, axis, target[axis]);
    current[axis] = target[axis];
  }
  return block;
}

function resizeAxis(
  values: Float32Array,
  size: readonly number[],
  axis: number,
  target: number,
): Float32Array {
  const inner = size.slice(axis + 1).reduce((product, n) => product * n, 1);
  const outer = size.slice(0, axis).reduce((product, n) => product * n, 1);
  const taps = triangleTaps(size[axis], target);
  const resized = new Float32Array(outer * target * inner);
  for (let block = 0; block < outer; block++) {
    const source = values.subarray(block * size[axis] * inner, (block + 1) * size[axis] * inner);
    const out = resized.subarray(block * target * inner, (block + 1) * target * inner);
    if (inner === 1) mixAlongLine(source, out, taps);
    else mixLines(source, out, inner, taps);
  }
  return resized;
}

/** out[n] ← Σ weight · source: neighbours lie side by side. */
function mixAlongLine(
  source: Float32Array,
  out: Float32Array,
  { from, count, weight, widest }: Taps,
) {
  for (let n = 0; n < out.length; n++) {
    let sum = 0;
    const first = from[n];
    for (let tap = 0, w = n * widest; tap < count[n]; tap++, w++)
      sum += weight[w] * source[first + tap];
    out[n] = sum;
  }
}

/** Line n of `out` ← Σ weight · line of `source`, all lines being `length` long; summed in double precision. */
function mixLines(
  source: Float32Array,
  out: Float32Array,
  length: number,
  { from, count, weight, widest }: Taps,
) {
  const sum = new Float64Array(length);
  for (let n = 0; n < from.length; n++) {
    sum.fill(0);
    for (let tap = 0; tap < count[n]; tap++) {
      const start = (from[n] + tap) * length;
      const w = weight[n * widest + tap];
      for (let i = 0; i < length; i++) sum[i] += w * source[start + i];
    }
    out.set(sum, n * length);
  }
}

/** Weights of a triangle of half-width max(1, size / target) source voxels about each target voxel's centre. */
function triangleTaps(size: number, target: number): Taps {
  const step = size / target;
  const halfWidth = Math.max(1, step);
  const widest = Math.ceil(2 * halfWidth) + 1;
  const from = new Int32Array(target);
  const count = new Int32Array(target);
  const weight = new Float64Array(target * widest);
  for (let n = 0; n < target; n++) {
    const centre = (n + 0.5) * step;
    const first = Math.max(0, Math.floor(centre - halfWidth + 0.5));
    const end = Math.min(size, Math.floor(centre + halfWidth + 0.5));
    let sum = 0;
    for (let at = first; at < end; at++) {
      const w = Math.max(0, 1 - Math.abs(at + 0.5 - centre) / halfWidth);
      weight[n * widest + at - first] = w;
      sum += w;
    }
    for (let tap = 0; tap < end - first; tap++) weight[n * widest + tap] /= sum;
    from[n] = first;
    count[n] = end - first;
  }
  return { from, count, weight, widest };
}
