// Shapes of operators that only rearrange elements.

import type { Dimension } from "../model.ts";
import { axisOf, divideDown, product } from "./dimensions.ts";
import type { ShapeRule } from "./rule.ts";

/** Reshape: 0 keeps a length (unless `allowzero`), one −1 takes what is left. */
const reshape: ShapeRule = (node) => {
  const x = node.input(0);
  const target = node.value(1);
  if (!x) return [undefined];
  if (!target) return [{ type: x.type }];
  const keepsZero = node.int("allowzero", 0) === 1;
  const shape = target.map((length, axis) =>
    length === 0 && !keepsZero ? (x.shape?.[axis] ?? node.unknown()) : length,
  );
  const open = shape.indexOf(-1);
  if (open >= 0)
    shape[open] = x.shape ? missingLength(x.shape, shape.toSpliced(open, 1)) : node.unknown();
  const [before, after] = [x.shape && product(x.shape), product(shape)];
  if (typeof before === "number" && typeof after === "number" && before !== after) {
    node.fail(`as many elements as the shape [${target.join(", ")}] has`);
  }
  return [{ type: x.type, shape }];
};

/** The length that −1 stands for; names that occur on both sides cancel. */
function missingLength(from: readonly Dimension[], others: readonly Dimension[]): Dimension {
  const left = [...from];
  const over: Dimension[] = [];
  for (const one of others) {
    const at = typeof one === "string" ? left.indexOf(one) : -1;
    if (at >= 0) left.splice(at, 1);
    else over.push(one);
  }
  const [above, below] = [product(left), product(over)];
  return typeof below === "number" && below > 0
    ? divideDown(above, below)
    : `${above} / (${below})`;
}

/** Flatten: all axes before `axis` into one, the rest into another. */
const flatten: ShapeRule = (node) => {
  const x = node.input(0);
  if (!x?.shape) return [x && { type: x.type }];
  const axis = node.int("axis", 1);
  const at = axis === x.shape.length ? axis : axisOf(axis, x.shape.length);
  return [{ type: x.type, shape: [product(x.shape.slice(0, at)), product(x.shape.slice(at))] }];
};

/** Transpose; by default the axes are reversed. */
const transpose: ShapeRule = (node) => {
  const x = node.input(0);
  if (!x?.shape) return [x && { type: x.type }];
  const { shape } = x;
  const order = node.ints("perm") ?? shape.map((_, axis) => shape.length - 1 - axis);
  if (order.length !== shape.length)
    node.fail(`an order of ${shape.length} axes, not [${order.join(", ")}]`);
  return [{ type: x.type, shape: order.map((axis) => shape[axis]) }];
};

/** Rules by operator. */
export const layoutShapes: Readonly<Record<string, ShapeRule>> = {
  Reshape: reshape,
  Flatten: flatten,
  Transpose: transpose,
};
