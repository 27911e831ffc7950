// Shapes of reductions over axes.

import { axisAttribute, reducedAxes } from "./arguments.ts";
import type { ShapeRule, ShapeRules } from "./rule.ts";

/** Reduce*: the axes given become 1 or go; none given means all, unless `noop_with_empty_axes`. */
const reduce: ShapeRule = (node) => {
  const x = node.input(0);
  const axes = x?.shape && reducedAxes(node, x.shape.length);
  if (!x?.shape || !axes) return [x && { type: x.type }];
  const keeps = node.int("keepdims", 1) === 1;
  const shape = x.shape.flatMap((length, axis) =>
    axes.includes(axis) ? (keeps ? [1] : []) : [length],
  );
  return [{ type: x.type, shape }];
};

/** ArgMax, ArgMin: positions along one axis. */
const argument: ShapeRule = (node) => {
  const { shape } = node.input(0) ?? {};
  if (!shape) return [{ type: "int64" }];
  const axis = axisAttribute(node, shape.length, 0);
  const isKept = node.int("keepdims", 1) === 1;
  return [{ type: "int64", shape: isKept ? shape.with(axis, 1) : shape.toSpliced(axis, 1) }];
};

/** CumSum: as long as the input. */
const cumulative: ShapeRule = (node) => [node.input(0)];

const operators =
  "ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare";

/** Rules by operator. */
export const reductionShapes: ShapeRules = {
  ...Object.fromEntries(operators.split(" ").map((operator) => [operator, reduce])),
  ArgMax: argument,
  ArgMin: argument,
  CumSum: cumulative,
  CumProd: cumulative,
};
