// Gradients of ONNX's losses: negative log likelihood, with softmax before it or not.

import type { Algebra, Term } from "../algebra.ts";
import type { ForwardNode, GradientRule, GradientRules } from "./rule.ts";

/** loss = −Σ w log p of the right class, so the gradient by log p is −w there. */
const negativeLogLikelihood: GradientRule = (node, m, dy) => {
  const { weights, oneHot } = labelled(node, m, dy);
  return [m.neg(m.mul(oneHot, weights))];
};

/** With log p = log softmax x: w (p − one-hot), and through the second output as LogSoftmax has it. */
const softmaxCrossEntropy: GradientRule = (node, m) => {
  const logProbabilities = node.output(1);
  const probabilities = m.exp(logProbabilities);
  const lossGradient = node.gradient(0);
  const own = node.gradient(1);
  const throughLoss = (gradient: Term) => {
    const { weights, oneHot } = labelled(node, m, gradient);
    return m.mul(m.sub(probabilities, oneHot), weights);
  };
  const throughOutput = (gradient: Term) => {
    const total = m.sum(gradient, { axes: [1], keepDims: true });
    return m.sub(gradient, m.mul(probabilities, total));
  };
  const terms = [
    ...(lossGradient ? [throughLoss(lossGradient)] : []),
    ...(own ? [throughOutput(own)] : []),
  ];
  return [terms.length === 1 ? terms[0] : m.add(terms[0], terms[1])];
};

/** The right class of each sample one-hot along axis 1, and the sample's weight times the gradient of its loss. */
function labelled(node: ForwardNode, m: Algebra, dy: Term): { weights: Term; oneHot: Term } {
  const [x, labels, classWeights] = node.inputs;
  if (node.wants(2)) node.fail("class weights have no gradient");
  const classes = m.graph.shapeOf(x)[1];
  const ignored = node.has("ignore_index")
    ? m.compare("Equal", labels, node.int("ignore_index", 0))
    : undefined;
  const known = ignored ? m.where(ignored, 0, labels) : labels;
  const given = classWeights
    ? m.op("Gather", [classWeights, known])
    : m.op("Expand", [m.scalarLike(1, x), m.shapeTensor(labels)]);
  const weights = ignored ? m.where(ignored, 0, given) : given;
  const oneHot = m.op("OneHot", [known, m.lengths([classes]), onAndOff(m, x)], {
    axis: { kind: "int", value: 1 },
  });
  return { weights: asColumn(m, shared(node, m, weights, dy), labels), oneHot };
}

/** The gradient of each sample's loss: dy, over the sum of the weights where the mean was taken. */
function shared(node: ForwardNode, m: Algebra, weights: Term, dy: Term): Term {
  const isMean = node.text("reduction", "mean") === "mean";
  return m.mul(weights, isMean ? m.div(dy, m.sum(weights)) : dy);
}

/** With the class axis, of length 1. */
function asColumn(m: Algebra, term: Term, labels: Term): Term {
  const [batch, ...size] = m.graph.shapeOf(labels);
  return m.reshape(term, [batch, 1, ...size]);
}

/** [0, 1] in the element type of a tensor. */
function onAndOff(m: Algebra, like: Term): Term {
  const pair = [0, 1].map((value) => m.reshape(m.scalarLike(value, like), [1]));
  return m.op("Concat", pair, { axis: { kind: "int", value: 0 } });
}

/** Rules by operator. */
export const lossGradients: GradientRules = {
  NegativeLogLikelihoodLoss: negativeLogLikelihood,
  SoftmaxCrossEntropyLoss: softmaxCrossEntropy,
};
