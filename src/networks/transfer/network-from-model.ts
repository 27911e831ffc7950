// Any ONNX model as a network: what of its constants is learnt follows from where they stand, its layers are its nodes.

import { RoentgenError } from "../../base/index.ts";
import {
  foldConstants,
  type Initializer,
  type OnnxModel,
  renameTensors,
} from "../../onnx/index.ts";
import type { Network, ParameterRecord } from "../network.ts";
import { layerRecords } from "./layer-records.ts";
import { findPlaces, isFloating, isStatistic, type Place } from "./parameter-places.ts";
import { type PrepareModelOptions, prepareModel } from "./prepare-model.ts";

export interface NetworkFromModelOptions extends PrepareModelOptions {
  /**
   * Whether a constant is a parameter, by its name in the model and by whether its place says so: weights and biases of
   * convolutions, products and normalisations, slopes, tables of embeddings, tokens, and what is added or multiplied
   * along an axis. Masks that are added look like biases: they can be left out here.
   */
  learnable?: (constant: string, byPlace: boolean) => boolean;
}

/**
 * Makes a network of a model. Names of weights stay, but for numbers that PyTorch gives to those that it rewrote
 * ("onnx::Conv_193"): they are called after their layers, "conv1.weight", or "fc.kernel" where features come first.
 * @throws RoentgenError "format-unsupported" where training can't take the model (several inputs, a batch that is baked
 * in, weights that are not float32), "value-missing" where nothing of it can be learnt
 */
export function networkFromModel(
  model: OnnxModel,
  { learnable = (_, byPlace) => byPlace, ...options }: NetworkFromModelOptions = {},
): Network {
  const { model: prepared, literals } = prepareModel(model, options);
  const choose = (one: OnnxModel) => chooseParameters(one, { learnable, literals });
  const folded = foldAround(prepared, new Set(choose(prepared).keys()));
  const places = findPlaces(folded);
  const parameters = choose(folded);
  checkParameters(folded, parameters, places);
  const { layers, names } = layerRecords(folded, parameters, places);
  return { model: renameTensors(folded, names), layers };
}

interface Choosing {
  readonly learnable: (constant: string, byPlace: boolean) => boolean;
  readonly literals: ReadonlySet<string>;
}

/** Parameters by name, running statistics among them. */
function chooseParameters(
  model: OnnxModel,
  { learnable, literals }: Choosing,
): Map<string, ParameterRecord> {
  const places = findPlaces(model);
  const chosen = new Map<string, ParameterRecord>();
  for (const tensor of model.graph.initializers) {
    const { name, shape, type } = tensor;
    if (!isFloating(type)) continue;
    const own = places.get(name) ?? [];
    const isMoved = own.some(isStatistic);
    const isLearnt = learnable(name, !isMoved && isByPlace(tensor, own, literals));
    if (isLearnt || isMoved) chosen.set(name, { name, shape, learnable: isLearnt });
  }
  return chosen;
}

/** Operators that exporters write formulas and other normalisations with. */
const FORMULA = new Set(
  "Add GroupNormalization InstanceNormalization LayerNormalization Mul".split(" "),
);

/**
 * Equal numbers that a node holds, such as the half in the formula of Gelu or the scales of ones by which PyTorch writes
 * group normalisation, belong to a formula.
 */
function isByPlace(
  { name, shape, data }: Initializer,
  places: readonly Place[],
  literals: ReadonlySet<string>,
): boolean {
  if (places.length === 0 || shape.length === 0) return false;
  const isFormula = literals.has(name) && places.every(({ node }) => FORMULA.has(node.operator));
  return !(isFormula && (data as Float32Array).every((one) => one === data[0]));
}

/** Works out what is constant beside the parameters, which stay as they are. */
function foldAround(model: OnnxModel, parameters: ReadonlySet<string>): OnnxModel {
  const { graph } = model;
  const [held, others] = [true, false].map((isHeld) =>
    graph.initializers.filter(({ name }) => parameters.has(name) === isHeld),
  );
  const asInputs = held.map(({ name, type, shape }) => ({ name, type, shape }));
  const inputs = [...graph.inputs, ...asInputs];
  const folded = foldConstants({ ...model, graph: { ...graph, inputs, initializers: others } });
  const initializers = [...held, ...folded.graph.initializers];
  return { ...folded, graph: { ...folded.graph, inputs: graph.inputs, initializers } };
}

function checkParameters(
  { graph }: OnnxModel,
  parameters: ReadonlyMap<string, ParameterRecord>,
  places: ReadonlyMap<string, readonly Place[]>,
): void {
  const other = graph.initializers.find(
    ({ name, type }) => parameters.has(name) && type !== "float32",
  );
  if (other) {
    throw new RoentgenError("format-unsupported", {
      problem: `Cannot train the weight "${other.name}" of the model`,
      expected: "float32",
      found: other.type,
      remedy: "Export the model in single precision.",
      subject: other.name,
    });
  }
  if ([...parameters.values()].some(({ learnable }) => learnable)) return;
  throw new RoentgenError("value-missing", {
    problem: "Nothing of the model can be trained",
    expected: "weights of float32 in convolutions, products, normalisations or the like",
    found: places.size > 0 ? "none among its parameters" : "none",
    remedy: "Say which constants are learnt with `learnable`.",
  });
}
