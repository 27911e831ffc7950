// Gradients of operators that normalise along an axis without parameters: softmax, its logarithm, and division by a norm.

import type { GradientRule, GradientRules } from "./rule.ts";

/** y = eˣ / Σ eˣ, so dx = y (dy − Σ y dy). */
const softmax: GradientRule = (node, m, dy) => {
  const [y] = node.outputs;
  const weighted = m.mul(dy, y);
  const total = m.sum(weighted, { axes: [node.int("axis", -1)], keepDims: true });
  return [m.sub(weighted, m.mul(y, total))];
};

/** y = x − log Σ eˣ, so dx = dy − eʸ Σ dy. */
const logSoftmax: GradientRule = (node, m, dy) => {
  const total = m.sum(dy, { axes: [node.int("axis", -1)], keepDims: true });
  return [m.sub(dy, m.mul(m.exp(node.outputs[0]), total))];
};

/** y = x / ‖x‖: dx = (dy − n Σ y dy) / ‖x‖ with n the norm's slope, y for the Euclidean one, sign(x) for the sum. */
const lpNormalization: GradientRule = (node, m, dy) => {
  const [[x], [y]] = [node.inputs, node.outputs];
  const axes = [node.int("axis", -1)];
  const isSum = node.int("p", 2) === 1;
  const norm = isSum
    ? m.sum(m.op("Abs", [x]), { axes, keepDims: true })
    : m.sqrt(m.sum(m.mul(x, x), { axes, keepDims: true }));
  const along = m.sum(m.mul(dy, y), { axes, keepDims: true });
  return [m.div(m.sub(dy, m.mul(isSum ? m.op("Sign", [x]) : y, along)), norm)];
};

/** Rules by operator. */
export const softmaxGradients: GradientRules = {
  Softmax: softmax,
  LogSoftmax: logSoftmax,
  LpNormalization: lpNormalization,
};
