// Evaluation of the losses that ONNX has as operators.

import { elementCount } from "../../base/index.ts";
import { logSoftmaxLine } from "./activation.ts";
import type { Numbers } from "./plain-tensor.ts";
import { mapLines, numbers } from "./positions.ts";
import { sumOf } from "./reduction.ts";
import type { EvaluatedNode, EvaluationRule, EvaluationRules } from "./rule.ts";

/** −w[label] · score[label], reduced; labels equal to `ignore_index` do not count. */
function likelihood(node: EvaluatedNode, scores: Numbers): Numbers {
  const [labels, weights] = [node.input(1), node.optional(2)];
  const ignored = node.has("ignore_index") ? node.int("ignore_index", 0) : undefined;
  const classes = scores.shape[1];
  const size = elementCount(scores.shape.slice(2));
  const weightOf = (label: number) => (label === ignored ? 0 : weights ? weights.data[label] : 1);
  const losses = labels.data.map((label, at) => {
    if (label === ignored) return 0;
    const place = (Math.floor(at / size) * classes + label) * size + (at % size);
    return -weightOf(label) * scores.data[place];
  });
  const reduction = node.text("reduction", "mean");
  if (reduction === "none") return numbers(labels.shape, losses, scores.type);
  const total = reduction === "mean" ? sumOf(labels.data.map(weightOf)) : 1;
  return numbers([], [sumOf(losses) / total], scores.type);
}

const negativeLogLikelihood: EvaluationRule = (node) => [likelihood(node, node.input(0))];

/** SoftmaxCrossEntropyLoss: also gives the logarithms of the probabilities. */
const crossEntropy: EvaluationRule = (node) => {
  const logs = mapLines(node.input(0), [1], logSoftmaxLine);
  return [likelihood(node, logs), logs];
};

/** Rules by operator. */
export const lossRules: EvaluationRules = {
  NegativeLogLikelihoodLoss: negativeLogLikelihood,
  SoftmaxCrossEntropyLoss: crossEntropy,
};
