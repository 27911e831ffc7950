// Builds an ONNX graph node by node; every call returns the names of the tensors it made.

import type { Attribute, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from "./model.ts";

/** Domain of the classical machine-learning operators. */
export const ML = "ai.onnx.ml";

/** Collects the nodes of a graph and names their outputs. */
export interface GraphBuilder {
  /** Declares a graph input and returns its name. */
  input(value: OnnxValue): string;
  /** Adds a constant and returns its name. */
  constant(tensor: OnnxTensor, hint?: string): string;
  /** Adds a node with one output and returns that output's name. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes?: Record<string, Attribute>,
    options?: { domain?: string; output?: string },
  ): string;
  /** Adds a node with several outputs and returns their names. */
  nodeWithOutputs(
    operator: string,
    inputs: readonly string[],
    outputCount: number,
    attributes?: Record<string, Attribute>,
    options?: { domain?: string },
  ): string[];
  /** Declares a graph output: `value.name` becomes the public name of the tensor `from`. */
  output(value: OnnxValue, from: string): void;
  /** The finished model. */
  build(options?: { name?: string; metadata?: Record<string, string> }): OnnxModel;
}

/** Starts an empty graph on opset 17 and ai.onnx.ml 3, which every ONNX Runtime since 1.12 runs. */
export function graphBuilder(): GraphBuilder {
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  const initializers: (OnnxTensor & { name: string })[] = [];
  const nodes: OnnxNode[] = [];
  const counts = new Map<string, number>();

  function fresh(hint: string): string {
    const count = counts.get(hint) ?? 0;
    counts.set(hint, count + 1);
    return count === 0 ? hint : `${hint}_${count}`;
  }

  function nodeWithOutputs(
    operator: string,
    nodeInputs: readonly string[],
    outputCount: number,
    attributes: Record<string, Attribute> = {},
    { domain = "" }: { domain?: string } = {},
  ): string[] {
    const name = fresh(operator);
    const nodeOutputs = Array.from({ length: outputCount }, (_, index) =>
      fresh(`${name}:${index}`),
    );
    nodes.push({ operator, domain, name, inputs: nodeInputs, outputs: nodeOutputs, attributes });
    return nodeOutputs;
  }

  return {
    input(value) {
      // Reserved, so that no constant or node takes the name.
      counts.set(value.name, (counts.get(value.name) ?? 0) + 1);
      inputs.push(value);
      return value.name;
    },
    constant(tensor, hint = tensor.name ?? "constant") {
      const name = fresh(hint);
      initializers.push({ ...tensor, name });
      return name;
    },
    node(operator, nodeInputs, attributes = {}, { domain = "", output } = {}) {
      if (output === undefined) {
        return nodeWithOutputs(operator, nodeInputs, 1, attributes, { domain })[0];
      }
      const name = fresh(operator);
      nodes.push({ operator, domain, name, inputs: nodeInputs, outputs: [output], attributes });
      return output;
    },
    nodeWithOutputs,
    output(value, from) {
      if (value.name !== from) {
        nodes.push({
          operator: "Identity",
          domain: "",
          name: fresh("Identity"),
          inputs: [from],
          outputs: [value.name],
          attributes: {},
        });
      }
      outputs.push(value);
    },
    build({ name = "model", metadata = {} } = {}) {
      return {
        irVersion: 8,
        opsets: { "": 17, [ML]: 3 },
        producer: "roentgen",
        metadata,
        graph: { name, inputs, outputs, initializers, nodes },
      };
    },
  };
}
