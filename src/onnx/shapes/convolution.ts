// Shapes of convolutions and pools.

import type { AttributeReader } from "../attributes.ts";
import type { Dimension, TensorType } from "../model.ts";
import { add, lengthsOf, multiply } from "./dimensions.ts";
import type { InferredNode, ShapeRule, ShapeRules } from "./rule.ts";
import { readWindow, type Window, windowOutput } from "./window.ts";

/** Conv: [N, C, …] with weights [M, C/group, …] gives [N, M, …]. */
function conv(node: InferredNode): (TensorType | undefined)[] {
  const [x, w] = [node.input(0), node.input(1)];
  if (!x?.shape || !w?.shape) return [x && { type: x.type }];
  const kernel = node.ints("kernel_shape") ?? lengthsOf(w.shape.slice(2));
  const [channels, groups] = [x.shape[1], node.int("group", 1)];
  const perGroup = w.shape[1];
  const fits =
    typeof channels === "string" || typeof perGroup === "string" || channels === perGroup * groups;
  if (x.shape.length !== w.shape.length || !fits) {
    node.fail(
      `weights [filters, channels / ${groups}, kernel…] for an input [batch, channels, size…]`,
    );
  }
  if (!kernel) return [{ type: x.type }];
  return [spatial(node, x, w.shape[0], kernel)];
}

/** ConvTranspose: the sizes that a convolution with these attributes would come from. */
const convTranspose: ShapeRule = (node) => {
  const [x, w] = [node.input(0), node.input(1)];
  if (!x?.shape || !w?.shape) return [x && { type: x.type }];
  const kernel = node.ints("kernel_shape") ?? lengthsOf(w.shape.slice(2));
  if (!kernel) return [{ type: x.type }];
  const window = readWindow(node, kernel);
  const given = node.ints("output_shape")?.slice(-kernel.length);
  const size = x.shape.slice(2).map((length, axis) => {
    if (given) return given[axis];
    if (!window.pads) return multiply(length, window.strides[axis]);
    const cut = window.pads.before[axis] + window.pads.after[axis];
    return add(transposedReach(node, window, axis, length), -cut);
  });
  const channels = multiply(w.shape[1], node.int("group", 1));
  return [{ type: x.type, shape: [x.shape[0], channels, ...size] }];
};

/** Length along an axis that a transposed convolution covers before its padding is cut off. */
function transposedReach(
  node: AttributeReader,
  { kernel, strides, dilations }: Window,
  axis: number,
  length: Dimension,
): Dimension {
  const reach = (kernel[axis] - 1) * dilations[axis] + 1;
  const extra = node.ints("output_padding")?.[axis] ?? 0;
  return add(multiply(add(length, -1), strides[axis]), extra + reach);
}

/** What a transposed convolution from `input` cuts off before and after each axis to have the size `output`. */
export function transposedPads(
  node: AttributeReader,
  window: Window,
  input: readonly number[],
  output: readonly number[],
): { before: number[]; after: number[] } {
  if (window.pads && !node.has("output_shape")) {
    return { before: [...window.pads.before], after: [...window.pads.after] };
  }
  const totals = input.map((length, axis) =>
    Math.max(0, Number(transposedReach(node, window, axis, length)) - output[axis]),
  );
  const small = totals.map((total) => Math.floor(total / 2));
  const large = totals.map((total, axis) => total - small[axis]);
  return window.autoPad === "SAME_UPPER"
    ? { before: small, after: large }
    : { before: large, after: small };
}

/** MaxUnpool: the shape given, or what the pool with these attributes covers. */
const maxUnpool: ShapeRule = (node) => {
  const x = node.input(0);
  const kernel = node.ints("kernel_shape");
  const given = node.value(2);
  if (!x?.shape || !kernel || given) return [x && { type: x.type, shape: given }];
  const { strides, pads } = readWindow(node, kernel);
  const size = x.shape.slice(2).map((length, axis) => {
    const cut = (pads?.before[axis] ?? 0) + (pads?.after[axis] ?? 0);
    return add(multiply(add(length, -1), strides[axis]), kernel[axis] - cut);
  });
  return [{ type: x.type, shape: [...x.shape.slice(0, 2), ...size] }];
};

/** MaxPool, AveragePool, LpPool: channels stay, windows shrink the rest. */
const pool: ShapeRule = (node) => {
  const x = node.input(0);
  const kernel = node.ints("kernel_shape");
  if (!x?.shape || !kernel) return [x && { type: x.type }];
  const output = spatial(node, x, x.shape[1], kernel);
  return [output, { type: "int64", shape: output.shape }];
};

/** GlobalAveragePool, GlobalMaxPool, GlobalLpPool: every spatial length becomes 1. */
const globalPool: ShapeRule = (node) => {
  const x = node.input(0);
  return [
    x?.shape ? { type: x.type, shape: x.shape.map((length, axis) => (axis < 2 ? length : 1)) } : x,
  ];
};

function spatial(
  node: InferredNode,
  x: TensorType,
  channels: Dimension,
  kernel: readonly number[],
): TensorType {
  const input = x.shape?.slice(2) ?? [];
  if (input.length !== kernel.length)
    node.fail(`an input with ${kernel.length} spatial axes, as the kernel has`);
  const output = windowOutput(readWindow(node, kernel), input);
  if (output.some((length) => typeof length === "number" && length < 1)) {
    node.fail(`an input at least as large as the kernel [${kernel.join(", ")}]`);
  }
  return { type: x.type, shape: [x.shape?.[0] ?? 1, channels, ...output] };
}

/** ConvInteger: whole numbers of 32 bits. */
const convInteger: ShapeRule = (node) =>
  conv(node).map((type) => type && { ...type, type: "int32" });

/** QLinearConv: the weights are input 3, the zero point of the output has its type. */
const quantizedConv: ShapeRule = (node) => {
  const inputs = [0, 3].map((index) => node.input(index));
  const [output] = conv({ ...node, input: (index) => inputs[index] });
  return [output && { ...output, type: node.input(7)?.type ?? output.type }];
};

/** Rules by operator. */
export const convolutionShapes: ShapeRules = {
  Conv: conv,
  ConvTranspose: convTranspose,
  ConvInteger: convInteger,
  QLinearConv: quantizedConv,
  MaxUnpool: maxUnpool,
  MaxPool: pool,
  AveragePool: pool,
  LpPool: pool,
  GlobalAveragePool: globalPool,
  GlobalMaxPool: globalPool,
  GlobalLpPool: globalPool,
};
