// What a model file is made of: inputs, outputs, operators with their parameters, and what its bundle states.

import { readFileBytes } from "#files";
import {
  type Attribute,
  decodeModel,
  type OnnxModel,
  type OnnxNode,
  type OnnxValue,
} from "../../onnx/index.ts";
import { type Bundle, readBundle } from "../../study/index.ts";
import { modelFile } from "./deployed-model.ts";
import { fourDigits } from "./four-digits.ts";

export interface ModelSummary {
  readonly title: string;
  /** Name, type, shape. */
  readonly inputs: readonly (readonly string[])[];
  readonly outputs: readonly (readonly string[])[];
  /** Operator, name, what it holds, number of parameters. */
  readonly layers: readonly (readonly string[])[];
  readonly parameterCount: number;
  /** Columns of the table the model takes: name, kind, range or categories. */
  readonly columns: readonly (readonly string[])[];
  /** Figures on rows it was not trained on: name, value, interval, N. */
  readonly metrics: readonly (readonly string[])[];
}

/**
 * Summarises an ONNX file, a bundle, or the bundle of a run folder.
 * @throws RoentgenError where it can't be read
 */
export async function summariseModel(path: string): Promise<ModelSummary> {
  const file = await modelFile(path);
  const bytes = await readFileBytes(file);
  const zipped = bytes[0] === 0x50 && bytes[1] === 0x4b;
  const bundle = zipped ? await readBundle(bytes, file) : undefined;
  const model = decodeModel(bundle?.model ?? bytes);
  const layers = describeLayers(model);
  return {
    title: bundle
      ? describeBundle(bundle)
      : `ONNX model by ${model.producer || "an unknown producer"}`,
    inputs: model.graph.inputs.map(describeValue),
    outputs: model.graph.outputs.map(describeValue),
    layers: layers.map(({ cells, parameters }) => [...cells, count(parameters)]),
    parameterCount: layers.reduce((sum, { parameters }) => sum + parameters, 0),
    columns: bundle?.manifest.inputs.map(describeColumn) ?? [],
    metrics: bundle?.manifest.metrics.map(describeMetric) ?? [],
  };
}

function describeBundle({ manifest }: Bundle): string {
  const { name, learner, target, training } = manifest;
  const classes =
    target.task === "classification" ? ` (${target.classes.map((c) => c.name).join(", ")})` : "";
  return `${name}: ${learner}, ${target.task} of ${target.name}${classes}, trained on ${count(training.rows)} rows`;
}

function describeValue({ name, type, shape }: OnnxValue): string[] {
  return [name, type ?? "of any type", shape ? `[${shape.join(", ")}]` : "of any rank"];
}

interface Layer {
  readonly cells: readonly [operator: string, name: string, holds: string];
  readonly parameters: number;
}

/** One line a node; numbers that two nodes share count with the first. */
function describeLayers({ graph }: OnnxModel): Layer[] {
  const sizes = new Map(graph.initializers.map(({ name, data }) => [name, data.length]));
  return graph.nodes.map((node) => {
    let parameters = 0;
    for (const input of node.inputs) {
      parameters += sizes.get(input) ?? 0;
      sizes.delete(input);
    }
    const operator = node.domain ? `${node.domain}.${node.operator}` : node.operator;
    const held = contentsOf(node);
    return { cells: [operator, node.name, held.text], parameters: parameters + held.parameters };
  });
}

function contentsOf({ operator, attributes }: OnnxNode): { text: string; parameters: number } {
  if (operator.startsWith("TreeEnsemble")) return treesOf(attributes);
  const categories = attributes.cats_strings;
  if (categories?.kind === "strings")
    return { text: `${categories.value.length} categories`, parameters: 0 };
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

function describeColumn(input: Bundle["manifest"]["inputs"][number]): string[] {
  if (input.kind === "category")
    return [input.name, "text", input.categories.slice(0, 6).join(", ")];
  const { minimum, maximum } = input;
  return [
    input.name,
    "number",
    minimum === null || maximum === null
      ? "always missing"
      : `${fourDigits(minimum)} to ${fourDigits(maximum)}`,
  ];
}

function describeMetric({
  label,
  value,
  low,
  high,
  n,
}: Bundle["manifest"]["metrics"][number]): string[] {
  const interval = low === null || high === null ? "" : `${fourDigits(low)} to ${fourDigits(high)}`;
  return [label, value === null ? "undefined" : fourDigits(value), interval, String(n)];
}

function count(value: number): string {
  return value.toLocaleString("en");
}
