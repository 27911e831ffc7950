// Shapes of operators that make tensors from parameters, and of those that ask for shapes.

import type { Dimension, ElementType } from "../model.ts";
import { typeAttribute } from "./element-type.ts";
import type { InferredNode, ShapeRule, ShapeRules } from "./rule.ts";

/** Constant in its several forms. */
const constant: ShapeRule = (node) => {
  const value = node.tensor("value");
  if (value) return [{ type: value.type, shape: value.shape }];
  const list = (type: ElementType, length: number | undefined) => [
    { type, shape: length === undefined ? [] : [length] },
  ];
  if (node.has("value_ints")) return list("int64", node.ints("value_ints")?.length);
  if (node.has("value_floats")) return list("float32", node.floats("value_floats")?.length);
  if (node.has("value_strings")) return list("string", node.texts("value_strings")?.length);
  if (node.has("value_int")) return list("int64", undefined);
  if (node.has("value_float")) return list("float32", undefined);
  return node.has("value_string") ? list("string", undefined) : [undefined];
};

/** Shape: the number of axes from `start` to `end`. */
const shape: ShapeRule = (node) => {
  const lengths = node.input(0)?.shape;
  return [{ type: "int64", shape: [lengths ? shapeSlice(node, lengths).length : node.unknown()] }];
};

/** The part of a shape that Shape gives (opset 15). */
export function shapeSlice<Length>(
  node: Pick<InferredNode, "int" | "has">,
  lengths: readonly Length[],
): Length[] {
  return lengths.slice(node.int("start", 0), node.has("end") ? node.int("end", 0) : undefined);
}

const size: ShapeRule = () => [{ type: "int64", shape: [] }];

const constantOfShape: ShapeRule = (node) => {
  const type = node.tensor("value")?.type ?? "float32";
  const rank = node.input(0)?.shape?.[0];
  const unknown =
    typeof rank === "number" ? Array.from({ length: rank }, () => node.unknown()) : undefined;
  return [{ type, shape: node.value(0) ?? unknown }];
};

const range: ShapeRule = (node) => {
  const [start, limit, delta] = [node.value(0)?.[0], node.value(1)?.[0], node.value(2)?.[0]];
  const type = node.input(0)?.type ?? node.input(1)?.type;
  return [type && { type, shape: [rangeLength(start, limit, delta) ?? node.unknown()] }];
};

/** Number of elements of Range; the limit itself where it counts from 0 by 1. */
function rangeLength(
  start: Dimension | undefined,
  limit: Dimension | undefined,
  delta: Dimension | undefined,
): Dimension | undefined {
  if (start === 0 && delta === 1) return limit;
  const isKnown = [start, limit, delta].every((one) => typeof one === "number");
  if (!isKnown) return undefined;
  return Math.max(0, Math.ceil((Number(limit) - Number(start)) / Number(delta)));
}

/** EyeLike, RandomNormalLike, …: the shape of the input, and its type unless another is given. */
const likeInput: ShapeRule = (node) => {
  const x = node.input(0);
  const type = typeAttribute(node, "dtype", x?.type);
  return [type && { type, shape: x?.shape }];
};

const random: ShapeRule = (node) => [
  { type: typeAttribute(node, "dtype", "float32"), shape: node.ints("shape") },
];

const multinomial: ShapeRule = (node) => {
  const batch = node.input(0)?.shape?.[0] ?? node.unknown();
  return [
    { type: typeAttribute(node, "dtype", "int32"), shape: [batch, node.int("sample_size", 1)] },
  ];
};

/** OneHot: a new axis as long as `depth`. */
const oneHot: ShapeRule = (node) => {
  const [indices, values] = [node.input(0), node.input(2)];
  if (!indices?.shape || !values) return [values && { type: values.type }];
  const axis = node.int("axis", -1);
  const at = axis < 0 ? axis + indices.shape.length + 1 : axis;
  const depth = node.value(1)?.[0] ?? node.unknown();
  return [{ type: values.type, shape: indices.shape.toSpliced(at, 0, depth) }];
};

/** HannWindow, HammingWindow, BlackmanWindow. */
const window: ShapeRule = (node) => [
  {
    type: typeAttribute(node, "output_datatype", "float32"),
    shape: [node.value(0)?.[0] ?? node.unknown()],
  },
];

const melWeights: ShapeRule = (node) => {
  const [bins, length] = [node.value(0)?.[0], node.value(1)?.[0]];
  const spectrum = typeof length === "number" ? Math.floor(length / 2) + 1 : node.unknown();
  return [
    {
      type: typeAttribute(node, "output_datatype", "float32"),
      shape: [spectrum, bins ?? node.unknown()],
    },
  ];
};

/** Rules by operator. */
export const generationShapes: ShapeRules = {
  Constant: constant,
  Shape: shape,
  Size: size,
  ConstantOfShape: constantOfShape,
  Range: range,
  EyeLike: likeInput,
  RandomNormalLike: likeInput,
  RandomUniformLike: likeInput,
  Bernoulli: likeInput,
  RandomNormal: random,
  RandomUniform: random,
  Multinomial: multinomial,
  OneHot: oneHot,
  HannWindow: window,
  HammingWindow: window,
  BlackmanWindow: window,
  MelWeightMatrix: melWeights,
};
