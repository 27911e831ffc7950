// Fully connected layers.

import {
  checkParameters,
  flag,
  integer,
  type OptionsOf,
  parameters,
  words,
} from "../../base/index.ts";
import { int } from "../../onnx/index.ts";
import { initialiserName } from "../initialise.ts";
import { activationName, applyActivation } from "./activation.ts";
import { type Layer, makeLayer } from "./layer.ts";

const rules = parameters({
  /** Numbers that come out. */
  units: integer({ min: 1 }),
  bias: flag().default(true),
  activation: activationName().optional(),
  initialiser: initialiserName().default("glorot-uniform"),
  name: words().optional(),
});

/** Every unit sees all features of the last axis; weights are [units, features]. */
export function dense(options: OptionsOf<typeof rules>): Layer {
  const { units, bias, activation, initialiser, name } = checkParameters(
    rules,
    options,
    "dense layer",
  );
  return makeLayer("dense", name, (scope, x) => {
    const { m } = scope;
    const weight = scope.parameter("weight", [units, scope.lengthOf(x, -1)], initialiser);
    const biases = bias ? [scope.parameter("bias", [units], "zeros")] : [];
    if (scope.shapeOf(x).length === 2) {
      const y = m.op("Gemm", [x, weight, ...biases], { transB: int(1) });
      return applyActivation(m, y, activation);
    }
    const product = m.matmul(x, m.transpose(weight, [1, 0]));
    return applyActivation(m, bias ? m.add(product, biases[0]) : product, activation);
  });
}
