// Fully connected layers.

import { RoentgenError } from "../../base/index.ts";
import { int } from "../../onnx/index.ts";
import { type Layer, makeLayer } from "../compose.ts";
import type { Initialiser } from "../initialise.ts";
import { type ActivationName, applyActivation } from "./activation.ts";

export interface DenseOptions {
  units: number;
  bias?: boolean;
  activation?: ActivationName;
  initialiser?: Initialiser;
  name?: string;
}

/** Every unit sees all features of the last axis; weights are [units, features]. */
export function dense({
  units,
  bias = true,
  activation,
  initialiser = "glorot-uniform",
  name,
}: DenseOptions): Layer {
  return makeLayer("dense", name, (scope, x) => {
    const { m } = scope;
    const shape = scope.shapeOf(x);
    const features = shape[shape.length - 1];
    if (typeof features !== "number") {
      throw new RoentgenError("shape-mismatch", {
        problem: `Layer "${scope.name}" needs a known number of features`,
        found: `[${shape.join(", ")}]`,
        subject: scope.name,
      });
    }
    const weight = scope.parameter("weight", [units, features], initialiser);
    const biases = bias ? [scope.parameter("bias", [units], "zeros")] : [];
    if (shape.length === 2) {
      const y = m.op("Gemm", [x, weight, ...biases], { transB: int(1) });
      return applyActivation(m, y, activation);
    }
    const product = m.matmul(x, m.transpose(weight, [1, 0]));
    return applyActivation(m, bias ? m.add(product, biases[0]) : product, activation);
  });
}
