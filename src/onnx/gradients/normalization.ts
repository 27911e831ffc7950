// Gradients of normalisations over a group of elements: x̂ = (x − μ) r with r = 1/√(σ² + ε), y = scale x̂ + bias.
// Ba, Kiros, Hinton: "Layer Normalization", 2016; the derivative as Ioffe, Szegedy: "Batch Normalization", 2015, section 3.

import type { Algebra, Term } from "../algebra.ts";
import {
  axesUpTo,
  composed,
  type ForwardNode,
  type GradientRule,
  type GradientRules,
  rankOf,
  unbroadcast,
} from "./rule.ts";

/** What was normalised, with the axes over which its mean and variance were taken. */
interface Normalized {
  /** x̂. */
  readonly normal: Term;
  /** r, with length 1 along the axes. */
  readonly scale: Term;
  readonly axes: readonly number[];
}

/** dx = r (dx̂ − mean dx̂ − x̂ mean(x̂ dx̂)). */
function throughNormalization(m: Algebra, { normal, scale, axes }: Normalized, d: Term): Term {
  const along = m.mean(m.mul(d, normal), { axes, keepDims: true });
  const centred = m.sub(d, m.mean(d, { axes, keepDims: true }));
  return m.mul(scale, m.sub(centred, m.mul(normal, along)));
}

/** x̂ and r from x. */
function normalized(
  m: Algebra,
  x: Term,
  { axes, epsilon }: { axes: readonly number[]; epsilon: number },
): Normalized {
  const centred = m.sub(x, m.mean(x, { axes, keepDims: true }));
  const variance = m.mean(m.mul(centred, centred), { axes, keepDims: true });
  const scale = m.div(1, m.sqrt(m.add(variance, epsilon)));
  return { normal: m.mul(centred, scale), scale, axes };
}

/** LayerNormalization: over the axes from `axis` on; μ and r are its outputs. */
const layerNormalization: GradientRule = (node, m, dy) => {
  const [x, scale, bias] = node.inputs;
  if (node.gradient(1) || node.gradient(2))
    return node.fail("only its first output has a gradient");
  const rank = rankOf(m, x);
  const axes = axesFrom(node, rank);
  const [mean, r] = [node.output(1), node.output(2)];
  const normal = m.mul(m.sub(x, mean), r);
  return [
    node.wants(0)
      ? throughNormalization(m, { normal, scale: r, axes }, m.mul(dy, scale))
      : undefined,
    node.wants(1) ? unbroadcast(m, m.mul(dy, normal), scale) : undefined,
    bias && node.wants(2) ? unbroadcast(m, dy, bias) : undefined,
  ];
};

function axesFrom(node: ForwardNode, rank: number): number[] {
  const axis = node.int("axis", -1);
  return axesUpTo(rank).slice(axis < 0 ? axis + rank : axis);
}

/** RMSNormalization: y = scale x r with r = 1/√(mean x² + ε), so dx = r (dx̂ − x̂ mean(x̂ dx̂)). */
const rmsNormalization: GradientRule = (node, m, dy) => {
  const [x, scale] = node.inputs;
  const axes = axesFrom(node, rankOf(m, x));
  const meanSquare = m.mean(m.mul(x, x), { axes, keepDims: true });
  const r = m.div(1, m.sqrt(m.add(meanSquare, node.float("epsilon", 1e-5))));
  const normal = m.mul(x, r);
  const dNormal = m.mul(dy, scale);
  const along = () => m.mean(m.mul(dNormal, normal), { axes, keepDims: true });
  return [
    node.wants(0) ? m.mul(r, m.sub(dNormal, m.mul(normal, along()))) : undefined,
    node.wants(1) ? unbroadcast(m, m.mul(dy, normal), scale) : undefined,
  ];
};

/** InstanceNormalization: over the spatial axes of each channel. */
const instanceNormalization: GradientRule = (node, m, dy) => {
  const [x, scale] = node.inputs;
  const rank = rankOf(m, x);
  const axes = axesUpTo(rank).slice(2);
  const { normal, ...rest } = normalized(m, x, { axes, epsilon: node.float("epsilon", 1e-5) });
  const acrossBatch = { axes: [0, ...axes] };
  const column = [-1, ...axes.map(() => 1)];
  return [
    node.wants(0)
      ? throughNormalization(m, { normal, ...rest }, m.mul(dy, m.reshape(scale, column)))
      : undefined,
    node.wants(1) ? m.sum(m.mul(dy, normal), acrossBatch) : undefined,
    node.wants(2) ? m.sum(dy, acrossBatch) : undefined,
  ];
};

/** GroupNormalization: over groups of channels; scale and bias have an entry a channel (a group before opset 21). */
const groupNormalization: GradientRule = (node, m, dy) => {
  const [x, scale] = node.inputs;
  const [batch, channels, ...size] = m.graph.shapeOf(x);
  const groups = node.int("num_groups", 1);
  const perGroup = m.graph.shapeOf(scale)[0] === groups && m.graph.opset < 21;
  const grouped = [batch, groups, channels / groups, ...size];
  const axes = axesUpTo(grouped.length).slice(2);
  const epsilon = node.float("epsilon", 1e-5);
  const { normal, ...rest } = normalized(m, m.reshape(x, grouped), { axes, epsilon });
  const d = m.reshape(dy, grouped);
  const column = [groups, perGroup ? 1 : channels / groups, ...size.map(() => 1)];
  const parameter = (term: Term) =>
    m.reshape(m.sum(term, { axes: perGroup ? [0, ...axes] : [0, ...axes.slice(1)] }), [-1]);
  const dNormal = () => m.mul(d, m.reshape(scale, column));
  return [
    node.wants(0)
      ? m.reshape(throughNormalization(m, { normal, ...rest }, dNormal()), [
          batch,
          channels,
          ...size,
        ])
      : undefined,
    node.wants(1) ? parameter(m.mul(d, normal)) : undefined,
    node.wants(2) ? parameter(d) : undefined,
  ];
};

/** MeanVarianceNormalization: (x − μ) / (σ + 10⁻⁹), as its function body in ONNX has it. */
const meanVarianceNormalization = composed((node, m, x) => {
  const axes = node.ints("axes") ?? [0, 2, 3];
  const centred = m.sub(x, m.mean(x, { axes, keepDims: true }));
  const variance = m.mean(m.mul(centred, centred), { axes, keepDims: true });
  return m.div(centred, m.add(m.sqrt(variance), 1e-9));
});

/** Rules by operator. */
export const normalizationGradients: GradientRules = {
  LayerNormalization: layerNormalization,
  RMSNormalization: rmsNormalization,
  InstanceNormalization: instanceNormalization,
  GroupNormalization: groupNormalization,
  MeanVarianceNormalization: meanVarianceNormalization,
};
