// Types and shapes of operators that run graphs: what their bodies give.

import type { Dimension, OnnxGraph, TensorType } from "../model.ts";
import type { InferredNode, ShapeRule, ShapeRules } from "./rule.ts";

type MaybeType = TensorType | undefined;

/** If: what both branches agree on, or the branch that a constant condition takes. */
const branch: ShapeRule = (node, inferGraph) => {
  const [yes, no] = [graphOf(node, "then_branch"), graphOf(node, "else_branch")];
  const condition = node.value(0)?.[0];
  if (typeof condition === "number") return inferGraph(condition ? yes : no, []);
  const others = inferGraph(no, []);
  return inferGraph(yes, []).map((type, index) => agreed(node, type, others[index]));
};

/** Loop: carried tensors as they stay from one round to the next, then what each round gives, stacked. */
const loop: ShapeRule = (node, inferGraph) => {
  const body = graphOf(node, "body");
  const start = Array.from({ length: node.inputCount - 2 }, (_, at) => node.input(at + 2));
  const counters: TensorType[] = [
    { type: "int64", shape: [] },
    { type: "bool", shape: [] },
  ];
  const { carried, outputs } = settled(node, start, (states) =>
    inferGraph(body, [...counters, ...states]).slice(1),
  );
  const stacked = outputs
    .slice(start.length)
    .map(
      (type) => type && { type: type.type, shape: type.shape && [node.unknown(), ...type.shape] },
    );
  return [...carried, ...stacked];
};

/** Scan: states as in Loop; the other inputs are taken apart along an axis, and the outputs put together along one. */
const scan: ShapeRule = (node, inferGraph) => {
  if (node.opset < 9) return [];
  const body = graphOf(node, "body");
  const count = node.int("num_scan_inputs", 1);
  const stateCount = node.inputCount - count;
  const start = Array.from({ length: stateCount }, (_, at) => node.input(at));
  const scanned = Array.from({ length: count }, (_, at) => node.input(stateCount + at));
  const axes = node.ints("scan_input_axes") ?? scanned.map(() => 0);
  const slices = scanned.map((type, at) => withoutAxis(type, axes[at]));
  const length = scanned[0]?.shape?.at(axes[0]) ?? node.unknown();
  const { carried, outputs } = settled(node, start, (states) =>
    inferGraph(body, [...states, ...slices]),
  );
  const results = outputs.slice(stateCount);
  const outputAxes = node.ints("scan_output_axes") ?? results.map(() => 0);
  return [...carried, ...results.map((type, at) => withAxis(type, outputAxes[at], length))];
};

/** Types of carried tensors that a round keeps: lengths that it changes are not known. */
function settled(
  node: InferredNode,
  start: readonly MaybeType[],
  round: (states: readonly MaybeType[]) => readonly MaybeType[],
): { carried: readonly MaybeType[]; outputs: readonly MaybeType[] } {
  let carried = start;
  // Each time around at least one more length becomes unknown, until none is left.
  for (;;) {
    const outputs = round(carried);
    const next = carried.map((type, at) => agreed(node, type, outputs[at]));
    const isSettled = next.every((type, at) => sameShape(type, carried[at]));
    if (isSettled) return { carried, outputs };
    carried = next;
  }
}

function sameShape(a: MaybeType, b: MaybeType): boolean {
  const isOpen = (length: Dimension) => typeof length === "string" && length.startsWith("?");
  const key = (type: MaybeType) =>
    type?.shape?.map((length) => (isOpen(length) ? "?" : length)).join() ?? "none";
  return key(a) === key(b);
}

/** What two types have in common. */
function agreed(node: InferredNode, a: MaybeType, b: MaybeType): MaybeType {
  if (!a || !b || a.type !== b.type) return undefined;
  if (a.shape?.length !== b.shape?.length || !a.shape) return { type: a.type };
  const shape = a.shape.map((length, axis) =>
    length === b.shape?.[axis] ? length : node.unknown(),
  );
  return { type: a.type, shape };
}

function withoutAxis(type: MaybeType, axis: number): MaybeType {
  return type && { type: type.type, shape: type.shape?.toSpliced(axis, 1) };
}

function withAxis(type: MaybeType, axis: number, length: Dimension): MaybeType {
  if (!type?.shape) return type;
  const at = axis < 0 ? axis + type.shape.length + 1 : axis;
  return { type: type.type, shape: type.shape.toSpliced(at, 0, length) };
}

function graphOf(node: InferredNode, name: string): OnnxGraph {
  return node.graph(name) ?? node.fail(`a graph as attribute "${name}"`);
}

/** Rules by operator. */
export const controlFlowShapes: ShapeRules = { If: branch, Loop: loop, Scan: scan };
