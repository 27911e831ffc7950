// Shapes of the operators of com.microsoft that ONNX Runtime's optimiser puts into models.

import type { Dimension } from "../model.ts";
import { convolutionShapes } from "./convolution.ts";
import { divideDown, multiply } from "./dimensions.ts";
import { matrixShapes, productShape } from "./matrix.ts";
import { normalizationShapes } from "./normalization.ts";
import type { ShapeRule, ShapeRules } from "./rule.ts";

const likeInput: ShapeRule = (node) => [node.input(0)];

/** FusedMatMul: a product of which each factor may be transposed. */
const fusedMatMul: ShapeRule = (node) => {
  const [a, b] = [node.input(0), node.input(1)];
  if (node.int("transBatchA", 0) || node.int("transBatchB", 0)) return [a && { type: a.type }];
  const turned = (shape: readonly Dimension[] | undefined, isTurned: number) =>
    shape && isTurned && shape.length > 1
      ? [...shape.slice(0, -2), shape[shape.length - 1], shape[shape.length - 2]]
      : shape;
  const left = turned(a?.shape, node.int("transA", 0));
  const right = turned(b?.shape, node.int("transB", 0));
  return [a && { type: a.type, shape: productShape(node, left, right) }];
};

/** SkipLayerNormalization: normalised sum, mean, 1/deviation, and the sum. */
const skipLayer: ShapeRule = (node) => {
  const x = node.input(0);
  const statistics = x && { type: "float32" as const, shape: x.shape?.with(-1, 1) };
  return [x, statistics, statistics, x];
};

/** Attention: the hidden size is a third of the projection's, unless `qkv_hidden_sizes` says otherwise. */
const attention: ShapeRule = (node) => {
  const [x, weights] = [node.input(0), node.input(1)];
  const projected = weights?.shape?.[1];
  if (!x?.shape || projected === undefined) return [x && { type: x.type }];
  const hidden = node.ints("qkv_hidden_sizes")?.[2] ?? divideDown(projected, 3);
  return [{ type: x.type, shape: x.shape.with(-1, hidden) }];
};

/** MultiHeadAttention: as wide as the values of all heads together. */
const multiHead: ShapeRule = (node) => {
  const [query, value] = [node.input(0), node.input(2)];
  if (query?.shape?.length !== 3) return [query && { type: query.type }];
  const width =
    value?.shape?.length === 4 ? multiply(value.shape[1], value.shape[3]) : value?.shape?.[2];
  return [{ type: query.type, shape: query.shape.with(-1, width ?? query.shape[2]) }];
};

/** BiasSplitGelu: one half gates the other. */
const halved: ShapeRule = (node) => {
  const x = node.input(0);
  return [x && { type: x.type, shape: x.shape?.with(-1, divideDown(x.shape.at(-1) ?? 1, 2)) }];
};

/** Rules by operator. */
export const microsoftShapes: ShapeRules = {
  FusedMatMul: fusedMatMul,
  TransposeMatMul: fusedMatMul,
  FusedConv: convolutionShapes.Conv,
  FusedGemm: matrixShapes.Gemm,
  Gelu: likeInput,
  FastGelu: likeInput,
  QuickGelu: likeInput,
  BiasGelu: likeInput,
  BiasSplitGelu: halved,
  LayerNormalization: normalizationShapes.LayerNormalization,
  SimplifiedLayerNormalization: normalizationShapes.LayerNormalization,
  SkipLayerNormalization: skipLayer,
  SkipSimplifiedLayerNormalization: skipLayer,
  Attention: attention,
  MultiHeadAttention: multiHead,
  RotaryEmbedding: likeInput,
  Inverse: likeInput,
};
