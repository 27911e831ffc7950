// Axes of an array in memory brought into another order.

import type { VoxelArray } from "../../base/index.ts";

/**
 * @param sizes of the axes, fastest first
 * @param order which axis of `data` comes at each place of the result, fastest first: [1, 2, 0] brings the
 *   fastest axis to the slowest place
 * @returns a new array; `data` itself where the order stays
 */
export function permuteAxes<D extends VoxelArray>(
  data: D,
  sizes: readonly number[],
  order: readonly number[],
): D {
  const moved = order.filter((axis) => sizes[axis] > 1);
  if (moved.every((axis, at) => at === 0 || axis > moved[at - 1])) return data;
  const strides = sizes.map((_, axis) => sizes.slice(0, axis).reduce((a, b) => a * b, 1));
  const [inner, ...outer] = moved;
  const target = new (data.constructor as new (length: number) => D)(data.length);
  const counters = new Uint32Array(outer.length);
  const [count, stride] = [sizes[inner], strides[inner]];
  let start = 0;
  for (let to = 0; to < target.length; ) {
    for (let at = 0, from = start; at < count; at++, from += stride) target[to++] = data[from];
    for (let axis = 0; axis < outer.length; axis++) {
      start += strides[outer[axis]];
      if (++counters[axis] < sizes[outer[axis]]) break;
      start -= strides[outer[axis]] * counters[axis];
      counters[axis] = 0;
    }
  }
  return target;
}
