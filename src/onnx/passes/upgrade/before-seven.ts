// Operators as they were before opset 7: broadcasting by attributes, hints for buffers, names in place of numbers.

import { readAttributes } from "../../attributes.ts";
import { elementTypes } from "../../file/schema.ts";
import { type Attribute, int, ints } from "../../model.ts";
import { forEach, nodeBeside, type Step, type Steps, withAttributes } from "./step.ts";

/** Since opset 7 shapes align from the right as in numpy; before, the second started at `axis` of the first. */
const alignedRight: Step = (node, at) => {
  const { axis } = node.attributes;
  const plain = withAttributes(node, { axis: undefined, broadcast: undefined });
  if (axis?.kind !== "int" || readAttributes(node).int("broadcast", 0) === 0) return [plain];
  const [left, right] = node.inputs.map((name) => at.typeOf(name)?.shape?.length);
  if (left === undefined || right === undefined)
    return at.fail("the ranks of its inputs are unknown");
  const start = Number(axis.value) < 0 ? Number(axis.value) + left : Number(axis.value);
  const missing = left - start - right;
  if (missing <= 0) return [plain];
  const axes = ints(Array.from({ length: missing }, (_, index) => right + index));
  const wide = nodeBeside(at, "Unsqueeze", [node.inputs[1]], { attributes: { axes } });
  return [wide, { ...plain, inputs: [node.inputs[0], wide.outputs[0]] }];
};

/** "FLOAT" as 1, and so on. */
const numberOfType: Step = (node) => {
  const { to } = node.attributes;
  if (to?.kind !== "string") return [node];
  const aliases: Record<string, string> = { float: "float32", double: "float64" };
  const name = to.value.toLowerCase();
  const number = new Map<string, number>(Object.entries(elementTypes)).get(aliases[name] ?? name);
  return [withAttributes(node, { to: int(number ?? 0) })];
};

const renamed =
  (from: string, to: string): Step =>
  (node) => {
    const value: Attribute | undefined = node.attributes[from] ?? node.attributes[to];
    return [withAttributes(node, { [from]: undefined, [to]: value })];
  };

const withoutBufferHints: Step = (node) => [withAttributes(node, { consumed_inputs: undefined })];

const hinted =
  "Abs Add BatchNormalization Ceil Clip Div Dropout Elu Exp Floor HardSigmoid InstanceNormalization LeakyRelu Log Max " +
  "Mean Min Mul Neg PRelu Reciprocal Relu Selu Sigmoid Sqrt Sub Sum Tanh";

export const beforeTo2: Steps = { Pad: renamed("paddings", "pads") };
export const beforeTo4: Steps = {
  Concat: (node) => [withAttributes(node, { axis: node.attributes.axis ?? int(1) })],
};
export const beforeTo6: Steps = { ...forEach(hinted, withoutBufferHints), Cast: numberOfType };
export const beforeTo7: Steps = {
  ...forEach("Add Sub Mul Div Pow And Or Xor Equal Greater Less", alignedRight),
  Gemm: (node) => [withAttributes(node, { broadcast: undefined })],
};
