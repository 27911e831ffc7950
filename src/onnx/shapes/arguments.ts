// Arguments that operators took as attributes in older opsets and take as inputs now: one reading for both, shared by
// shape inference and evaluation.

import { axisOf } from "./dimensions.ts";
import type { InferredNode } from "./rule.ts";

/** What reading an argument takes of a node. */
export type ArgumentReader = Pick<
  InferredNode,
  "int" | "ints" | "numbers" | "hasInput" | "has" | "fail"
>;

/** A list of integers from an attribute or an input; [] where neither is given, undefined where it is not known. */
export function integersOf(
  node: ArgumentReader,
  { attribute, input }: { attribute: string; input: number },
): number[] | undefined {
  return node.ints(attribute) ?? (node.hasInput(input) ? node.numbers(input) : []);
}

/** Positions of axes that may count from the end, in order. */
export function axesWithin(node: ArgumentReader, axes: readonly number[], rank: number): number[] {
  const found = axes.map((axis) => axisOf(axis, rank));
  if (found.some(Number.isNaN))
    node.fail(`axes within −${rank} … ${rank - 1}, not [${axes.join(", ")}]`);
  return found;
}

/** The position of the axis in attribute `axis`. */
export function axisAttribute(node: ArgumentReader, rank: number, fallback: number): number {
  return axesWithin(node, [node.int("axis", fallback)], rank)[0];
}

/** Axes that a reduction works along; undefined where they are not known before the model runs. */
export function reducedAxes(node: ArgumentReader, rank: number): number[] | undefined {
  const given = integersOf(node, { attribute: "axes", input: 1 });
  if (!given) return undefined;
  if (given.length > 0) return axesWithin(node, given, rank).sort((a, b) => a - b);
  if (node.int("noop_with_empty_axes", 0) === 1) return [];
  return Array.from({ length: rank }, (_, axis) => axis);
}

/** What a slice takes of one axis. */
export interface AxisSlice {
  readonly axis: number;
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** The slice of an axis of known length, with start, end and step as numpy takes them. */
export function axisSlice(
  axis: number,
  length: number,
  { start, end, step }: { start: number; end: number; step: number },
): AxisSlice {
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  const within = (at: number, least: number) =>
    Math.min(Math.max(at < 0 ? at + length : at, least), high);
  const first = within(start, 0);
  const count = Math.max(0, Math.ceil((within(end, low) - first) / step));
  return { axis, start: first, step, count };
}

/** Amounts before and after every axis that Pad adds (negative ones cut); undefined where they are not known. */
export function padAmounts(
  node: ArgumentReader,
  rank: number,
): { before: number[]; after: number[] } | undefined {
  const amounts =
    node.ints("pads") ?? node.ints("paddings") ?? (node.hasInput(1) ? node.numbers(1) : undefined);
  const axes = node.hasInput(3) ? node.numbers(3) : Array.from({ length: rank }, (_, axis) => axis);
  if (!amounts || !axes) return undefined;
  if (amounts.length !== 2 * axes.length) node.fail(`two amounts for each of ${axes.length} axes`);
  const [before, after] = [new Array<number>(rank).fill(0), new Array<number>(rank).fill(0)];
  for (const [at, axis] of axesWithin(node, axes, rank).entries()) {
    before[axis] = amounts[at];
    after[axis] = amounts[at + axes.length];
  }
  return { before, after };
}

/** Lengths of the parts that Split makes of an axis; undefined where they are not known. */
export function splitLengths(
  node: ArgumentReader & { readonly outputCount: number },
  length: number | undefined,
): number[] | undefined {
  const given = integersOf(node, { attribute: "split", input: 1 });
  if (given?.length) return given;
  const parts = node.int("num_outputs", node.outputCount);
  if (!given || length === undefined) return undefined;
  // Opset 18: the last part is smaller where the length does not divide.
  const each = Math.ceil(length / parts);
  return Array.from({ length: parts }, (_, at) => Math.min(each, length - at * each));
}
