// Softmax, LogSoftmax and Hardmax: until opset 12 over all axes from `axis` on at once, since 13 over one.

import { readAttributes } from "../../attributes.ts";
import { int } from "../../model.ts";
import { forEach, nodeBeside, type Step, type Steps, withAttributes } from "./step.ts";

/** Where more than one axis is meant, the input goes through a matrix: [before `axis`, from it on]. */
const overOneAxis: Step = (node, at) => {
  const axis = readAttributes(node).int("axis", 1);
  const rank = at.typeOf(node.inputs[0])?.shape?.length;
  const isLast = axis === -1 || (rank !== undefined && axis === rank - 1);
  if (isLast) return [withAttributes(node, { axis: int(-1) })];
  const shape = nodeBeside(at, "Shape", [node.inputs[0]]);
  const matrix = nodeBeside(at, "Flatten", [node.inputs[0]], { attributes: { axis: int(axis) } });
  const result = at.fresh(`${node.name || node.operator}:matrix`);
  const normalised = {
    ...withAttributes(node, { axis: int(-1) }),
    inputs: matrix.outputs,
    outputs: [result],
  };
  const inputs = [result, shape.outputs[0]];
  const back = nodeBeside(at, "Reshape", inputs, { output: node.outputs[0] });
  return [shape, matrix, normalised, back];
};

/** Steps to opset 13. */
export const softmaxTo13: Steps = forEach("Softmax LogSoftmax Hardmax", overOneAxis);
