// Shapes of operators that work element by element: outputs have the broadcast shape of the inputs.

import type { ElementType, TensorType } from "../model.ts";
import { broadcastShapes } from "./broadcast.ts";
import type { InferredNode, ShapeRule, ShapeRules } from "./rule.ts";

/** The output is like the first input. */
const likeInput: ShapeRule = (node) => [node.input(0)];

/** The output has the broadcast shape of all inputs and the type of the first, or the one given. */
function broadcast(type?: ElementType): ShapeRule {
  return (node) => {
    const inputs = Array.from({ length: node.inputCount }, (_, index) => node.input(index));
    return [joined(node, inputs, type ?? inputs[0]?.type)];
  };
}

/** Where: the second and third input give the type. */
const where: ShapeRule = (node) => {
  const inputs = [node.input(0), node.input(1), node.input(2)];
  return [joined(node, inputs, inputs[1]?.type ?? inputs[2]?.type)];
};

function joined(
  node: InferredNode,
  inputs: readonly (TensorType | undefined)[],
  type: ElementType | undefined,
): TensorType | undefined {
  if (!type) return undefined;
  if (!inputs.every((input) => input?.shape)) return { type };
  const shape = broadcastShapes(inputs.map((input) => input?.shape ?? []));
  return { type, shape: shape ?? node.fail("shapes that broadcast: equal from the right, or 1") };
}

const unary =
  "Abs Acos Acosh Asin Asinh Atan Atanh BitwiseNot Ceil Celu Clip Cos Cosh Elu Erf Exp Floor Gelu HardSigmoid " +
  "HardSwish Hardmax Identity LeakyRelu Log LogSoftmax Mish Neg Not Reciprocal Relu Round Selu Shrink Sigmoid Sign Sin " +
  "Sinh Softmax Softplus Softsign Sqrt Swish Tan Tanh ThresholdedRelu PRelu";
const broadcasting =
  "Add Sub Mul Div Pow Mod Max Min Mean Sum And Or Xor BitShift BitwiseAnd BitwiseOr BitwiseXor";
const comparisons = "Equal Greater GreaterOrEqual Less LessOrEqual";

/** Rules by operator. */
export const elementwiseShapes: ShapeRules = {
  ...Object.fromEntries(unary.split(" ").map((operator) => [operator, likeInput])),
  ...Object.fromEntries(broadcasting.split(" ").map((operator) => [operator, broadcast()])),
  ...Object.fromEntries(comparisons.split(" ").map((operator) => [operator, broadcast("bool")])),
  Where: where,
};
