// Shapes of normalisations, Dropout and losses.

import type { TensorType } from "../model.ts";
import { axisAttribute } from "./arguments.ts";
import { typeAttribute } from "./element-type.ts";
import type { InferredNode, ShapeRule, ShapeRules } from "./rule.ts";

const likeInput: ShapeRule = (node) => [node.input(0)];

/** BatchNormalization: in training also running mean and variance, like those that go in. */
const batch: ShapeRule = (node) => {
  const [x, mean, variance] = [node.input(0), node.input(3), node.input(4)];
  return [x, mean, variance, mean, variance];
};

/** LayerNormalization, RMSNormalization: mean and 1/deviation with length 1 along the normalised axes. */
const layer: ShapeRule = (node) => {
  const x = node.input(0);
  if (!x?.shape) return [x];
  const first = axisAttribute(node, x.shape.length, -1);
  const shape = x.shape.map((length, axis) => (axis < first ? length : 1));
  const type = typeAttribute(node, "stash_type", "float32");
  return [x, { type, shape }, { type, shape }];
};

/** Dropout: the mask is bool since opset 10. */
const dropout: ShapeRule = (node) => {
  const x = node.input(0);
  return [x, x && { type: node.opset >= 10 ? "bool" : x.type, shape: x.shape }];
};

/** NegativeLogLikelihoodLoss: one number, or one for every label. */
function likelihood(node: InferredNode): (TensorType | undefined)[] {
  const [scores, labels] = [node.input(0), node.input(1)];
  // Labels have the shape of the scores without their channel axis.
  const each = labels?.shape ?? scores?.shape?.toSpliced(1, 1);
  const shape = node.text("reduction", "mean") === "none" ? each : [];
  return [scores && { type: scores.type, shape }];
}

/** SoftmaxCrossEntropyLoss: the loss and the logarithms of the probabilities. */
const crossEntropy: ShapeRule = (node) => [...likelihood(node), node.input(0)];

/** Rules by operator. */
export const normalizationShapes: ShapeRules = {
  BatchNormalization: batch,
  InstanceNormalization: likeInput,
  GroupNormalization: likeInput,
  LayerNormalization: layer,
  RMSNormalization: likeInput,
  LRN: likeInput,
  MeanVarianceNormalization: likeInput,
  LpNormalization: likeInput,
  Dropout: dropout,
  NegativeLogLikelihoodLoss: likelihood,
  SoftmaxCrossEntropyLoss: crossEntropy,
};
