// Gradients of batch normalisation and of normalisation across channels.
// Ioffe, Szegedy: "Batch Normalization", 2015, section 3; Krizhevsky, Sutskever, Hinton: "ImageNet Classification", 2012.

import type { Algebra, Term } from "../algebra.ts";
import { int, ints } from "../model.ts";
import {
  axesUpTo,
  type ForwardNode,
  type GradientRule,
  type GradientRules,
  rankOf,
} from "./rule.ts";

/** y = scale x̂ + bias, x̂ = (x − μ) r, r = 1/√(σ² + ε); in training μ and σ² are the batch's own. */
const batchNormalization: GradientRule = (node, m, dy) =>
  node.int("training_mode", 0) === 1 ? inTraining(node, m, dy) : inInference(node, m, dy);

/** A vector with one entry a channel, to broadcast against [batch, channel, size…]. */
function column(m: Algebra, vector: Term, rank: number): Term {
  return m.reshape(vector, [-1, ...axesUpTo(rank - 2).map(() => 1)]);
}

/** dbias = Σ dy, dscale = Σ dy x̂, dx = scale r (dy − dbias/n − x̂ dscale/n), each sum over all but the channels. */
function inTraining(node: ForwardNode, m: Algebra, dy: Term): (Term | undefined)[] {
  const [x, scale] = node.inputs;
  if (node.gradient(1) || node.gradient(2)) node.fail("running statistics have no gradient");
  const rank = rankOf(m, x);
  const axes = axesUpTo(rank).filter((axis) => axis !== 1);
  const keep = { axes, keepDims: true };
  const centred = m.sub(x, m.mean(x, keep));
  const variance = m.mean(m.mul(centred, centred), keep);
  const r = m.div(1, m.sqrt(m.add(variance, node.float("epsilon", 1e-5))));
  const along = m.mul(dy, centred);
  const dx = () => {
    // Vectors of channels come first, so that only three passes go over the whole tensor.
    const slope = m.mul(m.mul(r, r), m.mean(along, keep));
    const centredGradient = m.sub(dy, m.mean(dy, keep));
    return m.mul(m.mul(column(m, scale, rank), r), m.sub(centredGradient, m.mul(centred, slope)));
  };
  return [
    node.wants(0) ? dx() : undefined,
    node.wants(1) ? m.reshape(m.mul(m.sum(along, keep), r), [-1]) : undefined,
    node.wants(2) ? m.sum(dy, { axes }) : undefined,
  ];
}

/** μ and σ² are inputs: dμ = −scale r Σ dy, dσ² = −scale r³ Σ dy (x − μ) / 2. */
function inInference(node: ForwardNode, m: Algebra, dy: Term): (Term | undefined)[] {
  const [x, scale, , mean, variance] = node.inputs;
  const rank = rankOf(m, x);
  const axes = axesUpTo(rank).filter((axis) => axis !== 1);
  const r = m.div(1, m.sqrt(m.add(variance, node.float("epsilon", 1e-5))));
  const factor = m.mul(scale, r);
  const dBias = () => m.sum(dy, { axes });
  const along = () => m.sum(m.mul(dy, m.sub(x, column(m, mean, rank))), { axes });
  return [
    node.wants(0) ? m.mul(dy, column(m, factor, rank)) : undefined,
    node.wants(1) ? m.mul(along(), r) : undefined,
    node.wants(2) ? dBias() : undefined,
    node.wants(3) ? m.neg(m.mul(dBias(), factor)) : undefined,
    node.wants(4) ? m.mul(m.mul(along(), factor), m.mul(-0.5, m.mul(r, r))) : undefined,
  ];
}

/**
 * LRN: y = x s^−β, s = k + α/n Σ x² over n neighbouring channels, so
 * dx = s^−β dy − 2αβ/n x Σ s^(−β−1) x dy, over the channels whose neighbour x is.
 */
const localResponse: GradientRule = (node, m, dy) => {
  const [x] = node.inputs;
  const size = node.int("size", 1);
  const [alpha, beta] = [node.float("alpha", 1e-4), node.float("beta", 0.75)];
  const [before, after] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)];
  const squares = channelMean(m, m.mul(x, x), { size, before, after });
  const s = m.add(node.float("bias", 1), m.mul(alpha, squares));
  const y = m.div(m.mul(m.mul(x, dy), m.pow(s, -beta)), s);
  const spread = channelMean(m, y, { size, before: after, after: before });
  return [m.sub(m.mul(m.pow(s, -beta), dy), m.mul(m.mul(2 * alpha * beta, x), spread))];
};

/** Mean over neighbouring channels, those beyond the ends counted as 0. */
function channelMean(
  m: Algebra,
  term: Term,
  { size, before, after }: { size: number; before: number; after: number },
): Term {
  const [batch, channels, ...rest] = m.graph.shapeOf(term);
  const plane = m.reshape(term, [batch, 1, channels, rest.reduce((all, one) => all * one, 1)]);
  const mean = m.op("AveragePool", [plane], {
    kernel_shape: ints([size, 1]),
    pads: ints([before, 0, after, 0]),
    count_include_pad: int(1),
  });
  return m.reshape(mean, [batch, channels, ...rest]);
}

/** Rules by operator. */
export const batchNormalizationGradients: GradientRules = {
  BatchNormalization: batchNormalization,
  LRN: localResponse,
};
