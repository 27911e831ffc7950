// Shapes of ONNX Runtime's own operators (domain com.microsoft).

import { productShape } from "./matrix.ts";
import type { ShapeRule, ShapeRules } from "./rule.ts";

/** The output is like the input. */
const likeInput: ShapeRule = (node) => [node.input(0)];

/** FusedMatMul: MatMul of factors whose last two axes are exchanged or not. */
const fusedMatMul: ShapeRule = (node) => {
  const [a, b] = [node.input(0), node.input(1)];
  if (!a) return [undefined];
  if (node.int("transBatchA", 0) || node.int("transBatchB", 0)) return [{ type: a.type }];
  const factor = (index: number, attribute: string) => {
    const shape = [a, b][index]?.shape;
    if (!shape || shape.length < 2 || node.int(attribute, 0) === 0) return shape;
    return [...shape.slice(0, -2), shape[shape.length - 1], shape[shape.length - 2]];
  };
  return [{ type: a.type, shape: productShape(node, factor(0, "transA"), factor(1, "transB")) }];
};

/** Rules by operator. */
export const microsoftShapes: ShapeRules = {
  Gelu: likeInput,
  QuickGelu: likeInput,
  FusedMatMul: fusedMatMul,
};
