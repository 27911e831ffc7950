// Types of operators that change the element type.

import type { ElementType } from "../model.ts";
import { typeAttribute } from "./element-type.ts";
import type { ShapeRule, ShapeRules } from "./rule.ts";

const cast: ShapeRule = (node) => {
  const type = typeAttribute(node, "to", undefined);
  return [type && { type, shape: node.input(0)?.shape }];
};

const castLike: ShapeRule = (node) => {
  const type = node.input(1)?.type;
  return [type && { type, shape: node.input(0)?.shape }];
};

/** Like the input, of a certain type. */
const as =
  (type: ElementType): ShapeRule =>
  (node) => [{ type, shape: node.input(0)?.shape }];

const quantize: ShapeRule = (node) => {
  const type = node.input(2)?.type ?? typeAttribute(node, "output_dtype", "uint8");
  return [{ type, shape: node.input(0)?.shape }];
};

const dequantize: ShapeRule = (node) => {
  const type = typeAttribute(node, "output_dtype", node.input(1)?.type ?? "float32");
  return [{ type, shape: node.input(0)?.shape }];
};

/** DynamicQuantizeLinear: quantised numbers, scale, zero point. */
const dynamicQuantize: ShapeRule = (node) => [
  { type: "uint8", shape: node.input(0)?.shape },
  { type: "float32", shape: [] },
  { type: "uint8", shape: [] },
];

/** Rules by operator. */
export const castingShapes: ShapeRules = {
  Cast: cast,
  CastLike: castLike,
  IsNaN: as("bool"),
  IsInf: as("bool"),
  QuantizeLinear: quantize,
  DequantizeLinear: dequantize,
  DynamicQuantizeLinear: dynamicQuantize,
};
