// Gradients of operators that only rearrange elements: the arrangement undone.

import type { GradientRule } from "./rule.ts";

/** Reshape, Flatten, Squeeze, Unsqueeze: back to the input's shape. */
const reshaped: GradientRule = ({ inputs }, m, dy) => [m.reshape(dy, m.shapeTensor(inputs[0]))];

/** Transpose: by the inverse order. */
const transpose: GradientRule = (node, m, dy) => {
  const rank = m.graph.shapeOf(node.inputs[0]).length;
  const order = node.ints("perm") ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  return [
    m.transpose(
      dy,
      order.map((_, axis) => order.indexOf(axis)),
    ),
  ];
};

/** Rules by operator. */
export const layoutGradients: Readonly<Record<string, GradientRule>> = {
  Reshape: reshaped,
  Flatten: reshaped,
  Squeeze: reshaped,
  Unsqueeze: reshaped,
  Transpose: transpose,
};
