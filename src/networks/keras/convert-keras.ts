// A whole Keras model as a network: its layers become nodes of an ONNX graph, its weights parameters.

import { RoentgenError } from "../../base/index.ts";
import type { KerasFile } from "../../formats/index.ts";
import { algebraOf, type Dimension, type ElementType, graphBuilder } from "../../onnx/index.ts";
import type { LayerRecord, Network } from "../network.ts";
import type { LayerConfig } from "./layer-config.ts";
import { type KerasSignal, layerScope, type ModelScope } from "./layer-scope.ts";
import { type LayerWeights, NO_WEIGHTS, readLayerWeights } from "./layer-weights.ts";
import {
  type ConfiguredNode,
  type ModelConfig,
  type OutputReference,
  readModelConfig,
} from "./model-config.ts";
import { ruleOf } from "./rules.ts";

export interface KerasNetworkOptions {
  /**
   * Order of the axes of inputs and outputs: as Keras has them (images end in their channels), or with the
   * channels behind the batch, which saves a transposition.
   */
  layout?: "keras" | "channels-first";
}

/** The version of ai.onnx that has every operator used (Gelu came with 20). */
const OPSET = 20;

/**
 * Converts a model that was saved whole. Inside, images are held with their channels first; names of inputs,
 * outputs and layers are Keras's. Layers that only act in training are left out.
 * @throws RoentgenError "format-unsupported" naming the layer and its class (custom layers, Lambda, recurrent ones),
 *   or where the file has no configuration
 */
export async function kerasNetwork(
  file: KerasFile,
  { layout = "keras" }: KerasNetworkOptions = {},
): Promise<Network> {
  const config = readModelConfig(file.config);
  const graph = graphBuilder({ opset: OPSET });
  const kerasMajor = Number(/^\d+/.exec(file.kerasVersion ?? "2")?.[0] ?? 2);
  const scope: ModelScope = { m: algebraOf(graph), kerasMajor, terms: new Map() };
  const records: LayerRecord[] = [];
  const place: Place = { scope, records, prefix: "", channelsFirst: layout === "channels-first" };
  const weights = await readLayerWeights(file.layers);
  const outputs = buildModel(config, { place, weights });
  const names = new Map<string, number>();
  for (const output of outputs) {
    const count = names.get(output.source) ?? 0;
    names.set(output.source, count + 1);
    const open = layerScope(scope, config.nodes.get(output.source)!.config, NO_WEIGHTS);
    const term = place.channelsFirst ? output.term : open.plain(output);
    graph.output({ name: publicName(output.source, count) }, term);
  }
  return { model: graph.build({ name: config.name }), layers: records };
}

interface Place {
  readonly scope: ModelScope;
  readonly records: LayerRecord[];
  /** Of layers in a model within the model: "encoder/". */
  readonly prefix: string;
  readonly channelsFirst: boolean;
}

interface Building {
  readonly place: Place;
  readonly weights: ReadonlyMap<string, LayerWeights>;
  /** Given to a model within the model; else inputs of the graph are declared. */
  readonly given?: readonly KerasSignal[];
}

/** Works the outputs out from the inputs; what nothing needs is left out. */
function buildModel(config: ModelConfig, building: Building): KerasSignal[] {
  const done = new Map<string, readonly KerasSignal[] | "under way">();

  function outputsOf(node: ConfiguredNode, use: number): readonly KerasSignal[] {
    const key = `${use}/${node.config.name}`;
    const known = done.get(key);
    if (known === "under way") throw looping(node.config);
    if (known) return known;
    done.set(key, "under way");
    const outputs = buildNode(config, node, { ...building, inputs: () => inputsOf(node, use) });
    done.set(key, outputs);
    return outputs;
  }

  function inputsOf({ config: layer, uses }: ConfiguredNode, use: number): KerasSignal[] {
    const references = uses[use];
    if (references) return references.map(signalOf);
    throw layer.refuse({ expected: `inputs of use ${use + 1} of the layer`, found: "none" });
  }

  function signalOf({ layer, use, output }: OutputReference): KerasSignal {
    const node = config.nodes.get(layer);
    const signal = node && outputsOf(node, use)[output];
    if (signal) return signal;
    throw new RoentgenError("file-corrupt", {
      problem: `Cannot convert the Keras model: something takes output ${output} of "${layer}"`,
      found: node ? "no such output" : "no such layer",
      subject: layer,
    });
  }

  return config.outputs.map(signalOf);
}

function buildNode(
  parent: ModelConfig,
  { config, model }: ConfiguredNode,
  { place, weights, given, inputs }: Building & { inputs: () => readonly KerasSignal[] },
): readonly KerasSignal[] {
  const { name, className } = config;
  const own = weights.get(name) ?? NO_WEIGHTS;
  if (className === "InputLayer") {
    const at = parent.inputs.findIndex(({ layer }) => layer === name);
    const signal = given ? given[at] : declareInput(config, place);
    if (signal) return [signal];
    throw config.refuse({ expected: `${at + 1} inputs of the inner model`, found: "fewer" });
  }
  if (model) {
    const inner = { ...place, prefix: `${place.prefix}${name}/` };
    const outputs = buildModel(model, { place: inner, weights: own.layers, given: inputs() });
    return outputs.map((output) => ({ ...output, source: name }));
  }
  return [buildLayer(config, own, { place, inputs: inputs() })];
}

function buildLayer(
  config: LayerConfig,
  weights: LayerWeights,
  { place, inputs }: { place: Place; inputs: readonly KerasSignal[] },
): KerasSignal {
  const { name, className } = config;
  const full = { ...config, name: `${place.prefix}${name}` };
  if (inputs.length === 0) throw full.refuse({ expected: "an input", found: "none" });
  const scope = layerScope(place.scope, full, weights);
  const result = ruleOf(full)(scope, ...inputs);
  if (scope.hasWeight()) {
    throw config.refuse({
      expected: `${scope.parameters.length} weights`,
      found: `${weights.arrays.length} in the file`,
      remedy: "The weights belong to another model than the configuration.",
    });
  }
  record(place, {
    name: full.name,
    kind: className,
    output: result.term,
    outputShape: scope.shapeOf(result),
    inputs: inputs.map(({ source }) => source),
    parameters: scope.parameters,
  });
  return { ...result, source: name };
}

function declareInput(config: LayerConfig, place: Place): KerasSignal {
  const { name } = config;
  const { m } = place.scope;
  const lengths = config.value("batch_input_shape") ?? config.value("batch_shape");
  if (!Array.isArray(lengths) || lengths.length === 0) {
    throw config.refuse({
      expected: "the shape of the model's input",
      found: "none",
      remedy: "Call the model once before saving it, or begin it with an Input layer.",
    });
  }
  const shape = lengths.map((length, axis): Dimension => {
    if (typeof length === "number") return length;
    return axis === 0 ? "N" : `${name}_${axis}`;
  });
  const type = inputType(config);
  const moved = place.channelsFirst && shape.length > 2;
  const held = moved ? [shape[0], shape[shape.length - 1], ...shape.slice(1, -1)] : shape;
  const term = m.graph.input({ name, type, shape: held });
  const outputShape = shape;
  const kind = config.className;
  record(place, { name, kind, output: term, outputShape, inputs: [], parameters: [] });
  return { term, moved, source: name };
}

function inputType(config: LayerConfig): ElementType {
  const type = config.value("dtype") ?? "float32";
  if (type === "int32" || type === "int64") return type;
  if (["float32", "float16", "float64", "bfloat16"].includes(String(type))) return "float32";
  // Pictures as bytes are scaled by the model, which needs them as numbers.
  if (type === "uint8") return "float32";
  throw config.refuse({ expected: "an input of numbers", found: JSON.stringify(type) });
}

/** A layer that is used twice is one line, at its first use. */
function record({ records }: Place, layer: LayerRecord): void {
  if (!records.some(({ name }) => name === layer.name)) records.push(layer);
}

/** A layer with several outputs gives them numbers. */
function publicName(layer: string, count: number): string {
  return count === 0 ? layer : `${layer}_${count}`;
}

function looping({ refuse }: LayerConfig): RoentgenError {
  return refuse({ expected: "layers in some order", found: "one that needs its own output" });
}
