// The gradient of MaxPool without the positions of its maxima, which WebGPU does not give. A convolution with kernels of
// one 1 lays out the windows, so that the largest elements can be told by comparison; its transpose puts gradients back.

import type { Algebra, Term } from "../../algebra.ts";
import { readAttributes } from "../../attributes.ts";
import { int, ints, type OnnxNode, type OnnxTensor } from "../../model.ts";
import { lengthsOf } from "../../shapes/dimensions.ts";
import { readWindow, type Window, windowPads } from "../../shapes/window.ts";
import type { Form, Surroundings } from "./fit-to-webgpu.ts";

/** MaxUnpool of a gradient, or its sum over overlapping windows, where the positions are those of a MaxPool. */
export const maxPoolGradient: Form = (node, around) => {
  const found = gradientOf(node, around);
  if (!found) return;
  const { m } = around;
  const [x, y] = [found.pool.inputs[0], found.pool.outputs[0]];
  const shapes = [x, y, found.gradient].map((name) => lengthsOf(m.graph.typeOf(name)?.shape));
  if (shapes.includes(undefined)) return;
  const dx = spread(m, found.pool, found.gradient);
  return [m.reshape(dx, m.graph.shapeOf(node.outputs[0]))];
};

interface PoolGradient {
  readonly pool: OnnxNode;
  /** Of the pool's output. */
  readonly gradient: Term;
}

/** The two ways in which gradients of pools use positions (gradients/pooling.ts). */
function gradientOf(node: OnnxNode, { makerOf }: Surroundings): PoolGradient | undefined {
  if (node.operator === "MaxUnpool") return poolOf(node.inputs[1], node.inputs[0], makerOf);
  const adds = readAttributes(node);
  if (node.operator !== "ScatterElements" || adds.text("reduction", "none") !== "add") return;
  const [places, values] = node.inputs.slice(1).map(makerOf);
  if (places?.operator !== "Reshape" || values?.operator !== "Reshape") return;
  return poolOf(places.inputs[0], values.inputs[0], makerOf);
}

function poolOf(
  positions: Term,
  gradient: Term,
  makerOf: Surroundings["makerOf"],
): PoolGradient | undefined {
  const pool = makerOf(positions);
  const isPool = pool?.operator === "MaxPool" && pool.outputs[1] === positions;
  return isPool && readAttributes(pool).int("storage_order", 0) === 0
    ? { pool, gradient }
    : undefined;
}

/** Σ over windows: each gradient at the first largest element of its window. */
function spread(m: Algebra, pool: OnnxNode, gradient: Term): Term {
  const [x, y] = [pool.inputs[0], pool.outputs[0]];
  const [input, output] = [m.graph.shapeOf(x), m.graph.shapeOf(y)];
  const layout = layoutOf(pool, input.slice(2), output.slice(2));
  const images = input[0] * input[1];
  const [imagesIn, ...imagesOut] = [
    m.reshape(x, [images, 1, ...input.slice(2)]),
    ...[y, gradient].map((term) => m.reshape(term, [images, 1, ...output.slice(2)])),
  ];
  const kernels = m.graph.constant(layout.kernels, "windows");
  const windows = m.op("Conv", [imagesIn, kernels], layout.forward);
  const order = m.graph.constant(layout.order, "order");
  const places = m.where(m.compare("Equal", windows, imagesOut[0]), order, 0);
  const first = m.op("ReduceMax", [places, m.lengths([1])], { keepdims: int(1) });
  const chosen = m.where(m.compare("Equal", places, first), imagesOut[1], 0);
  return m.op("ConvTranspose", [chosen, kernels], layout.backward);
}

/** Kernels [K, 1, size…] and what else lays windows of an axis length out and puts them back. */
function layoutOf(pool: OnnxNode, input: readonly number[], output: readonly number[]) {
  const window = readWindow(readAttributes(pool), readAttributes(pool).ints("kernel_shape") ?? []);
  const { kernel, strides, dilations } = window;
  const { before } = windowPads(window, input);
  const reach = kernel.map((length, axis) => (length - 1) * dilations[axis] + 1);
  const end = output.map((count, axis) => (count - 1) * strides[axis] + reach[axis]);
  const beyond = end.map((length, axis) => length - before[axis] - input[axis]);
  const pads = ints([...before, ...beyond.map((length) => Math.max(0, length))]);
  const shared = { kernel_shape: ints(kernel), strides: ints(strides), dilations: ints(dilations) };
  return {
    kernels: oneEach(kernel),
    order: orderInWindow(window, { before, input, output }),
    forward: { ...shared, pads },
    backward: { ...shared, pads, output_padding: ints(beyond.map((n) => Math.max(0, -n))) },
  };
}

/** For each element of a window a kernel that has 1 there and 0 elsewhere. */
function oneEach(kernel: readonly number[]): OnnxTensor {
  const count = kernel.reduce((product, length) => product * length, 1);
  const data = new Float32Array(count * count);
  for (let at = 0; at < count; at++) data[at * (count + 1)] = 1;
  return { type: "float32", shape: [count, 1, ...kernel], data };
}

/**
 * [1, K, output…]: K for the first element of a window, 1 for the last, 0 for one that lies in the padding. Where no window
 * reaches out of the input, one entry serves all windows.
 */
function orderInWindow(
  { kernel, strides, dilations }: Window,
  { before, input, output }: Record<"before" | "input" | "output", readonly number[]>,
): OnnxTensor {
  const isInside = output.every((count, axis) => {
    const end = (count - 1) * strides[axis] + (kernel[axis] - 1) * dilations[axis];
    return before[axis] === 0 && end < input[axis];
  });
  const places = isInside ? output.map(() => 1) : [...output];
  const [size, count] = [kernel, places].map((lengths) => lengths.reduce((a, b) => a * b, 1));
  const data = new Float32Array(size * count);
  for (let at = 0; at < data.length; at++) {
    const element = Math.floor(at / count);
    const [steps, place] = [unravel(element, kernel), unravel(at % count, places)];
    const isThere = steps.every((step, axis) => {
      const position = place[axis] * strides[axis] - before[axis] + step * dilations[axis];
      return position >= 0 && position < input[axis];
    });
    data[at] = isThere ? size - element : 0;
  }
  return { type: "float32", shape: [1, size, ...places], data };
}

/** The index along every axis of an element, the last axis fastest. */
function unravel(element: number, lengths: readonly number[]): number[] {
  let rest = element;
  return lengths
    .toReversed()
    .map((length) => {
      const index = rest % length;
      rest = Math.floor(rest / length);
      return index;
    })
    .toReversed();
}
