// Gradient checkpointing: a graph under construction whose new nodes read tensors computed again from checkpoints.
// Chen, Xu, Zhang, Guestrin: "Training Deep Nets with Sublinear Memory Cost", 2016 (arXiv:1604.06174), algorithm 1.

import { algebraOf, type Term } from "../algebra.ts";
import type { GraphBuilder } from "../builder.ts";
import type { OnnxNode } from "../model.ts";

export interface RecomputeOptions {
  /** The forward nodes. */
  readonly nodes: readonly OnnxNode[];
  /** Outputs of theirs that are kept. */
  readonly checkpoints: readonly Term[];
}

/** A graph for the gradient's nodes. */
export interface Recomputation {
  readonly graph: GraphBuilder;
  /** Tells that the gradients of a forward node come next, and the gradient that has arrived there. */
  readonly enter: (node: OnnxNode, gradient: Term) => void;
}

/** What draws new numbers when it runs again; its outputs are kept. */
const RANDOM =
  /^(Dropout|Bernoulli|Multinomial|RandomNormal|RandomUniform|RandomNormalLike|RandomUniformLike)$/;

/**
 * A view on the graph: nodes added through it read forward tensors by names of second copies, which are computed from
 * the checkpoints when first asked for. ONNX Runtime merges equal nodes and runs nodes as soon as their inputs are
 * there, so each copy starts from checkpoint + 0, where the 0 is taken from the gradient that has arrived.
 */
export function recomputing(
  graph: GraphBuilder,
  { nodes, checkpoints }: RecomputeOptions,
): Recomputation {
  const m = algebraOf(graph);
  const kept = new Set(checkpoints);
  const makers = new Map<Term, OnnxNode>();
  for (const node of nodes) {
    if (RANDOM.test(node.operator)) for (const name of node.outputs) kept.add(name);
    else for (const name of node.outputs) if (name && !isCheap(graph, name)) makers.set(name, node);
  }
  const segments = segmentsOf(nodes, kept);
  const copies = new Map<Term, Term>();
  const late = new Map<Term, Term>();
  let segment = 0;
  let arrived: Term = "";

  /** The tensor plus a 0 that is there only once the backward pass has come to this segment. */
  function delayed(name: Term): Term {
    const key = `${segment}:${name}`;
    const found = late.get(key) ?? m.add(name, m.castLike(zeroFrom(arrived), name));
    late.set(key, found);
    return found;
  }

  /** 0 for finite, infinite and undefined gradients alike. */
  function zeroFrom(gradient: Term): Term {
    const key = `${segment}:`;
    const found = late.get(key);
    if (found) return found;
    const first = m.op("Gather", [m.reshape(gradient, [-1]), m.scalarLike(0, m.lengths([0]))]);
    const zero = m.mul(m.op("CastLike", [m.op("IsNaN", [first]), gradient]), 0);
    late.set(key, zero);
    return zero;
  }

  function recomputed(name: Term): Term {
    if (kept.has(name) || !makers.has(name)) return name;
    const found = copies.get(name);
    if (found) return found;
    const node = makers.get(name) as OnnxNode;
    const inputs = node.inputs.map((input) =>
      kept.has(input) ? delayed(input) : recomputed(input),
    );
    const isNew = inputs.some((input, index) => input !== node.inputs[index]);
    if (!isNew && inputs[0]) inputs[0] = delayed(inputs[0]);
    const outputs = graph.nodeWithOutputs(
      node.operator,
      inputs,
      node.outputs.length,
      node.attributes,
      {
        domain: node.domain,
      },
    );
    for (const [index, output] of node.outputs.entries()) copies.set(output, outputs[index]);
    return outputs[node.outputs.indexOf(name)];
  }

  const view: GraphBuilder = {
    ...graph,
    node: (operator, inputs, attributes, options) =>
      graph.node(operator, inputs.map(recomputed), attributes, options),
    nodeWithOutputs: (operator, inputs, count, attributes, options) =>
      graph.nodeWithOutputs(operator, inputs.map(recomputed), count, attributes, options),
    append: (node) => graph.append({ ...node, inputs: node.inputs.map(recomputed) }),
    extraOutput: (output, index) => graph.extraOutput(recomputed(output), index),
  };
  return {
    graph: view,
    enter(node, gradient) {
      segment = segments.get(node) ?? segment;
      arrived = gradient;
    },
  };
}

/** Small integer tensors of known content are shapes: not worth a second computation. */
function isCheap(graph: GraphBuilder, name: Term): boolean {
  return graph.valueOf(name) !== undefined || graph.constantOf(name) !== undefined;
}

/** The number of checkpoints made before each node. */
function segmentsOf(nodes: readonly OnnxNode[], kept: ReadonlySet<Term>): Map<OnnxNode, number> {
  let count = 0;
  const segments = new Map<OnnxNode, number>();
  for (const node of nodes) {
    segments.set(node, count);
    if (node.outputs.some((name) => kept.has(name))) count++;
  }
  return segments;
}
