// Divergence of distributions: for targets that are probabilities, such as votes of several readers or another network's.
// Kullback, Leibler: "On information and sufficiency", 1951, eq. 2.4.

import { int } from "../../onnx/index.ts";
import { type Loss, meanOfSample, weightedMean } from "./loss.ts";

/** Σ t log (t / softmax(x)) over the classes: logits and targets [N, classes, …] in float32, targets with sum 1. */
export function kullbackLeibler(): Loss {
  return {
    name: "kullback-leibler",
    settings: {},
    inside: "softmax",
    target: (shape) => ({ type: "float32", shape }),
    build(m, { output, target: t, weights }) {
      const logs = m.op("LogSoftmax", [output], { axis: int(1) });
      // t log t is 0 at t = 0.
      const logTarget = m.log(m.where(m.compare("Greater", t, 0), t, 1));
      const losses = m.sum(m.mul(t, m.sub(logTarget, logs)), { axes: [1] });
      return weightedMean(m, meanOfSample(m, losses), weights);
    },
  };
}
