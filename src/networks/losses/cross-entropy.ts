// Cross-entropy on logits: of two classes, of several, and of several findings that go together.

import {
  anyOf,
  checkParameters,
  flag,
  number,
  type OptionsOf,
  parameters,
  rules,
} from "../../base/index.ts";
import { type Algebra, int, type Term } from "../../onnx/index.ts";
import {
  classTarget,
  type Loss,
  meanOfSample,
  oneHot,
  perClass,
  perWeight,
  weightedMean,
} from "./loss.ts";

const binarySettings = parameters({
  /** Weight of positive targets against negative ones: one number, or one for each of the outputs [N, outputs, …]. */
  positiveWeight: anyOf(
    "a number above 0, or a list of such",
    number({ above: 0 }),
    rules.array(number({ above: 0 })).min(1),
  ).default(1),
  labelSmoothing: number({ min: 0, below: 1 }).default(0),
  /** Whether a target may be NaN, which says that it is not known; it counts for nothing then. */
  unknown: flag().default(false),
});

/**
 * −p t log σ(x) − (1 − t) log(1 − σ(x)), with targets t in 0 … 1 of the output's shape; written with softplus, which
 * neither overflows nor loses digits: (1 − t) x + (1 + (p − 1) t) softplus(−x). With `unknown` the mean is over what is known.
 */
export function binaryCrossEntropy(options: OptionsOf<typeof binarySettings> = {}): Loss {
  const settings = checkParameters(binarySettings, options, "binary cross-entropy");
  const { positiveWeight, labelSmoothing, unknown } = settings;
  return {
    name: "binary cross-entropy",
    settings,
    inside: "sigmoid",
    target: (shape) => ({ type: "float32", shape }),
    build(m, { output: x, target, weights }) {
      const isKnown = unknown ? m.op("Not", [m.op("IsNaN", [target])]) : undefined;
      const truth = isKnown ? m.where(isKnown, target, 0) : target;
      const t =
        labelSmoothing > 0 ? m.add(m.mul(truth, 1 - labelSmoothing), labelSmoothing / 2) : truth;
      const softplus = m.op("Softplus", [m.neg(x)]);
      const weighted =
        positiveWeight === 1 ? softplus : m.mul(positiveFactor(m, t, positiveWeight, x), softplus);
      const losses = m.add(m.mul(m.sub(1, t), x), weighted);
      if (!isKnown) return weightedMean(m, meanOfSample(m, losses), weights);
      const rank = m.graph.shapeOf(x).length;
      const ofSample = m.reshape(weights, [-1, ...new Array(rank - 1).fill(1)]);
      return weightedMean(m, losses, m.mul(m.castLike(isKnown, losses), ofSample));
    },
  };
}

/** 1 + (p − 1) t. */
function positiveFactor(m: Algebra, t: Term, weight: number | readonly number[], x: Term): Term {
  const more =
    typeof weight === "number"
      ? weight - 1
      : perClass(
          m,
          weight.map((one) => one - 1),
          x,
        );
  return m.add(m.mul(t, more), 1);
}

const categoricalSettings = parameters({
  /** One weight a class; as in PyTorch the mean is over the weights. */
  classWeights: rules
    .array(number({ min: 0 }))
    .min(1)
    .optional(),
  labelSmoothing: number({ min: 0, below: 1 }).default(0),
});

/** −log softmax(x) of the target class: logits [N, classes, …], targets are class numbers [N, …] in int32. */
export function categoricalCrossEntropy(options: OptionsOf<typeof categoricalSettings> = {}): Loss {
  const { classWeights, labelSmoothing } = checkParameters(
    categoricalSettings,
    options,
    "categorical cross-entropy",
  );
  return {
    name: "categorical cross-entropy",
    settings: { labelSmoothing, ...(classWeights ? { classWeights } : {}) },
    inside: "softmax",
    target: classTarget,
    build(m, { output, target, weights }) {
      const logs = m.op("LogSoftmax", [output], { axis: int(1) });
      const classes = m.graph.shapeOf(output)[1];
      const truth = oneHot(m, target, output);
      const shares = classWeights && perClass(m, classWeights, output);
      const weightOf = (hot: string) => (shares ? m.mul(hot, shares) : hot);
      const over = { axes: [1] };
      const hit = m.neg(m.sum(m.mul(logs, weightOf(truth)), over));
      const spread = labelSmoothing > 0 && m.neg(m.sum(weightOf(logs), over));
      const losses = spread
        ? m.add(m.mul(hit, 1 - labelSmoothing), m.mul(spread, labelSmoothing / classes))
        : hit;
      if (!shares) return weightedMean(m, meanOfSample(m, losses), weights);
      const rank = m.graph.shapeOf(output).length;
      const elements = m.reshape(weights, [-1, ...new Array(rank - 2).fill(1)]);
      const share = m.mul(m.sum(weightOf(truth), over), elements);
      return perWeight(m, m.sum(m.mul(losses, elements)), m.sum(share));
    },
  };
}
