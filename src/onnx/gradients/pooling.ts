// Gradients of pools.

import { ints, text } from "../model.ts";
import { readWindow, windowPads } from "../shapes/window.ts";
import type { GradientRule } from "./rule.ts";

/** MaxPool: each output's gradient goes to the element that it was taken from. */
const maxPool: GradientRule = (node, m, dy) => {
  const shape = m.graph.shapeOf(node.inputs[0]);
  const { kernel, strides, ...window } = readWindow(node, node.ints("kernel_shape") ?? []);
  const { before, after } = windowPads({ kernel, strides, ...window }, shape.slice(2));
  const indices = node.outputs[1] || m.graph.extraOutput(node.outputs[0], 1);
  const isApart = kernel.every((length, axis) => length <= strides[axis]);
  const isPlain =
    [...before, ...after].every((pad) => pad === 0) && window.dilations.every((d) => d === 1);
  if (isApart && isPlain && kernel.every((length, axis) => length === strides[axis])) {
    const attributes = { kernel_shape: ints(kernel), strides: ints(strides) };
    return [m.op("MaxUnpool", [dy, indices, m.lengths(shape)], attributes)];
  }
  const count = shape.reduce((product, length) => product * length, 1);
  const empty = m.op("Expand", [m.scalarLike(0, dy), m.lengths([count])]);
  const flat = [m.reshape(indices, [-1]), m.reshape(dy, [-1])];
  return [m.reshape(m.op("ScatterElements", [empty, ...flat], { reduction: text("add") }), shape)];
};

/** Rules by operator. */
export const poolingGradients: Readonly<Record<string, GradientRule>> = { MaxPool: maxPool };
