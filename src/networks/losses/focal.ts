// Focal losses: cross-entropy that attends to what is still hard, for findings that are rare.
// Lin et al.: "Focal loss for dense object detection", 2017, eq. 5.

import {
  checkParameters,
  number,
  type OptionsOf,
  oneOf,
  parameters,
  rules,
} from "../../base/index.ts";
import { int } from "../../onnx/index.ts";
import {
  classTarget,
  type Loss,
  meanOfSample,
  oneHot,
  perClass,
  sumOfSample,
  weightedMean,
} from "./loss.ts";

const binarySettings = parameters({
  /** Weight of positive targets; negative ones have 1 − α. */
  alpha: number({ min: 0, max: 1 }).default(0.25),
  /** How fast what is right already stops to count; at 0 this is cross-entropy. */
  gamma: number({ min: 0 }).default(2),
  /** What the sum is divided by: all elements, or the positive ones of the batch (section 4.1: anchors with an object). */
  per: oneOf("element", "positive").default("element"),
});

/**
 * −αₜ (1 − pₜ)^γ log pₜ of findings that go together: logits x of any shape, targets 0 or 1 of the same shape in float32.
 * With z = x for positive and −x for negative targets pₜ is σ(z), and the loss αₜ exp(−γ softplus(z)) softplus(−z), which
 * neither overflows nor loses digits.
 */
export function binaryFocal(options: OptionsOf<typeof binarySettings> = {}): Loss {
  const settings = checkParameters(binarySettings, options, "binary focal loss");
  const { alpha, gamma, per } = settings;
  return {
    name: "binary focal",
    settings,
    inside: "sigmoid",
    target: (shape) => ({ type: "float32", shape }),
    build(m, { output: x, target: t, weights }) {
      const z = m.mul(x, m.sub(m.mul(t, 2), 1));
      const hard = m.exp(m.mul(m.op("Softplus", [z]), -gamma));
      const share = m.add(m.mul(t, 2 * alpha - 1), 1 - alpha);
      const losses = m.mul(share, m.mul(hard, m.op("Softplus", [m.neg(z)])));
      if (per === "element") return weightedMean(m, meanOfSample(m, losses), weights);
      const [total, positives] = [losses, t].map((values) =>
        m.sum(m.mul(sumOfSample(m, values), weights)),
      );
      return m.div(total, m.op("Max", [positives, m.scalarLike(1, positives)]));
    },
  };
}

const categoricalSettings = parameters({
  /** One weight a class, α; unlike those of cross-entropy they don't change what the sum is divided by. */
  classWeights: rules
    .array(number({ min: 0 }))
    .min(1)
    .optional(),
  /** How fast what is right already stops to count; at 0 this is cross-entropy. */
  gamma: number({ min: 0 }).default(2),
});

/** Keeps the slope of (1 − p)^γ finite where γ is below 1. */
const SMALLEST = 1e-30;

/** −α_c (1 − p_c)^γ log p_c of the target class c: logits [N, classes, …], targets are class numbers [N, …] in int32. */
export function categoricalFocal(options: OptionsOf<typeof categoricalSettings> = {}): Loss {
  const { classWeights, gamma } = checkParameters(
    categoricalSettings,
    options,
    "categorical focal loss",
  );
  return {
    name: "categorical focal",
    settings: { gamma, ...(classWeights ? { classWeights } : {}) },
    inside: "softmax",
    target: classTarget,
    build(m, { output, target, weights }) {
      const truth = oneHot(m, target, output);
      const [p, logs] = ["Softmax", "LogSoftmax"].map((f) => m.op(f, [output], { axis: int(1) }));
      const over = { axes: [1] };
      // 1 − p_c as the sum of the others keeps its digits where p_c is near 1.
      const others = m.sum(m.mul(m.sub(1, truth), p), over);
      const hard = m.pow(m.op("Max", [others, m.scalarLike(SMALLEST, others)]), gamma);
      const share = classWeights ? m.mul(truth, perClass(m, classWeights, output)) : truth;
      const entropy = m.neg(m.sum(m.mul(share, logs), over));
      return weightedMean(m, meanOfSample(m, m.mul(hard, entropy)), weights);
    },
  };
}
