// Which tensors of a graph hang together: what a tensor is made from, what is made from it, and what all ways lead through.

import type { OnnxGraph, OnnxNode } from "../onnx/index.ts";

/** Operators that pass on how long a tensor is, not what is in it. */
const LENGTHS = /^(Shape|Size)$/;

/** Tensors that are made from one of the given ones, these included, without passing through `around`. */
export function madeFrom(
  { nodes }: Pick<OnnxGraph, "nodes">,
  starts: Iterable<string>,
  { around }: { around?: string } = {},
): Set<string> {
  const reached = new Set(starts);
  for (const { operator, inputs, outputs } of nodes) {
    if (LENGTHS.test(operator)) continue;
    if (!inputs.some((name) => name !== around && reached.has(name))) continue;
    for (const name of outputs) if (name) reached.add(name);
  }
  return reached;
}

/** Tensors that a tensor is made from, itself included. */
export function neededFor({ nodes }: Pick<OnnxGraph, "nodes">, end: string): Set<string> {
  const needed = new Set([end]);
  for (const { operator, inputs, outputs } of nodes.toReversed()) {
    if (LENGTHS.test(operator)) continue;
    if (!outputs.some((name) => needed.has(name))) continue;
    for (const name of inputs) if (name) needed.add(name);
  }
  return needed;
}

/** Whether every way from one tensor to another leads through a third. */
export function leadsThrough(
  graph: Pick<OnnxGraph, "nodes">,
  { from, to, through }: { from: string; to: string; through: string },
): boolean {
  if (through === from) return true;
  return !madeFrom(graph, [from], { around: through }).has(to) || through === to;
}

/** The node that makes a tensor; none makes inputs and constants. */
export function makerOf({ nodes }: Pick<OnnxGraph, "nodes">, tensor: string): OnnxNode | undefined {
  return nodes.find(({ outputs }) => outputs.includes(tensor));
}
