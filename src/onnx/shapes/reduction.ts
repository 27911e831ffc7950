// Shapes of reductions over axes.

import { axisOf } from "./dimensions.ts";
import type { InferredNode, ShapeRule } from "./rule.ts";

/** Reduce*: the axes given become 1 or go; none given means all, unless `noop_with_empty_axes`. */
const reduce: ShapeRule = (node) => {
  const x = node.input(0);
  const axes = axesOf(node);
  if (!x?.shape || axes === undefined) return [x && { type: x.type }];
  const { shape } = x;
  if (axes.length === 0 && node.int("noop_with_empty_axes", 0) === 1) return [x];
  const reduced = new Set(axes.map((axis) => axisOf(axis, shape.length)));
  if (reduced.has(Number.NaN)) node.fail(`axes within −${shape.length} … ${shape.length - 1}`);
  const isReduced = (axis: number) => reduced.size === 0 || reduced.has(axis);
  const keeps = node.int("keepdims", 1) === 1;
  const kept = shape.flatMap((length, axis) => (isReduced(axis) ? (keeps ? [1] : []) : [length]));
  return [{ type: x.type, shape: kept }];
};

/** The axes from the attribute or the input; [] where none are given, undefined where they are not known. */
function axesOf(node: InferredNode): number[] | undefined {
  const attribute = node.ints("axes");
  if (attribute) return attribute;
  return node.hasInput(1) ? node.numbers(1) : [];
}

const operators =
  "ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare";

/** Rules by operator. */
export const reductionShapes: Readonly<Record<string, ShapeRule>> = Object.fromEntries(
  operators.split(" ").map((operator) => [operator, reduce]),
);
