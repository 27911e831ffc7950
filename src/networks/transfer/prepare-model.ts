// Any ONNX model in the form that training takes: current operators, weights as constants, one input with a free batch,
// one output, as in inference.

import { RoentgenError } from "../../base/index.ts";
import {
  bindDimensions,
  changeBatch,
  cutModel,
  type Dimension,
  freezeDefaults,
  type Initializer,
  inlineFunctions,
  type OnnxModel,
  type OnnxNode,
  type OnnxValue,
  upgradeModel,
} from "../../onnx/index.ts";
import { NETWORK_OPSET } from "../compose.ts";

export interface PrepareModelOptions {
  /** Lengths of the input without the batch, where the model leaves them free. */
  input?: readonly number[];
  /** The output to train, where the model has several. */
  output?: string;
}

export interface PreparedModel {
  readonly model: OnnxModel;
  /** Names of constants that the model's nodes hold, unlike those of its list of weights. */
  readonly literals: ReadonlySet<string>;
}

/** The batch, as networks call it. */
const BATCH = "N";

/**
 * @throws RoentgenError "format-unsupported" for several inputs, an input that is not float32 or a batch that is baked
 * into the model, "bad-option" where the output is to be chosen, "shape-mismatch" where `input` does not fit
 */
export function prepareModel(
  model: OnnxModel,
  { input, output }: PrepareModelOptions = {},
): PreparedModel {
  const inference = inInference(inlineFunctions(model));
  // Newer models stay as they are.
  const current = freezeDefaults(upgradeModel(inference, { to: NETWORK_OPSET }));
  const cut = cutModel(current, { outputs: [chosenOutput(current, output)] });
  const { model: named, literals } = withOwnConstants(cut);
  return { model: withFreeBatch(withLengths(named, inputOf(named), input)), literals };
}

/** Training exports draw dropout and normalise by the batch: a network does so in training only. */
function inInference(model: OnnxModel): OnnxModel {
  const nodes = model.graph.nodes.map((node): OnnxNode => {
    if (node.domain !== "") return node;
    const outputs = node.outputs.slice(0, 1);
    if (node.operator === "Dropout") return { ...node, inputs: node.inputs.slice(0, 2), outputs };
    if (node.operator !== "BatchNormalization") return node;
    const { training_mode: _, ...attributes } = node.attributes;
    return { ...node, outputs, attributes };
  });
  return { ...model, graph: { ...model.graph, nodes } };
}

function chosenOutput({ graph }: OnnxModel, chosen: string | undefined): string {
  const names = graph.outputs.map(({ name }) => name);
  if (chosen === undefined && names.length === 1) return names[0];
  if (chosen !== undefined && names.includes(chosen)) return chosen;
  throw new RoentgenError("bad-option", {
    problem: "Cannot make a network of the model",
    expected: `one of its outputs ${names.join(", ")} as \`output\``,
    found: chosen === undefined ? "none chosen" : `"${chosen}"`,
    remedy: "A network has one output, which its loss is taken of.",
    subject: "output",
  });
}

/**
 * Constants of nodes among the weights; an Identity of a weight becomes a weight of its own, since PyTorch writes weights
 * that are equal when they are exported, such as fresh scales of ones, as one with such copies.
 */
function withOwnConstants(model: OnnxModel): PreparedModel {
  const { graph } = model;
  const wanted = new Set(graph.outputs.map(({ name }) => name));
  const held = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));
  const literals = new Set<string>();
  const nodes = graph.nodes.filter((node) => {
    const [name] = node.outputs;
    const own = wanted.has(name) ? undefined : constantOf(node, held);
    if (!own) return true;
    if (node.operator === "Constant" || literals.has(node.inputs[0])) literals.add(name);
    held.set(name, { ...own, name });
    return false;
  });
  return {
    model: { ...model, graph: { ...graph, nodes, initializers: [...held.values()] } },
    literals,
  };
}

function constantOf(
  { operator, domain, inputs, attributes }: OnnxNode,
  held: ReadonlyMap<string, Initializer>,
) {
  if (domain !== "") return undefined;
  if (operator === "Identity") return held.get(inputs[0]);
  return operator === "Constant" && attributes.value?.kind === "tensor"
    ? attributes.value.value
    : undefined;
}

/** The one input that the model needs. */
function inputOf({ graph }: OnnxModel): OnnxValue {
  const { inputs } = graph;
  if (inputs.length !== 1) {
    throw unsupported(
      "one input of images or other numbers",
      inputs.map(({ name }) => name).join(", ") || "none",
      "Cut the part that is to be trained with `cutModel`.",
    );
  }
  const [input] = inputs;
  const { name, type, shape, container } = input;
  if (type === "float32" && !container && shape && shape.length > 0) return input;
  const found = shape ? `${type} of ${shape.length} axes` : `${type} of unknown shape`;
  throw unsupported("an input of float32 with the batch as its first axis", `"${name}", ${found}`);
}

function withLengths(
  model: OnnxModel,
  { name, shape = [] }: OnnxValue,
  lengths: readonly number[] | undefined,
): OnnxModel {
  if (!lengths) return model;
  const own = shape.slice(1);
  const fits = own.length === lengths.length && own.every((one, axis) => isFit(one, lengths[axis]));
  if (!fits) {
    throw new RoentgenError("shape-mismatch", {
      problem: `Cannot give the input "${name}" of the model its lengths`,
      expected: `lengths that fit [${own.join(", ")}]`,
      found: `[${lengths.join(", ")}]`,
      subject: "input",
    });
  }
  const free = own.flatMap((one, axis) => (typeof one === "string" ? [[one, lengths[axis]]] : []));
  return free.length > 0 ? bindDimensions(model, Object.fromEntries(free)) : model;
}

const isFit = (own: Dimension, given: number) => typeof own === "string" || own === given;

function withFreeBatch(model: OnnxModel): OnnxModel {
  const [batch] = model.graph.inputs[0].shape as readonly Dimension[];
  if (batch === BATCH) return model;
  if (typeof batch === "string") return bindDimensions(model, { [batch]: BATCH });
  const { model: open, problems } = changeBatch(model, { batch: BATCH });
  if (problems.length === 0) return open;
  throw unsupported(
    "a model that takes any number of samples",
    `one made for ${batch}: ${problems.slice(0, 3).join(" ")}`,
    "Export it with a free first axis (`dynamic_axes` in PyTorch).",
  );
}

function unsupported(expected: string, found: string, remedy?: string): RoentgenError {
  const problem = "Cannot make a network of the model";
  return new RoentgenError("format-unsupported", { problem, expected, found, remedy });
}
