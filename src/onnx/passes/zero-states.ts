// Leaves out first states of recurrent networks that are zeros, as they are without: exporters write them with the batch that
// they saw.

import type { OnnxModel, OnnxNode } from "../model.ts";

const RECURRENT = new Set(["RNN", "GRU", "LSTM"]);

/** Operators whose output is of zeros where their first input is. */
const ARRANGEMENTS = new Set("Expand Identity Reshape Slice Tile Transpose Unsqueeze".split(" "));

/** The model without them; the same to the bit. */
export function withoutZeroStates(model: OnnxModel): OnnxModel {
  const { graph } = model;
  if (!graph.nodes.some(isRecurrent)) return model;
  const fed = new Set(graph.inputs.map(({ name }) => name));
  const zeros = new Set(
    graph.initializers
      .filter(({ name, data }) => !fed.has(name) && isZero(data))
      .map(({ name }) => name),
  );
  const nodes = graph.nodes.map((node) => {
    if (isOfZeros(node, zeros)) zeros.add(node.outputs[0]);
    return isRecurrent(node) ? withoutStates(node, zeros) : node;
  });
  return { ...model, graph: { ...graph, nodes } };
}

function isRecurrent({ domain, operator }: OnnxNode): boolean {
  return domain === "" && RECURRENT.has(operator);
}

function isOfZeros({ domain, operator, inputs, attributes }: OnnxNode, zeros: Set<string>) {
  if (domain !== "") return false;
  if (ARRANGEMENTS.has(operator)) return zeros.has(inputs[0]);
  const { value } = attributes;
  if (operator === "ConstantOfShape" && !value) return true;
  const fills = operator === "Constant" || operator === "ConstantOfShape";
  return fills && value?.kind === "tensor" && isZero(value.value.data);
}

function isZero(data: ArrayLike<unknown>): boolean {
  return Array.prototype.every.call(data, (one) => Number(one) === 0);
}

/** Inputs 5 and 6 are the first state and cell. */
function withoutStates(node: OnnxNode, zeros: ReadonlySet<string>): OnnxNode {
  const inputs = node.inputs.map((name, at) =>
    (at === 5 || at === 6) && zeros.has(name) ? "" : name,
  );
  while (inputs.at(-1) === "") inputs.pop();
  return { ...node, inputs };
}
