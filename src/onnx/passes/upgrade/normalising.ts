// BatchNormalization, Dropout and GroupNormalization through the versions.

import { readAttributes } from "../../attributes.ts";
import { elementTypes } from "../../file/schema.ts";
import { int, type OnnxNode } from "../../model.ts";
import { int64, nodeBeside, type Step, type Steps, toInputs, withAttributes } from "./step.ts";

/** Until opset 8 `spatial` = 0 normalised every position apart: γ (x − μ) / √(σ² + ε) + β, broadcast over the batch. */
const withoutSpatial: Step = (node, at) => {
  const attributes = readAttributes(node);
  if (attributes.int("spatial", 1) === 1) return [withAttributes(node, { spatial: undefined })];
  const [x, scale, bias, mean, variance] = node.inputs;
  const epsilon = at.constant({
    type: "float32",
    shape: [],
    data: Float32Array.of(attributes.float("epsilon", 1e-5)),
  });
  const centred = nodeBeside(at, "Sub", [x, mean]);
  const moved = nodeBeside(at, "Add", [variance, epsilon]);
  const deviation = nodeBeside(at, "Sqrt", moved.outputs);
  const scaled = nodeBeside(at, "Mul", [centred.outputs[0], scale]);
  const normal = nodeBeside(at, "Div", [scaled.outputs[0], deviation.outputs[0]]);
  const output = node.outputs[0];
  const shifted = nodeBeside(at, "Add", [normal.outputs[0], bias], { output });
  return [centred, moved, deviation, scaled, normal, shifted];
};

/** Opset 14 says with an attribute what more than one output said: that the statistics are those of the batch. */
const withTrainingMode: Step = (node, at) => {
  const used = node.outputs.map((name, index) => index === 0 || (name !== "" && at.isUsed(name)));
  if (used[3] || used[4]) at.fail("the saved mean and variance that it gives are gone in opset 14");
  if (!used.includes(true, 1)) return [{ ...node, outputs: node.outputs.slice(0, 1) }];
  const outputs = node.outputs.slice(0, 3);
  return [withAttributes({ ...node, outputs }, { training_mode: int(1) })];
};

/** The mask of Dropout is bool since opset 10. */
const boolMask: Step = (node, at) => {
  const [y, mask = ""] = node.outputs;
  if (!mask || !at.isUsed(mask)) return [{ ...node, outputs: [y] }];
  const type = at.typeOf(node.inputs[0])?.type ?? "float32";
  const bool = at.fresh(`${mask}:bool`);
  const attributes = { to: int(elementTypes[type]) };
  const cast = nodeBeside(at, "Cast", [bool], { attributes, output: mask });
  return [{ ...node, outputs: [y, bool] }, cast];
};

/** Scale and bias are one a channel since opset 21, where they were one a group. */
const scaleByChannel: Step = (node, at) => {
  const [x, scale, bias] = node.inputs;
  const groups = readAttributes(node).int("num_groups", 1);
  const count = nodeBeside(at, "Shape", [x], { attributes: { start: int(1), end: int(2) } });
  const perGroup = nodeBeside(at, "Div", [count.outputs[0], at.constant(int64([groups]))]);
  const target = nodeBeside(at, "Concat", [at.constant(int64([groups])), perGroup.outputs[0]], {
    attributes: { axis: int(0) },
  });
  const repeat = (name: string): OnnxNode[] => {
    const column = nodeBeside(at, "Unsqueeze", [name, at.constant(int64([1]))]);
    const table = nodeBeside(at, "Expand", [column.outputs[0], target.outputs[0]]);
    const flat = nodeBeside(at, "Reshape", [table.outputs[0], at.constant(int64([-1]))]);
    return [column, table, flat];
  };
  const [scales, biases] = [repeat(scale), repeat(bias)];
  const inputs = [x, scales[2].outputs[0], biases[2].outputs[0]];
  return [count, perGroup, target, ...scales, ...biases, { ...node, inputs }];
};

export const normalisingTo7: Steps = {
  BatchNormalization: (node) => [withAttributes(node, { is_test: undefined })],
  Dropout: (node) => [withAttributes(node, { is_test: undefined })],
};
export const normalisingTo9: Steps = { BatchNormalization: withoutSpatial };
export const normalisingTo10: Steps = { Dropout: boolMask };
export const normalisingTo12: Steps = { Dropout: toInputs({ ratio: 1 }) };
export const normalisingTo14: Steps = { BatchNormalization: withTrainingMode };
export const normalisingTo21: Steps = { GroupNormalization: scaleByChannel };
