// Evaluation of operators that only rearrange elements.

import { reshaped, transposed } from "./positions.ts";
import type { EvaluationRule, EvaluationRules } from "./rule.ts";

/** Reshape, Flatten, Squeeze, Unsqueeze: the same elements in the shape that inference gives. */
const sameElements: EvaluationRule = (node) => [reshaped(node.any(0), node.outputShape())];

const transpose: EvaluationRule = (node) => {
  const x = node.any(0);
  const reversed = x.shape.map((_, axis) => x.shape.length - 1 - axis);
  return [transposed(x, node.ints("perm") ?? reversed)];
};

/** DepthToSpace: the block lies before the channels ("DCR") or after them ("CRD"). */
const depthToSpace: EvaluationRule = (node) => {
  const x = node.any(0);
  const block = node.int("blocksize", 1);
  const [batch, channels, height, width] = x.shape;
  const depth = channels / block ** 2;
  const isBlockFirst = node.text("mode", "DCR") === "DCR";
  const split = isBlockFirst
    ? reshaped(x, [batch, block, block, depth, height, width])
    : reshaped(x, [batch, depth, block, block, height, width]);
  const order = isBlockFirst ? [0, 3, 4, 1, 5, 2] : [0, 1, 4, 2, 5, 3];
  return [reshaped(transposed(split, order), node.outputShape())];
};

const spaceToDepth: EvaluationRule = (node) => {
  const x = node.any(0);
  const block = node.int("blocksize", 1);
  const [batch, depth, height, width] = x.shape;
  const split = reshaped(x, [batch, depth, height / block, block, width / block, block]);
  return [reshaped(transposed(split, [0, 3, 5, 1, 2, 4]), node.outputShape())];
};

/** Rules by operator. */
export const layoutRules: EvaluationRules = {
  Reshape: sameElements,
  Flatten: sameElements,
  Squeeze: sameElements,
  Unsqueeze: sameElements,
  Transpose: transpose,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
};
