// A Keras model's configuration: layers, and which outputs go into which layer, in the words of Keras 1, 2 and 3.

import { RoentgenError } from "../../base/index.ts";
import { isFields, type LayerConfig, layerConfig } from "./layer-config.ts";

/** An output of one use of a layer. */
export interface OutputReference {
  readonly layer: string;
  /** Which use of a layer that is used more than once. */
  readonly use: number;
  readonly output: number;
}

/** A layer, or a model within the model. */
export interface ConfiguredNode {
  readonly config: LayerConfig;
  /** Inputs of each use. */
  readonly uses: readonly (readonly OutputReference[])[];
  /** Of a model within the model. */
  readonly model?: ModelConfig;
}

/** A model as layers by name, in order, with what goes in and out. */
export interface ModelConfig {
  readonly name: string;
  readonly nodes: ReadonlyMap<string, ConfiguredNode>;
  readonly inputs: readonly OutputReference[];
  readonly outputs: readonly OutputReference[];
}

const MODELS = ["Sequential", "Functional", "Model"];
/** Models within models beyond this are no work of people. */
const deepest = 16;

/**
 * Reads { class_name, config } of a Sequential or functional model.
 * @throws RoentgenError "format-unsupported" for models that are made by code
 */
export function readModelConfig(given: unknown, depth = 0): ModelConfig {
  const { class_name: className, config } = isFields(given) ? given : {};
  if (!MODELS.includes(String(className)) || depth > deepest) throw refuseModel(className);
  const fields = isFields(config) ? config : {};
  const name = String(fields.name ?? "model");
  // Keras 1 and early 2 wrote the list of layers itself.
  const layers = Array.isArray(config) ? config : fields.layers;
  if (!Array.isArray(layers) || layers.length === 0) throw refuseModel(className);
  return className === "Sequential"
    ? sequentialModel(name, layers, { depth, shape: buildShape(fields, given) })
    : functionalModel(name, layers, fields, depth);
}

function functionalModel(
  name: string,
  layers: readonly unknown[],
  fields: Record<string, unknown>,
  depth: number,
): ModelConfig {
  const nodes = new Map<string, ConfiguredNode>();
  for (const layer of layers) {
    const inbound = isFields(layer) ? layer.inbound_nodes : undefined;
    const node = nodeOf(layer, depth);
    const uses = (Array.isArray(inbound) ? inbound : []).map((use) =>
      referencesIn(use, node.config),
    );
    nodes.set(node.config.name, { ...node, uses });
  }
  const inputs = references(fields.input_layers, name);
  const outputs = references(fields.output_layers, name);
  return { name, nodes, inputs, outputs };
}

/** One layer after another behind an input, which older models state on the first layer. */
function sequentialModel(
  name: string,
  layers: readonly unknown[],
  { depth, shape }: { depth: number; shape: unknown },
): ModelConfig {
  const all = layers.map((layer) => nodeOf(layer, depth));
  if (all[0].config.className !== "InputLayer") {
    const { value } = firstLayer(all[0]);
    const stated =
      value("batch_input_shape") ?? value("batch_shape") ?? buildOf(layers[0]) ?? shape;
    const input = { batch_input_shape: stated, dtype: value("dtype") };
    all.unshift({ config: layerConfig("input", "InputLayer", input), uses: [] });
  }
  const reference = (at: number) => ({ layer: all[at].config.name, use: 0, output: 0 });
  const nodes = new Map(
    all.map((node, at) => [
      node.config.name,
      { ...node, uses: at > 0 ? [[reference(at - 1)]] : [] },
    ]),
  );
  return { name, nodes, inputs: [reference(0)], outputs: [reference(all.length - 1)] };
}

/** A model within the model states its input on its own first layer. */
function firstLayer({ config, model }: ConfiguredNode): LayerConfig {
  const inner = model && [...model.nodes.values()][0];
  return inner ? inner.config : config;
}

/** The shape that Keras wrote when it built the model. */
function buildShape(fields: Record<string, unknown>, model: unknown): unknown {
  return fields.build_input_shape ?? buildOf(model);
}

function buildOf(layer: unknown): unknown {
  const build = isFields(layer) ? layer.build_config : undefined;
  return isFields(build) ? build.input_shape : undefined;
}

function nodeOf(layer: unknown, depth: number): ConfiguredNode {
  const { class_name: className, name, config } = isFields(layer) ? layer : {};
  const inner = isFields(config) ? config.name : undefined;
  const opened = layerConfig(String(name ?? inner ?? className), String(className ?? ""), config);
  const isModel = MODELS.includes(String(className));
  return {
    config: opened,
    uses: [],
    ...(isModel ? { model: readModelConfig(layer, depth + 1) } : {}),
  };
}

/** Inputs of one use: a list of [layer, use, output, …], or what Keras 3 writes as arguments of the call. */
function referencesIn(use: unknown, config: LayerConfig): readonly OutputReference[] {
  if (!isFields(use)) return references(use, config.name);
  const inKeywords = tensorsIn(use.kwargs);
  if (inKeywords.length > 0) {
    throw config.refuse({
      expected: "tensors as arguments without a name",
      found: `a tensor of ${inKeywords[0].layer} as a named argument`,
    });
  }
  return tensorsIn(use.args);
}

/** Every tensor of Keras 3 in nested lists and dicts, in order. */
function tensorsIn(value: unknown, depth = 0): OutputReference[] {
  if (depth > deepest) return [];
  if (Array.isArray(value)) return value.flatMap((one) => tensorsIn(one, depth + 1));
  if (!isFields(value)) return [];
  if (value.class_name !== "__keras_tensor__") {
    return Object.values(value).flatMap((one) => tensorsIn(one, depth + 1));
  }
  const history = isFields(value.config) ? value.config.keras_history : undefined;
  return references(history, "a tensor");
}

/** [layer, use, output], or a list or dict of such. */
function references(value: unknown, place: string): OutputReference[] {
  if (isFields(value)) return Object.values(value).flatMap((one) => references(one, place));
  if (!Array.isArray(value)) return [];
  const [layer, use, output] = value;
  if (typeof layer !== "string") return value.flatMap((one) => references(one, place));
  if (Number.isInteger(use) && Number.isInteger(output)) return [{ layer, use, output }];
  throw new RoentgenError("file-corrupt", {
    problem: `Cannot convert the Keras model: the connections of "${place}" are not readable`,
    expected: "[layer, use, output]",
    found: JSON.stringify(value).slice(0, 80),
    subject: place,
  });
}

function refuseModel(className: unknown): RoentgenError {
  return new RoentgenError("format-unsupported", {
    problem: "Cannot convert the Keras model",
    expected: "a Sequential or functional model with its layers",
    found: className === undefined ? "no configuration" : `the class ${className}`,
    remedy:
      "A file of weights alone, or of a model whose call is Python code, does not say what is computed. Save a functional model whole with model.save, or export it as ONNX.",
  });
}
