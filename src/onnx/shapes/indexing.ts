// Shapes of operators that cut out, put together and pick elements.

import type { Dimension } from "../model.ts";
import { axesWithin, axisAttribute, axisSlice, padAmounts, splitLengths } from "./arguments.ts";
import { broadcastShapes } from "./broadcast.ts";
import { add, divideDown, multiply, product } from "./dimensions.ts";
import type { ShapeRule, ShapeRules } from "./rule.ts";

/** Concat: the lengths along `axis` add up. */
const concat: ShapeRule = (node) => {
  const inputs = Array.from({ length: node.inputCount }, (_, index) => node.input(index));
  const type = inputs.find((input) => input)?.type;
  const shapes = inputs.map((input) => input?.shape);
  if (!shapes.every((shape) => shape !== undefined)) return [type && { type }];
  const first = shapes[0];
  const axis = axisAttribute(node, first.length, 0);
  if (shapes.some((shape) => !fitsBeside(shape, first, axis))) {
    node.fail(`equal lengths along every axis but ${axis}`);
  }
  const total = shapes.map((shape) => shape[axis]).reduce(add);
  const known = first.map((length, at) =>
    shapes.reduce<Dimension>((one, shape) => (typeof one === "number" ? one : shape[at]), length),
  );
  return [type && { type, shape: known.with(axis, total) }];
};

function fitsBeside(
  shape: readonly Dimension[],
  first: readonly Dimension[],
  axis: number,
): boolean {
  const clashes = (a: Dimension, b: Dimension) =>
    typeof a === "number" && typeof b === "number" && a !== b;
  return (
    shape.length === first.length &&
    !shape.some((length, at) => at !== axis && clashes(length, first[at]))
  );
}

/** Split: parts of an axis. */
const split: ShapeRule = (node) => {
  const x = node.input(0);
  const count = node.outputCount;
  if (!x?.shape) return new Array(count).fill(x && { type: x.type });
  const { type, shape } = x;
  const axis = axisAttribute(node, shape.length, 0);
  const length = shape[axis];
  const lengths = splitLengths(node, typeof length === "number" ? length : undefined);
  const total = lengths?.reduce((sum, part) => sum + part, 0);
  if (lengths && typeof length === "number" && total !== length) {
    node.fail(`parts that add up to ${length}, not [${lengths.join(", ")}]`);
  }
  return Array.from({ length: count }, (_, part) => ({
    type,
    shape: shape.with(axis, lengths?.[part] ?? divideDown(length, count)),
  }));
};

/** Slice along some axes, with starts, ends and steps as numpy takes them. */
const slice: ShapeRule = (node) => {
  const x = node.input(0);
  if (!x?.shape) return [x && { type: x.type }];
  const starts = node.ints("starts") ?? node.value(1);
  const ends = node.ints("ends") ?? node.value(2);
  const axes =
    node.ints("axes") ?? (node.hasInput(3) ? node.numbers(3) : starts?.map((_, at) => at));
  const steps = node.hasInput(4) ? node.numbers(4) : axes?.map(() => 1);
  if (!axes) return [{ type: x.type, shape: x.shape.map(() => node.unknown()) }];
  const shape = [...x.shape];
  for (const [at, axis] of axesWithin(node, axes, shape.length).entries()) {
    const range = { start: starts?.[at], end: ends?.[at], step: steps?.[at] };
    shape[axis] = slicedLength(shape[axis], range) ?? node.unknown();
  }
  return [{ type: x.type, shape }];
};

/** Length of a slice, as far as it is known without that of the axis. */
function slicedLength(
  length: Dimension,
  range: { start?: Dimension; end?: Dimension; step?: number },
): Dimension | undefined {
  const { start, end, step } = range;
  if (start === undefined || end === undefined || step === undefined) return undefined;
  if (typeof start === "number" && typeof length === "number" && typeof end === "number") {
    return axisSlice(0, length, { start, end, step }).count;
  }
  const isWhole = end === length || (typeof end === "number" && end >= 2 ** 31 - 1);
  if (step === -1 && start === -1 && typeof end === "number" && end < -(2 ** 30)) return length;
  if (step !== 1 || typeof start !== "number") return undefined;
  if (isWhole) return start >= 0 ? add(length, -start) : undefined;
  // The usual cut of some elements at the end of an axis that is taken to be longer than they are.
  if (typeof end === "number" && end < 0 && start >= 0) return add(length, end - start);
  return typeof end === "string" && start === 0 ? end : undefined;
}

/** Pad: lengths grow by the amounts before and after. */
const pad: ShapeRule = (node) => {
  const x = node.input(0);
  if (!x?.shape) return [x && { type: x.type }];
  const amounts = padAmounts(node, x.shape.length);
  const shape = x.shape.map((length, axis) =>
    amounts ? add(length, amounts.before[axis] + amounts.after[axis]) : node.unknown(),
  );
  return [{ type: x.type, shape }];
};

/** Expand: broadcast with the shape given. */
const expand: ShapeRule = (node) => {
  const x = node.input(0);
  const target = node.value(1);
  if (!x?.shape || !target) return [x && { type: x.type }];
  const shape: Dimension[] | undefined = broadcastShapes([x.shape, target]);
  return [{ type: x.type, shape: shape ?? node.fail("a shape that broadcasts with the input's") }];
};

/** Tile: every axis repeated. */
const tile: ShapeRule = (node) => {
  const x = node.input(0);
  const repeats = node.value(1);
  if (!x?.shape) return [x && { type: x.type }];
  if (repeats && repeats.length !== x.shape.length) node.fail("one count of repeats an axis");
  const shape = x.shape.map((length, axis) =>
    repeats ? multiply(length, repeats[axis]) : node.unknown(),
  );
  return [{ type: x.type, shape }];
};

/** The output is like the data. */
const likeData: ShapeRule = (node) => [node.input(0)];

/** Gather: indices take the place of an axis. */
const gather: ShapeRule = (node) => {
  const [x, indices] = [node.input(0), node.input(1)];
  if (!x?.shape || !indices?.shape) return [x && { type: x.type }];
  const axis = axisAttribute(node, x.shape.length, 0);
  return [{ type: x.type, shape: x.shape.toSpliced(axis, 1, ...indices.shape) }];
};

/** GatherElements: an element of the data for every index. */
const gatherElements: ShapeRule = (node) => {
  const [x, indices] = [node.input(0), node.input(1)];
  return [x && { type: x.type, shape: indices?.shape }];
};

/** GatherND: the last axis of the indices holds positions along the axes after the batch. */
const gatherND: ShapeRule = (node) => {
  const [x, indices] = [node.input(0), node.input(1)];
  const depth = indices?.shape?.at(-1);
  if (!x?.shape || !indices?.shape || typeof depth !== "number") return [x && { type: x.type }];
  const rest = x.shape.slice(node.int("batch_dims", 0) + depth);
  return [{ type: x.type, shape: [...indices.shape.slice(0, -1), ...rest] }];
};

/** TopK: k values and their positions along an axis. */
const topK: ShapeRule = (node) => {
  const x = node.input(0);
  if (!x?.shape) return [x && { type: x.type }, { type: "int64" }];
  const k = node.has("k") ? node.int("k", 1) : (node.value(1)?.[0] ?? node.unknown());
  const shape = x.shape.with(axisAttribute(node, x.shape.length, -1), k);
  return [
    { type: x.type, shape },
    { type: "int64", shape },
  ];
};

/** NonZero: the positions as columns. */
const nonZero: ShapeRule = (node) => {
  const { shape } = node.input(0) ?? {};
  return [{ type: "int64", shape: shape && [shape.length, node.unknown()] }];
};

/** Compress: some of the elements, along an axis or of all. */
const compress: ShapeRule = (node) => {
  const x = node.input(0);
  if (!node.has("axis")) return [x && { type: x.type, shape: [node.unknown()] }];
  const shape = x?.shape?.with(axisAttribute(node, x.shape.length, 0), node.unknown());
  return [x && { type: x.type, shape }];
};

/** Unique: the distinct elements or slices, where they first are, which one each is, and how often. */
const unique: ShapeRule = (node) => {
  const x = node.input(0);
  const count = node.unknown();
  const counts = { type: "int64", shape: [count] } as const;
  const along = x?.shape && node.has("axis") ? axisAttribute(node, x.shape.length, 0) : undefined;
  const length = x?.shape && (along === undefined ? product(x.shape) : x.shape[along]);
  const shape = along === undefined ? [count] : x?.shape?.with(along, count);
  const inverse = { type: "int64", shape: length === undefined ? undefined : [length] } as const;
  return [x && { type: x.type, shape }, counts, inverse, counts];
};

/** CenterCropPad: the lengths asked for. */
const centerCropPad: ShapeRule = (node) => {
  const x = node.input(0);
  const target = node.value(1);
  if (!x?.shape || !target) return [x && { type: x.type }];
  const axes = node.ints("axes") ?? x.shape.map((_, axis) => axis);
  const shape = [...x.shape];
  for (const [at, axis] of axesWithin(node, axes, shape.length).entries()) shape[axis] = target[at];
  return [{ type: x.type, shape }];
};

/** Col2Im: columns of blocks back to [batch, channels, size…]. */
const col2Im: ShapeRule = (node) => {
  const x = node.input(0);
  const [size, block] = [node.value(1), node.numbers(2)];
  if (!x?.shape || !size || !block) return [x && { type: x.type }];
  const elements = block.reduce((all, length) => all * length, 1);
  return [{ type: x.type, shape: [x.shape[0], divideDown(x.shape[1], elements), ...size] }];
};

/** Rules by operator. */
export const indexingShapes: ShapeRules = {
  Concat: concat,
  Split: split,
  Slice: slice,
  Pad: pad,
  Expand: expand,
  Tile: tile,
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherND,
  Scatter: likeData,
  ScatterElements: likeData,
  ScatterND: likeData,
  TensorScatter: likeData,
  Trilu: likeData,
  ReverseSequence: likeData,
  TopK: topK,
  NonZero: nonZero,
  Compress: compress,
  Unique: unique,
  CenterCropPad: centerCropPad,
  Col2Im: col2Im,
};
