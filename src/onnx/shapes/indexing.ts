// Shapes of operators that cut out, put together and pick elements.

import type { Dimension } from "../model.ts";
import { broadcastShapes } from "./broadcast.ts";
import { add, axisOf } from "./dimensions.ts";
import type { ShapeRule } from "./rule.ts";

/** Concat: the lengths along `axis` add up. */
const concat: ShapeRule = (node) => {
  const inputs = Array.from({ length: node.inputCount }, (_, index) => node.input(index));
  const first = inputs[0];
  if (!first?.shape || !inputs.every((input) => input?.shape))
    return [first && { type: first.type }];
  const axis = axisOf(node.int("axis", 0), first.shape.length);
  const shapes = inputs.map((input) => input?.shape ?? []);
  const total = shapes.map((shape) => shape[axis]).reduce(add);
  return [{ type: first.type, shape: first.shape.with(axis, total) }];
};

/** Slice along some axes, with starts, ends and steps as numpy takes them. */
const slice: ShapeRule = (node) => {
  const x = node.input(0);
  const [starts, ends] = [
    node.ints("starts") ?? node.numbers(1),
    node.ints("ends") ?? node.numbers(2),
  ];
  if (!x?.shape || !starts || !ends)
    return [x && { type: x.type, shape: x.shape?.map(() => node.unknown()) }];
  const axes =
    node.ints("axes") ?? (node.hasInput(3) ? node.numbers(3) : starts.map((_, at) => at));
  const steps = node.hasInput(4) ? node.numbers(4) : starts.map(() => 1);
  if (!axes || !steps) return [{ type: x.type, shape: x.shape.map(() => node.unknown()) }];
  const shape = [...x.shape];
  for (const [at, given] of axes.entries()) {
    const axis = axisOf(given, shape.length);
    const length = shape[axis];
    shape[axis] =
      typeof length === "number"
        ? sliceLength(length, starts[at], ends[at], steps[at])
        : node.unknown();
  }
  return [{ type: x.type, shape }];
};

/** Number of elements that a slice takes of an axis. */
function sliceLength(length: number, start: number, end: number, step: number): number {
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  const clamp = (at: number) => Math.min(Math.max(at < 0 ? at + length : at, low), high);
  return Math.max(0, Math.ceil((clamp(end) - clamp(start)) / step));
}

/** Pad: lengths grow by the amounts before and after. */
const pad: ShapeRule = (node) => {
  const x = node.input(0);
  const amounts = node.ints("pads") ?? node.numbers(1);
  if (!x?.shape) return [x && { type: x.type }];
  if (!amounts) return [{ type: x.type, shape: x.shape.map(() => node.unknown()) }];
  const axes = (node.hasInput(3) && node.numbers(3)) || x.shape.map((_, axis) => axis);
  const shape = [...x.shape];
  for (const [at, given] of axes.entries()) {
    const axis = axisOf(given, shape.length);
    shape[axis] = add(shape[axis], amounts[at] + amounts[at + axes.length]);
  }
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

/** ScatterElements, ScatterND: like the data. */
const scatter: ShapeRule = (node) => [node.input(0)];

/** Rules by operator. */
export const indexingShapes: Readonly<Record<string, ShapeRule>> = {
  Concat: concat,
  Slice: slice,
  Pad: pad,
  Expand: expand,
  ScatterElements: scatter,
  ScatterND: scatter,
};
