// Shapes of operators that only rearrange elements.

import type { Dimension } from "../model.ts";
import { axesWithin, integersOf } from "./arguments.ts";
import { axisOf, divideDown, multiply, product } from "./dimensions.ts";
import type { ShapeRule, ShapeRules } from "./rule.ts";

/** Reshape: 0 keeps a length (unless `allowzero`), one −1 takes what is left. */
const reshape: ShapeRule = (node) => {
  const x = node.input(0);
  const target = node.ints("shape") ?? node.value(1);
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

/** Squeeze: the axes given, or all of length 1, go. */
const squeeze: ShapeRule = (node) => {
  const x = node.input(0);
  const given = integersOf(node, { attribute: "axes", input: 1 });
  if (!x?.shape || !given) return [x && { type: x.type }];
  const { shape } = x;
  const axes = axesWithin(node, given, shape.length);
  if (axes.some((axis) => typeof shape[axis] === "number" && shape[axis] !== 1)) {
    node.fail(`length 1 along the axes [${axes.join(", ")}]`);
  }
  const isOpen = axes.length === 0 && shape.some((length) => typeof length === "string");
  if (isOpen) return [{ type: x.type }];
  const goes = (axis: number) => (axes.length > 0 ? axes.includes(axis) : shape[axis] === 1);
  return [{ type: x.type, shape: shape.filter((_, axis) => !goes(axis)) }];
};

/** Unsqueeze: axes of length 1, at positions of the result. */
const unsqueeze: ShapeRule = (node) => {
  const x = node.input(0);
  const given = integersOf(node, { attribute: "axes", input: 1 });
  if (!x?.shape || !given) return [x && { type: x.type }];
  const axes = new Set(axesWithin(node, given, x.shape.length + given.length));
  const rest = [...x.shape];
  const shape = Array.from({ length: x.shape.length + axes.size }, (_, axis) =>
    axes.has(axis) ? 1 : (rest.shift() as Dimension),
  );
  return [{ type: x.type, shape }];
};

/** DepthToSpace: channels become blocks of pixels. */
const depthToSpace: ShapeRule = (node) => {
  const x = node.input(0);
  const block = node.int("blocksize", 1);
  if (!x?.shape) return [x];
  const [batch, channels, ...size] = x.shape;
  if (typeof channels === "number" && channels % block ** 2 !== 0) {
    node.fail(`a multiple of ${block ** 2} channels`);
  }
  const grown = size.map((length) => multiply(length, block));
  return [{ type: x.type, shape: [batch, divideDown(channels, block ** 2), ...grown] }];
};

/** SpaceToDepth: the reverse. */
const spaceToDepth: ShapeRule = (node) => {
  const x = node.input(0);
  const block = node.int("blocksize", 1);
  if (!x?.shape) return [x];
  const [batch, channels, ...size] = x.shape;
  const shrunk = size.map((length) => divideDown(length, block));
  return [{ type: x.type, shape: [batch, multiply(channels, block ** 2), ...shrunk] }];
};

/** Rules by operator. */
export const layoutShapes: ShapeRules = {
  Reshape: reshape,
  Flatten: flatten,
  Transpose: transpose,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
};
