// Convolutions and matrix products in float16, everything else in float32.
// Micikevicius and others: "Mixed precision training", 2018, section 3: weights stay in float32 and are rounded for products;
// losses, statistics, softmax and sums are taken in float32.

import { type GraphBuilder, openGraph } from "../builder.ts";
import { int, type OnnxModel, type OnnxNode } from "../model.ts";
import { readsOf } from "./subgraphs.ts";

/** TensorProto.DataType. */
const [FLOAT, FLOAT16] = [1, 10];

const PRODUCTS = new Set("Conv ConvTranspose Gemm MatMul".split(" "));

/** Operators that only choose or move elements of their first input: rounding before or after them is the same. */
const ARRANGEMENTS = new Set(
  "Expand Flatten Identity MaxPool Pad Relu Reshape Slice Split Squeeze Transpose Unsqueeze".split(
    " ",
  ),
);

/**
 * The model with its float32 products taken of numbers rounded to float16. What lies between two products and only moves
 * numbers stays in float16; inputs and outputs keep their types.
 */
export function mixedPrecision(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const reserved = graph.nodes.flatMap(({ name, outputs }) => [name, ...outputs]);
  const bare = { ...model, graph: { ...graph, nodes: [], outputs: [], values: [] } };
  const builder = openGraph(bare, { reserved });
  const rounding = roundingOf(builder);
  for (const node of graph.nodes) {
    if (isHalved(node, rounding)) rounding.append(node);
    else {
      for (const name of readsOf(node)) rounding.restore(name);
      builder.append(node);
    }
  }
  for (const { name } of graph.outputs) rounding.restore(name);
  const built = builder.build();
  return { ...built, graph: { ...built.graph, outputs: graph.outputs } };
}

/** Tensors that are there in float16, and those that are not yet there in float32. */
interface Rounding {
  /** Whether a tensor is there in float16. */
  has(name: string): boolean;
  /** Whether it is of float32, in whichever form it is there. */
  isFloat(name: string): boolean;
  /** Adds a node whose float32 inputs and outputs are taken in float16. */
  append(node: OnnxNode): void;
  /** Makes a tensor that is there in float16 alone be there under its own name. */
  restore(name: string): void;
}

function roundingOf(builder: GraphBuilder): Rounding {
  const halves = new Map<string, string>();
  const owed = new Set<string>();

  const isFloat = (name: string) =>
    name !== "" && (owed.has(name) || builder.typeOf(name)?.type === "float32");

  function half(name: string): string {
    const found = halves.get(name) ?? builder.node("Cast", [name], { to: int(FLOAT16) });
    halves.set(name, found);
    return found;
  }

  return {
    isFloat,
    has: (name) => halves.has(name),
    append(node) {
      const inputs = node.inputs.map((name) => (isFloat(name) ? half(name) : name));
      const { operator, attributes, domain } = node;
      const made = builder.nodeWithOutputs(operator, inputs, node.outputs.length, attributes, {
        domain,
      });
      for (const [at, name] of node.outputs.entries()) {
        halves.set(name, made[at]);
        owed.add(name);
      }
    },
    restore(name) {
      if (!owed.delete(name)) return;
      builder.node("Cast", [half(name)], { to: int(FLOAT) }, { output: name });
    },
  };
}

function isHalved(node: OnnxNode, { has, isFloat }: Rounding): boolean {
  if (node.domain !== "" || node.outputs.some((name) => name === "")) return false;
  if (PRODUCTS.has(node.operator)) return node.inputs.every((name) => name === "" || isFloat(name));
  if (node.operator === "Concat") return node.inputs.every(has);
  // Positions of maxima, and numbers to pad with, are not of the same type.
  const isPlain = !(node.operator === "MaxPool" && node.outputs.length > 1) && !padsWith(node);
  return ARRANGEMENTS.has(node.operator) && isPlain && has(node.inputs[0]);
}

function padsWith({ operator, inputs }: OnnxNode): boolean {
  return operator === "Pad" && Boolean(inputs[2]);
}
