// Keras's Dense and Embedding.

import { int, type Term } from "../../onnx/index.ts";
import { applyActivation } from "./activations.ts";
import type { LayerRule } from "./layer-scope.ts";
import { permuted } from "./layer-weights.ts";

/** x · kernel + bias over the last axis; the kernel [in, units] is kept as [units, in]. */
export const dense: LayerRule = (scope, input) => {
  const { config, m } = scope;
  const x = scope.plain(input);
  const shape = scope.shapeOf(input);
  const features = shape.at(-1);
  const kernel = scope.weight("kernel", [Number(features), config.count("units")]);
  const weight = scope.parameter("weight", permuted(kernel, [1, 0]));
  const bias = config.flag("use_bias", true)
    ? [scope.parameter("bias", scope.weight("bias", [kernel.shape[1]]))]
    : [];
  const wide = (): Term => {
    const product = m.matmul(x, m.transpose(weight, [1, 0]));
    return bias.length > 0 ? m.add(product, bias[0]) : product;
  };
  const term = shape.length === 2 ? m.op("Gemm", [x, weight, ...bias], { transB: int(1) }) : wide();
  return applyActivation(scope, { term, moved: false });
};

/** Rows of a table by their numbers. */
export const embedding: LayerRule = (scope, input) => {
  const { config, m } = scope;
  if (config.flag("mask_zero", false)) {
    throw config.refuse({ expected: "mask_zero false", found: "true: masks are not converted" });
  }
  const table = scope.weight("embeddings", [config.count("input_dim"), undefined]);
  const rows = m.op("Cast", [scope.plain(input)], { to: int(INT64) });
  return { term: m.op("Gather", [scope.parameter("weight", table), rows]), moved: false };
};

/** TensorProto.DataType. */
const INT64 = 7;
