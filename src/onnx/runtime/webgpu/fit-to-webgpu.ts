// Puts what ONNX Runtime's WebGPU kernels refuse when they run into operators that they have, with the same results.

import { type Algebra, algebraOf, type Term } from "../../algebra.ts";
import { openGraph } from "../../builder.ts";
import { decodeModel } from "../../file/decode.ts";
import { encodeModel } from "../../file/encode.ts";
import type { OnnxModel, OnnxNode } from "../../model.ts";
import { removeDeadCode } from "../../passes/remove-dead-code.ts";
import { batchStatistics } from "./batch-statistics.ts";
import { groupedVolumes } from "./grouped-volumes.ts";
import { maxPoolGradient } from "./max-pool-gradient.ts";
import { spatialTransposedConvolution } from "./spatial-transposed-convolution.ts";

/** What a form may look at. */
export interface Surroundings {
  readonly m: Algebra;
  /** The node that gives a tensor. */
  makerOf(name: string): OnnxNode | undefined;
}

/** Terms that take the place of a node's outputs, by position; undefined where the node is none of this form's. */
export type Form = (node: OnnxNode, around: Surroundings) => readonly Term[] | undefined;

/** The runtime fails to place a Dropout that it has not taken out. */
const dropoutInInference: Form = (node, { m }) => {
  if (node.operator !== "Dropout" || node.inputs[2] || node.outputs[1]) return;
  return [m.op("Identity", [node.inputs[0]])];
};

const forms: readonly Form[] = [
  batchStatistics,
  dropoutInInference,
  groupedVolumes,
  maxPoolGradient,
  spatialTransposedConvolution,
];

/** The bytes of a model that computes the same on WebGPU; the bytes themselves where nothing is in the way. */
export function fitToWebGpu(bytes: Uint8Array): Uint8Array {
  const model = decodeModel(bytes);
  const fitted = fitModel(model);
  return fitted === model ? bytes : encodeModel(fitted);
}

/** A form may need others: the gradient of a pool over three axes has a ConvTranspose. */
function fitModel(model: OnnxModel): OnnxModel {
  const fitted = fitNodes(model);
  return fitted === model ? model : fitModel(fitted);
}

function fitNodes(model: OnnxModel): OnnxModel {
  const graph = openGraph(model);
  const makers = new Map(model.graph.nodes.flatMap((node) => node.outputs.map((o) => [o, node])));
  const around: Surroundings = { m: algebraOf(graph), makerOf: (name) => makers.get(name) };
  const nodes: OnnxNode[] = [];
  let changed = false;
  for (const node of model.graph.nodes) {
    const start = graph.nodes.length;
    const terms = formOf(node, around);
    nodes.push(...(terms ? renamed(graph.nodes.slice(start), terms, node.outputs) : [node]));
    changed ||= terms !== undefined;
  }
  if (!changed) return model;
  const built = graph.build();
  return withoutUnreadIndices(removeDeadCode({ ...built, graph: { ...built.graph, nodes } }));
}

function formOf(node: OnnxNode, around: Surroundings): readonly Term[] | undefined {
  if (node.domain !== "") return undefined;
  for (const form of forms) {
    const terms = form(node, around);
    if (terms) return terms;
  }
  return undefined;
}

/** The new nodes with the terms under the names of the outputs whose place they take. */
function renamed(
  nodes: readonly OnnxNode[],
  terms: readonly Term[],
  outputs: readonly string[],
): OnnxNode[] {
  const names = new Map(terms.map((term, at) => [term, outputs[at]]));
  const rename = (name: string) => names.get(name) || name;
  return nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
  }));
}

/** The model without outputs of pools that nobody reads: kernels compute, or refuse, every output that has a name. */
function withoutUnreadIndices(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const read = new Set([
    ...graph.nodes.flatMap(({ inputs }) => inputs),
    ...graph.outputs.map(({ name }) => name),
  ]);
  const nodes = graph.nodes.map((node) =>
    node.operator === "MaxPool" && !read.has(node.outputs[1])
      ? { ...node, outputs: node.outputs.slice(0, 1) }
      : node,
  );
  return { ...model, graph: { ...graph, nodes } };
}
