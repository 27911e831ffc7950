// Gradients of operators that only rearrange or repeat elements: the arrangement undone.

import { int, text } from "../model.ts";
import { axesUpTo, type GradientRule, type GradientRules, rankOf, unbroadcast } from "./rule.ts";

/** Reshape, Flatten, Squeeze, Unsqueeze: back to the input's shape. */
const reshaped: GradientRule = ({ inputs }, m, dy) => [m.reshape(dy, m.shapeTensor(inputs[0]))];

/** Transpose: by the inverse order. */
const transpose: GradientRule = (node, m, dy) => {
  const order = node.ints("perm") ?? axesUpTo(rankOf(m, dy)).toReversed();
  return [
    m.transpose(
      dy,
      order.map((_, axis) => order.indexOf(axis)),
    ),
  ];
};

/** Expand: summed over the axes that were broadcast. */
const expand: GradientRule = ({ inputs: [x] }, m, dy) => [unbroadcast(m, dy, x)];

/** Tile: summed over the copies. */
const tile: GradientRule = ({ inputs: [x] }, m, dy) => {
  const [shape, tiled] = [m.graph.shapeOf(x), m.graph.shapeOf(dy)];
  const copies = tiled.map((length, axis) => (shape[axis] ? length / shape[axis] : 1));
  const split: number[] = [];
  const axes: number[] = [];
  for (const [axis, count] of copies.entries()) {
    if (count !== 1) axes.push(split.push(count) - 1);
    split.push(shape[axis]);
  }
  return [axes.length === 0 ? dy : m.sum(m.reshape(dy, split), { axes })];
};

/** DepthToSpace: SpaceToDepth, which knows the order DCR only. */
const depthToSpace: GradientRule = (node, m, dy) => {
  const size = node.int("blocksize", 1);
  if (node.text("mode", "DCR") === "DCR") {
    return [m.op("SpaceToDepth", [dy], { blocksize: int(size) })];
  }
  const [batch, channels, height, width] = m.graph.shapeOf(dy);
  const blocks = m.reshape(dy, [batch, channels, height / size, size, width / size, size]);
  const gathered = m.transpose(blocks, [0, 1, 3, 5, 2, 4]);
  return [m.reshape(gathered, [batch, channels * size * size, height / size, width / size])];
};

/** SpaceToDepth: DepthToSpace in the order DCR. */
const spaceToDepth: GradientRule = (node, m, dy) => [
  m.op("DepthToSpace", [dy], { blocksize: int(node.int("blocksize", 1)), mode: text("DCR") }),
];

/** Trilu: the part that was kept. */
const trilu: GradientRule = (node, m, dy) => [
  m.op("Trilu", node.inputs[1] ? [dy, node.inputs[1]] : [dy], { upper: int(node.int("upper", 1)) }),
];

/** ReverseSequence: the same once more. */
const reverseSequence: GradientRule = (node, m, dy) => [
  m.op("ReverseSequence", [dy, node.inputs[1]], {
    batch_axis: int(node.int("batch_axis", 1)),
    time_axis: int(node.int("time_axis", 0)),
  }),
];

/** Rules by operator. */
export const layoutGradients: GradientRules = {
  Reshape: reshaped,
  Flatten: reshaped,
  Squeeze: reshaped,
  Unsqueeze: reshaped,
  Transpose: transpose,
  Expand: expand,
  Tile: tile,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  Trilu: trilu,
  ReverseSequence: reverseSequence,
};
