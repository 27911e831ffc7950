// Stored numbers as single precision ones in row-major order, whatever their type and the order of their axes.

import { rowMajorStrides, type Tensor } from "../base/index.ts";
import { dataInLayout } from "../formats/safetensors/index.ts";

/** The numbers of a tensor; those that are so already are not copied. */
export function rowMajorNumbers(tensor: Tensor): Float32Array {
  const data = dataInLayout(tensor, "row-major");
  if (data instanceof Float32Array) return data;
  const isBig = data instanceof BigInt64Array || data instanceof BigUint64Array;
  return isBig ? Float32Array.from(data, Number) : new Float32Array(data as ArrayLike<number>);
}

/** A row-major tensor's numbers with its axes in another order: axis `order[i]` of it becomes axis i. */
export function permuteAxes(
  data: Float32Array,
  { shape, order }: { shape: readonly number[]; order: readonly number[] },
): Float32Array {
  const strides = rowMajorStrides(shape);
  return rowMajorNumbers({
    ...{ dtype: "float32", data },
    shape: order.map((axis) => shape[axis]),
    strides: order.map((axis) => strides[axis]),
  });
}
