// Evaluation of pools.

import { elementCount, rowMajorStrides } from "../../base/index.ts";
import { readWindow, type Window, windowPads } from "../shapes/window.ts";
import type { Numbers } from "./plain-tensor.ts";
import { numbers, reduceLines, zeros } from "./positions.ts";
import { meanOf } from "./reduction.ts";
import type { EvaluatedNode, EvaluationRule, EvaluationRules } from "./rule.ts";
import { type WindowTaps, windowTaps } from "./window-taps.ts";

/** A pool over all planes of its input. */
interface Pool {
  readonly x: Numbers;
  readonly window: Window;
  readonly taps: WindowTaps;
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
}

function readPool(node: EvaluatedNode): Pool {
  const x = node.input(0);
  const window = readWindow(node, node.ints("kernel_shape") ?? node.fail("a kernel shape"));
  const [input, output] = [x.shape.slice(2), node.outputShape().slice(2)];
  const { before, after } = windowPads(window, input);
  const taps = windowTaps(window, { input, output, before });
  return { x, window, taps, input, output, before, after };
}

/** Calls `pool` with the taps under each window of each plane; the taps in the padding are left out. */
function pooled(
  node: EvaluatedNode,
  { x, input, taps: { positions, elements, taps } }: Pool,
  pool: (under: number[], position: number) => number,
): Numbers {
  const size = elementCount(input);
  const shape = node.outputShape();
  const data = new Float64Array(elementCount(shape));
  for (let at = 0; at < data.length; at++) {
    const plane = Math.floor(at / positions) * size;
    const position = at % positions;
    const own = taps.subarray(position * elements, (position + 1) * elements);
    data[at] = pool(
      Array.from(
        own.filter((tap) => tap >= 0),
        (tap) => plane + tap,
      ),
      position,
    );
  }
  return numbers(shape, data, x.type);
}

/** MaxPool: the largest element (of equal ones the first) and where it was taken from. */
const maxPool: EvaluationRule = (node) => {
  const pool = readPool(node);
  const { data } = pool.x;
  const places = pooled(node, pool, (under) =>
    under.reduce(
      (best, at) => (data[at] > data[best] || Number.isNaN(data[at]) ? at : best),
      under[0],
    ),
  );
  const values = places.data.map((at) => data[at]);
  const isColumnMajor = node.int("storage_order", 0) === 1;
  const indices = isColumnMajor
    ? places.data.map((at) => columnMajor(at, pool.input))
    : places.data;
  return [
    { ...places, data: values },
    { ...places, type: "int64", data: indices },
  ];
};

/** The position of an element in a plane whose first axis is fastest. */
function columnMajor(at: number, input: readonly number[]): number {
  const size = elementCount(input);
  const plane = Math.floor(at / size);
  let place = plane * size;
  let step = 1;
  for (const [axis, stride] of rowMajorStrides(input).entries()) {
    place += (Math.floor((at % size) / stride) % input[axis]) * step;
    step *= input[axis];
  }
  return place;
}

/** AveragePool: the padding counts where `count_include_pad` says so, but not what lies behind it. */
const averagePool: EvaluationRule = (node) => {
  const pool = readPool(node);
  const counts = node.int("count_include_pad", 0) === 1 ? paddedCounts(pool) : undefined;
  const { data } = pool.x;
  return [
    pooled(node, pool, (under, position) => {
      const sum = under.reduce((total, at) => total + data[at], 0);
      return sum / (counts ? counts[position] : under.length);
    }),
  ];
};

/** For each position the number of window elements within the padded input. */
function paddedCounts({ window, input, output, before, after }: Pool): number[] {
  const padded = input.map((length, axis) => length + before[axis] + after[axis]);
  const none = input.map(() => 0);
  const { positions, elements, taps } = windowTaps(window, { input: padded, output, before: none });
  return Array.from(
    { length: positions },
    (_, at) => taps.subarray(at * elements, (at + 1) * elements).filter((tap) => tap >= 0).length,
  );
}

/** LpPool: (Σ |x|ᵖ)^(1/p). */
const lpPool: EvaluationRule = (node) => {
  const pool = readPool(node);
  const p = node.int("p", 2);
  const { data } = pool.x;
  return [
    pooled(
      node,
      pool,
      (under) => under.reduce((sum, at) => sum + Math.abs(data[at]) ** p, 0) ** (1 / p),
    ),
  ];
};

/** Global pools: each plane as one window. */
function globalPool(
  prepare: (node: EvaluatedNode) => (plane: Float64Array) => number,
): EvaluationRule {
  return (node) => {
    const x = node.input(0);
    const axes = x.shape.map((_, axis) => axis).slice(2);
    return [numbers(node.outputShape(), reduceLines(x, axes, prepare(node)), x.type)];
  };
}

/** MaxUnpool: each element back to where MaxPool took it from. */
const maxUnpool: EvaluationRule = (node) => {
  const [x, indices] = [node.input(0), node.input(1)];
  const covered = unpooledSize(node, x);
  const y = zeros(node.outputShape(), x.type);
  // Indices count in the tensor that the attributes cover; an output shape asked for may be larger.
  const [from, to] = [rowMajorStrides(covered), rowMajorStrides(y.shape)];
  for (const [at, index] of indices.data.entries()) {
    const place = from.reduce(
      (sum, stride, axis) => sum + (Math.floor(index / stride) % covered[axis]) * to[axis],
      0,
    );
    y.data[place] = x.data[at];
  }
  return [y];
};

function unpooledSize(node: EvaluatedNode, x: Numbers): number[] {
  const { strides, kernel, pads } = readWindow(node, node.ints("kernel_shape") ?? []);
  return x.shape.map((length, at) => {
    const axis = at - 2;
    if (axis < 0) return length;
    const cut = (pads?.before[axis] ?? 0) + (pads?.after[axis] ?? 0);
    return (length - 1) * strides[axis] + kernel[axis] - cut;
  });
}

/** Rules by operator. */
export const poolingRules: EvaluationRules = {
  MaxPool: maxPool,
  AveragePool: averagePool,
  LpPool: lpPool,
  MaxUnpool: maxUnpool,
  GlobalAveragePool: globalPool(() => meanOf),
  GlobalMaxPool: globalPool(
    () => (plane) => plane.reduce((most, x) => Math.max(most, x), -Infinity),
  ),
  GlobalLpPool: globalPool((node) => {
    const p = node.int("p", 2);
    return (plane) => plane.reduce((sum, x) => sum + Math.abs(x) ** p, 0) ** (1 / p);
  }),
};
