// Positions of elements in row-major memory: transposing, slicing, broadcasting and reducing are one walk with strides.

import { elementCount, rowMajorStrides } from "../../base/index.ts";
import type { ElementType } from "../model.ts";
import { isTexts, type Numbers, type PlainTensor } from "./plain-tensor.ts";

/** Where the elements lie that a walk over `shape` meets, last axis fastest, each axis with its stride. */
export function positions(
  shape: readonly number[],
  strides: readonly number[],
  offset = 0,
): Int32Array {
  let starts = Int32Array.of(offset);
  for (const [axis, length] of shape.entries()) {
    const next = new Int32Array(starts.length * length);
    for (let at = 0; at < next.length; at++) {
      next[at] = starts[Math.floor(at / length)] + (at % length) * strides[axis];
    }
    starts = next;
  }
  return starts;
}

/** For each element of the shape `to` the position in a tensor of shape `from` that broadcasting takes it from. */
export function broadcastPositions(from: readonly number[], to: readonly number[]): Int32Array {
  const own = rowMajorStrides(from);
  const extra = to.length - from.length;
  const strides = to.map((_, axis) => (from[axis - extra] > 1 ? own[axis - extra] : 0));
  return positions(to, strides);
}

/** A tensor of the elements at the given positions. */
export function take<Tensor extends PlainTensor>(
  { type, data }: Tensor,
  shape: readonly number[],
  sources: Int32Array,
): Tensor {
  const taken = isTexts(data)
    ? Array.from(sources, (at) => data[at])
    : Float64Array.from(sources, (at) => data[at]);
  return { type, shape, data: taken } as unknown as Tensor;
}

/** The tensor broadcast to a shape. */
export function expanded<Tensor extends PlainTensor>(
  tensor: Tensor,
  shape: readonly number[],
): Tensor {
  return take(tensor, shape, broadcastPositions(tensor.shape, shape));
}

/** The tensor with its axes in another order. */
export function transposed<Tensor extends PlainTensor>(
  tensor: Tensor,
  order: readonly number[],
): Tensor {
  const strides = rowMajorStrides(tensor.shape);
  const shape = order.map((axis) => tensor.shape[axis]);
  const sources = positions(
    shape,
    order.map((axis) => strides[axis]),
  );
  return take(tensor, shape, sources);
}

/** The same elements in another shape. */
export function reshaped<Tensor extends PlainTensor>(
  tensor: Tensor,
  shape: readonly number[],
): Tensor {
  return { ...tensor, shape };
}

/** A tensor of numbers; by default of float32. */
export function numbers(
  shape: readonly number[],
  data: ArrayLike<number>,
  type: ElementType = "float32",
): Numbers {
  return { type, shape, data: data instanceof Float64Array ? data : Float64Array.from(data) };
}

/** A tensor of zeros. */
export function zeros(shape: readonly number[], type: ElementType): Numbers {
  return { type, shape, data: new Float64Array(elementCount(shape)) };
}

/** The lines of a tensor along some axes: where each starts, and the steps of its elements from there. */
export interface Lines {
  readonly starts: Int32Array;
  readonly steps: Int32Array;
}

/** Splits a shape into lines along `axes`; lines and their elements come in row-major order. */
export function linesOf(shape: readonly number[], axes: readonly number[]): Lines {
  const strides = rowMajorStrides(shape);
  const walk = (chosen: readonly number[]) =>
    positions(
      chosen.map((axis) => shape[axis]),
      chosen.map((axis) => strides[axis]),
    );
  const along = new Set(axes);
  const all = shape.map((_, axis) => axis);
  return {
    starts: walk(all.filter((axis) => !along.has(axis))),
    steps: walk(all.filter((axis) => along.has(axis))),
  };
}

/** One number for every line along `axes`. */
export function reduceLines(
  { shape, data }: Numbers,
  axes: readonly number[],
  reduce: (line: Float64Array) => number,
): Float64Array {
  const { starts, steps } = linesOf(shape, axes);
  return Float64Array.from(starts, (start) =>
    reduce(Float64Array.from(steps, (step) => data[start + step])),
  );
}

/** Every line along `axes` replaced by one of the same length. */
export function mapLines(
  { type, shape, data }: Numbers,
  axes: readonly number[],
  map: (line: Float64Array) => ArrayLike<number>,
): Numbers {
  const { starts, steps } = linesOf(shape, axes);
  const result = new Float64Array(data.length);
  for (const start of starts) {
    const line = map(Float64Array.from(steps, (step) => data[start + step]));
    for (let at = 0; at < steps.length; at++) result[start + steps[at]] = line[at];
  }
  return { type, shape, data: result };
}
