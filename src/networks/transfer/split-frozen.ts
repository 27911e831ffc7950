// Parts a network where what is frozen ends, so that its features can be computed once and its head trained on them.

import { cutModel, inferTypes, type OnnxModel } from "../../onnx/index.ts";
import { type LayerRecord, type Network, parameterValues, withParameters } from "../network.ts";
import { type FrontierOptions, frontierOf } from "./frontier.ts";

/** The two parts of a network. */
export interface FrozenSplit {
  /** From the input to the features; nothing of it changes in training. */
  readonly backbone: OnnxModel;
  /** From the features to the output, with the layers, parameters and names that they have in the whole. */
  readonly head: Network;
  /** Lengths of the features of one sample. */
  readonly features: readonly number[];
  /** The whole network with the parameters of a head that was trained. */
  join(head: Network): Network;
}

/**
 * Splits a network at the last tensor that all data passes before anything learns; undefined where nothing is frozen at its
 * start. Batch normalisation whose statistics move is not frozen, whatever its parameters are, nor is dropout.
 */
export function splitFrozen(
  network: Network,
  options: FrontierOptions = {},
): FrozenSplit | undefined {
  const frontier = frontierOf(network, options);
  if (!frontier) return undefined;
  const { output } = frontier;
  const shape = inferTypes(network.model).get(output)?.shape ?? [];
  return {
    backbone: cutModel(network.model, { outputs: [output] }),
    head: headBehind(network, frontier),
    features: shape.slice(1).map(Number),
    join: (head) => withParameters(network, parameterValues(head)),
  };
}

function headBehind({ model, layers }: Network, frontier: LayerRecord): Network {
  const head = cutModel(model, { inputs: [frontier.output] });
  const held = new Set(head.graph.initializers.map(({ name }) => name));
  const made = new Set(head.graph.nodes.flatMap(({ outputs }) => outputs));
  const behind = layers
    .filter(({ output }) => made.has(output))
    .map((layer) => ({
      ...layer,
      parameters: layer.parameters.filter(({ name }) => held.has(name)),
    }));
  const input: LayerRecord = { ...frontier, kind: "input", inputs: [], parameters: [] };
  return { model: head, layers: [input, ...behind] };
}
