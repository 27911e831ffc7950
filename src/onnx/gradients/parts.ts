// Gradients of operators that cut tensors apart, put them together and pad them.

import type { Algebra, Term } from "../algebra.ts";
import { type Attribute, int } from "../model.ts";
import { axisOf } from "../shapes/dimensions.ts";
import { atPositions, positionsOf } from "./positions.ts";
import type { ForwardNode, GradientRule, GradientRules } from "./rule.ts";

/** Concat: each input gets its part. */
const concat: GradientRule = (node, m, dy) => {
  const shapes = node.inputs.map((input) => m.graph.shapeOf(input));
  const axis = axisOf(node.int("axis", 0), shapes[0].length);
  const lengths = shapes.map((shape) => shape[axis]);
  if (lengths.length === 1) return [dy];
  return m.graph.nodeWithOutputs("Split", [dy, m.lengths(lengths)], lengths.length, {
    axis: int(axis),
  });
};

/** Split: the parts together, with zeros for those that the loss does not depend on. */
const split: GradientRule = (node, m, dy) => {
  const parts = node.outputs.map(
    (output, index) => node.gradient(index) ?? m.fill(0, m.graph.shapeOf(output), dy),
  );
  return [m.op("Concat", parts, { axis: int(node.int("axis", 0)) })];
};

/** Slice: dy in its place, zeros around it and between its steps. */
const slice: GradientRule = (node, m, dy) => {
  const [x, ...bounds] = node.inputs;
  const [starts, , axes, steps] = bounds.map((name) => m.graph.valueOf(name)?.map(Number));
  const isKnown = bounds.every((name) => !name || m.graph.valueOf(name));
  if (!isKnown) return [atPositions(m, { x, dy, positions: positionsThrough(node, m) })];
  const shape = m.graph.shapeOf(x);
  const [length, rank] = [m.graph.shapeOf(dy), shape.length];
  const cuts = shape.map((_, axis) => ({ first: 0, step: 1, count: length[axis] }));
  for (const [at, start] of (starts ?? []).entries()) {
    const axis = axisOf(axes?.[at] ?? at, rank);
    const step = steps?.[at] ?? 1;
    cuts[axis] = { first: firstOf(start, step, shape[axis]), step, count: length[axis] };
  }
  return [placed(m, dy, shape, cuts)];
};

/** The elements taken of one axis: `count` of them from `first` in steps. */
interface Cut {
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

function firstOf(start: number, step: number, length: number): number {
  const at = start < 0 ? start + length : start;
  return step > 0 ? Math.min(Math.max(at, 0), length) : Math.min(Math.max(at, -1), length - 1);
}

/** Puts what was cut back among zeros. */
function placed(m: Algebra, dy: Term, shape: readonly number[], cuts: readonly Cut[]): Term {
  let term = dy;
  const backwards = cuts.flatMap(({ step }, axis) => (step < 0 ? [axis] : []));
  if (backwards.length > 0) term = reversed(m, term, backwards);
  const spread = cuts.map(({ step, count }) => (count > 1 ? Math.abs(step) : 1));
  if (spread.some((step) => step > 1)) term = spaced(m, term, cuts, spread);
  const before = cuts.map(({ first, step, count }) =>
    step < 0 ? first + (count - 1) * step : first,
  );
  const after = cuts.map(({ count }, axis) => shape[axis] - before[axis] - count * spread[axis]);
  const amounts = [...before, ...after];
  return amounts.every((amount) => amount === 0) ? term : m.op("Pad", [term, m.lengths(amounts)]);
}

/** In the opposite order along some axes. */
function reversed(m: Algebra, term: Term, axes: readonly number[]): Term {
  const [first, last, step] = [-1, -(2 ** 31), -1].map((value) => m.lengths(axes.map(() => value)));
  return m.op("Slice", [term, first, last, m.lengths(axes), step]);
}

/** With zeros after every element, so that elements are `spread` apart. */
function spaced(m: Algebra, term: Term, cuts: readonly Cut[], spread: readonly number[]): Term {
  const pairs = m.reshape(
    term,
    cuts.flatMap(({ count }, axis) => (spread[axis] > 1 ? [count, 1] : [count])),
  );
  const zeros = spread.flatMap((step) => (step > 1 ? [0, step - 1] : [0]));
  const amounts = m.lengths([...zeros.map(() => 0), ...zeros]);
  return m.reshape(
    m.op("Pad", [pairs, amounts]),
    cuts.map(({ count }, axis) => count * spread[axis]),
  );
}

/** Pad: with a constant the padding cut off again; else each copy goes back to the element that it copied. */
const pad: GradientRule = (node, m, dy) => {
  const [x, amounts, value, axes] = node.inputs;
  if (node.text("mode", "constant") !== "constant") {
    return [atPositions(m, { x, dy, positions: positionsThrough(node, m) })];
  }
  const undone = axes ? [m.neg(amounts), "", axes] : [m.neg(amounts)];
  const known = m.graph.valueOf(amounts)?.map(Number);
  const back = known ? [m.lengths(known.map((amount) => 0 - amount)), ...undone.slice(1)] : undone;
  const dx = m.op("Pad", [dy, ...back]);
  const around = () => m.sub(m.sum(dy), m.sum(dx));
  return [
    node.wants(0) ? dx : undefined,
    undefined,
    value && node.wants(2) ? m.reshape(around(), m.shapeTensor(value)) : undefined,
  ];
};

/** Which element of the input each element of the output is: the operator, run on the positions of its input. */
function positionsThrough(node: ForwardNode, m: Algebra): Term {
  const mode = node.text("mode", "");
  const attributes: Record<string, Attribute> = mode
    ? { mode: { kind: "string", value: mode } }
    : {};
  const [x, ...others] = node.inputs;
  return m.op(node.operator, [positionsOf(m, m.graph.shapeOf(x)), ...others], attributes);
}

/** Rules by operator. */
export const partGradients: GradientRules = {
  Concat: concat,
  Split: split,
  Slice: slice,
  Pad: pad,
};
