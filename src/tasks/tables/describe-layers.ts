// What the nodes of a model hold and give, one line a node.

import {
  type Attribute,
  type Dimension,
  inferTypes,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type TensorType,
} from "../../onnx/index.ts";

export interface Layer {
  readonly cells: readonly [operator: string, name: string, holds: string, gives: string];
  readonly parameters: number;
}

/** One line a node, those of graphs inside it indented below; numbers that two nodes share count with the first. */
export function describeLayers(model: OnnxModel): Layer[] {
  const listing = { types: inferTypes(model), sizes: new Map<string, number>() };
  return linesOf(model.graph, "", listing);
}

/** "[N, 3, 64, 64]"; "?" for lengths that the file leaves open. */
export function describeShape(shape: readonly Dimension[]): string {
  return `[${shape.map((length) => (String(length).includes("?") ? "?" : length)).join(", ")}]`;
}

interface Listing {
  readonly types: ReadonlyMap<string, TensorType>;
  /** Parameters of each initializer that no line has counted yet. */
  readonly sizes: Map<string, number>;
}

function linesOf(graph: OnnxGraph, indent: string, listing: Listing): Layer[] {
  const { types, sizes } = listing;
  for (const tensor of graph.initializers) sizes.set(tensor.name, parametersOf(tensor));
  return graph.nodes.flatMap((node) => {
    let parameters = 0;
    for (const input of node.inputs) {
      parameters += sizes.get(input) ?? 0;
      sizes.delete(input);
    }
    const operator = node.domain ? `${node.domain}.${node.operator}` : node.operator;
    const held = contentsOf(node);
    const gives = node.outputs.map((name) => types.get(name)?.shape).filter((shape) => shape);
    const line: Layer = {
      cells: [
        `${indent}${operator}`,
        node.name,
        held.text,
        gives.map((shape) => describeShape(shape ?? [])).join(" "),
      ],
      parameters: parameters + held.parameters,
    };
    return [line, ...linesInside(node, indent, listing)];
  });
}

/** Lines of the graphs that a node holds, each under the name of its attribute. */
function linesInside(node: OnnxNode, indent: string, listing: Listing): Layer[] {
  return Object.entries(node.attributes).flatMap(([name, attribute]) => {
    const graphs =
      attribute.kind === "graph"
        ? [attribute.value]
        : attribute.kind === "graphs"
          ? attribute.value
          : [];
    return graphs.flatMap((graph): Layer[] => [
      { cells: [`${indent}  ${name}:`, "", "", ""], parameters: 0 },
      ...linesOf(graph, `${indent}    `, listing),
    ]);
  });
}

/** Integers are shapes, axes and indices; they are not learnt. */
function parametersOf({ type, data }: OnnxTensor): number {
  const isLearnt = !["int64", "int32", "bool", "string"].includes(type);
  return isLearnt ? data.length : 0;
}

function contentsOf({ operator, attributes }: OnnxNode): { text: string; parameters: number } {
  if (operator.startsWith("TreeEnsemble")) return treesOf(attributes);
  const categories = attributes.cats_strings;
  if (categories?.kind === "strings")
    return { text: `${categories.value.length} categories`, parameters: 0 };
  if (operator === "Constant" && attributes.value?.kind === "tensor")
    return { text: "", parameters: parametersOf(attributes.value.value) };
  const coefficients = attributes.coefficients;
  const parameters = coefficients?.kind === "floats" ? coefficients.value.length : 0;
  return { text: "", parameters };
}

function treesOf(attributes: Readonly<Record<string, Attribute>>): {
  text: string;
  parameters: number;
} {
  const trees = attributes.nodes_treeids;
  const modes = attributes.nodes_modes;
  if (trees?.kind !== "ints" || modes?.kind !== "strings") return { text: "", parameters: 0 };
  const leaves = modes.value.filter((mode) => mode === "LEAF").length;
  const splits = modes.value.length - leaves;
  const text = `${count(new Set(Array.from(trees.value)).size)} trees, ${count(splits)} splits, ${count(leaves)} leaves`;
  const weights =
    attributes.class_weights ??
    attributes.target_weights ??
    attributes.class_weights_as_tensor ??
    attributes.target_weights_as_tensor;
  const values =
    weights?.kind === "floats"
      ? weights.value.length
      : weights?.kind === "tensor"
        ? weights.value.data.length
        : leaves;
  return { text, parameters: splits + values };
}

function count(value: number): string {
  return value.toLocaleString("en");
}
