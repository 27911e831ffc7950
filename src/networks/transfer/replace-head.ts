// A network with another head: cut at its features, with new layers behind them.

import { RoentgenError } from "../../base/index.ts";
import { cutModel, upgradeModel } from "../../onnx/index.ts";
import { continueNetwork, NETWORK_OPSET } from "../compose.ts";
import { finalActivation } from "../final-activation.ts";
import { chain } from "../layers/chain.ts";
import type { Layer } from "../layers/layer.ts";
import type { LayerRecord, Network } from "../network.ts";

export interface ReplaceHeadOptions {
  /** Layers behind the features, one after another. */
  head: readonly Layer[];
  /**
   * The layer, or the tensor, whose output is the features. By default what goes into the last dense layer or
   * convolution; where the network ends with pooled or flattened features, those.
   */
  at?: string;
  /** Seed of the new parameters' first values. */
  seed?: number;
}

/** Layers whose output is features, where no dense layer follows. */
const GATHERS = /^(Global\w*Pool|Flatten|ReduceMean|global_\w+|flatten|Global\w+Pooling\dD)$/;

/** Operators that make probabilities of scores. */
const DECISIONS = /^(Log)?Softmax$|^Sigmoid$/;
/** Operators that only sum up and arrange what comes in. */
const LINEAR =
  /^(Add|Conv|Dropout|Flatten|Gemm|Global\w*Pool|AveragePool|Identity|MatMul|ReduceMean|Reshape|Squeeze|Transpose)$/;
/** Names of layers that give scores of classes. */
const CLASSES = /classif|logit|predict|score/i;

/**
 * Cuts a network and puts layers behind it. Everything before keeps its names, numbers and layers.
 * @throws RoentgenError "value-missing" where `at` is not there, "bad-option" where features have to be named since
 * the network does not end in one line
 */
export function replaceHead(network: Network, { head, at, seed }: ReplaceHeadOptions): Network {
  const features = at === undefined ? featuresOf(network) : tensorOf(network, at);
  const model = upgradeModel(cutModel(network.model, { outputs: [features] }), {
    to: NETWORK_OPSET,
  });
  const body = { model, layers: layersBefore(network, features) };
  return continueNetwork(body, chain(...head), { seed, from: features });
}

export type AddHeadOptions = Omit<ReplaceHeadOptions, "at">;

/** Puts layers behind the output of a network, such as one that was built without its top. */
export function addHead(network: Network, options: AddHeadOptions): Network {
  return replaceHead(network, { ...options, at: finalActivation(network.model).output });
}

/**
 * The tensor that goes into the last layer with weights. A convolution whose maps are pooled or flattened at the end gives
 * features, unless nothing but a decision follows it, or its name says that it gives classes (Lin et al. 2013, section 3.2).
 */
function featuresOf({ layers, model }: Network): string {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const makers = new Map(
    model.graph.nodes.flatMap(({ outputs, operator }) => outputs.map((name) => [name, operator])),
  );
  const end = sourceLayer(layers, finalActivation(model).output);
  let gathered: LayerRecord | undefined;
  let decides = false;
  let isActivated = false;
  for (let layer = end; layer; layer = byName.get(layer.inputs[0])) {
    const operator = makers.get(layer.output) ?? "";
    decides ||= DECISIONS.test(operator);
    isActivated ||= !LINEAR.test(operator) && !DECISIONS.test(operator);
    const before = layer.inputs.length === 1 ? byName.get(layer.inputs[0]) : undefined;
    if (!before) break;
    if (layer.parameters.some(({ shape, learnable }) => learnable && shape.length > 1)) {
      const givesClasses = !gathered || !isActivated || decides || CLASSES.test(layer.name);
      return (givesClasses ? before : (gathered as LayerRecord)).output;
    }
    if (GATHERS.test(layer.kind)) gathered ??= layer;
  }
  if (gathered) return gathered.output;
  throw new RoentgenError("bad-option", {
    problem: "Cannot find the features of the network",
    expected: "one line of layers before its output, with weights in the last of them",
    found: `an output of ${end ? `layer "${end.name}"` : "no layer"}`,
    remedy: "Name the layer whose output is the features with `at`; `summary` lists the layers.",
    subject: "at",
  });
}

function sourceLayer(layers: readonly LayerRecord[], tensor: string): LayerRecord | undefined {
  return layers.find(({ output }) => output === tensor);
}

function tensorOf({ layers, model }: Network, at: string): string {
  const layer = layers.find(({ name }) => name === at);
  if (layer) return layer.output;
  const { nodes, inputs } = model.graph;
  if ([...inputs.map(({ name }) => name), ...nodes.flatMap(({ outputs }) => outputs)].includes(at))
    return at;
  throw new RoentgenError("value-missing", {
    problem: `Cannot cut the network at "${at}"`,
    expected: "the name of a layer or tensor of the network",
    found: "none of that name",
    remedy: "`summary` lists the layers.",
    subject: "at",
  });
}

/** The layers that the features are made by. */
function layersBefore({ layers, model }: Network, features: string): LayerRecord[] {
  const needed = new Set([features]);
  for (const { outputs, inputs } of model.graph.nodes.toReversed()) {
    if (outputs.some((name) => needed.has(name))) for (const name of inputs) needed.add(name);
  }
  const inputs = new Set(model.graph.inputs.map(({ name }) => name));
  return layers.filter(({ output }) => needed.has(output) || inputs.has(output));
}
