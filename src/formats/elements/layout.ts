// The order in which a tensor's elements lie, and copies of them in another order.

import type { Tensor, TensorData } from "../../base/index.ts";
import {
  columnMajorStrides,
  elementCount,
  RoentgenError,
  rowMajorStrides,
} from "../../base/index.ts";
import { partsOf } from "./element-types.ts";

export type Layout = "row-major" | "column-major";

/** Whether the data are exactly the elements, one after the other, in this order. */
export function hasLayout({ dtype, shape, strides, data }: Tensor, layout: Layout): boolean {
  if (data.length !== elementCount(shape) * partsOf(dtype)) return false;
  const wanted = layout === "row-major" ? rowMajorStrides(shape) : columnMajorStrides(shape);
  return data.length === 0 || shape.every((n, axis) => n === 1 || strides[axis] === wanted[axis]);
}

/** The elements in this order: the tensor's own data where they lie so already, else a copy. */
export function dataInLayout(tensor: Tensor, layout: Layout): TensorData {
  checkTensor(tensor);
  if (hasLayout(tensor, layout)) return tensor.data;
  // Column-major order of an array is row-major order of the array with its axes turned round.
  const { shape, strides } = tensor;
  return layout === "row-major"
    ? gather(tensor, shape, strides)
    : gather(tensor, shape.toReversed(), strides.toReversed());
}

/** Refuses a tensor whose shape and strides reach beyond its data. */
export function checkTensor({ dtype, shape, strides, data }: Tensor): void {
  const sound =
    strides.length === shape.length &&
    shape.every((length) => Number.isSafeInteger(length) && length >= 0) &&
    strides.every((step) => Number.isSafeInteger(step) && step >= 0);
  const last = shape.reduce((sum, length, axis) => sum + (length - 1) * strides[axis], 0);
  const needed = elementCount(shape) === 0 ? 0 : (last + 1) * partsOf(dtype);
  if (sound && needed <= data.length && Array.isArray(data) === (dtype === "string")) return;
  throw new RoentgenError("shape-mismatch", {
    problem: `The ${dtype} array of shape [${shape.join(", ")}] does not fit its data`,
    expected: `at least ${needed} values for strides [${strides.join(", ")}]`,
    found: `${data.length} ${Array.isArray(data) ? "strings" : "numbers"}`,
  });
}

/** Copies along the last axis in the inner loop; the axes before it turn like an odometer. */
function gather(
  { dtype, data }: Tensor,
  shape: readonly number[],
  strides: readonly number[],
): TensorData {
  const parts = partsOf(dtype);
  const from = data as Float64Array;
  const to = emptyLike(data, elementCount(shape) * parts) as Float64Array;
  const inner = shape[shape.length - 1] ?? 1;
  const step = (strides[strides.length - 1] ?? 1) * parts;
  const position = new Array<number>(Math.max(0, shape.length - 1)).fill(0);
  let start = 0;
  let written = 0;
  while (written < to.length) {
    for (let index = 0, at = start; index < inner; index++, at += step) {
      for (let part = 0; part < parts; part++) to[written++] = from[at + part];
    }
    for (let axis = position.length - 1; axis >= 0; axis--) {
      start += strides[axis] * parts;
      if (++position[axis] < shape[axis]) break;
      start -= strides[axis] * parts * shape[axis];
      position[axis] = 0;
    }
  }
  return to;
}

function emptyLike(data: TensorData, length: number): TensorData {
  if (Array.isArray(data)) return new Array<string>(length);
  return new (data.constructor as Float64ArrayConstructor)(length);
}
