// The sigmoid or softmax that a network ends in.

import type { OnnxModel, Term } from "../onnx/index.ts";

export interface FinalActivation {
  /** The output, before Identities that only give it a name. */
  readonly output: Term;
  /** What goes into the activation: logits; the output itself where there is none. */
  readonly logits: Term;
  readonly activation?: "sigmoid" | "softmax";
}

const ACTIVATIONS: Readonly<Record<string, FinalActivation["activation"]>> = {
  Sigmoid: "sigmoid",
  Softmax: "softmax",
};

/** Finds the activation that makes a model's first output. */
export function finalActivation({ graph }: Pick<OnnxModel, "graph">): FinalActivation {
  const makers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node])));
  let output = graph.outputs[0].name;
  let node = makers.get(output);
  while (node?.operator === "Identity") {
    output = node.inputs[0];
    node = makers.get(output);
  }
  const activation = node?.domain === "" ? ACTIVATIONS[node.operator] : undefined;
  return node && activation
    ? { output, logits: node.inputs[0], activation }
    : { output, logits: output };
}
