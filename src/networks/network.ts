// A network as data: its ONNX graph with the parameters inside, and the layers that it was put together from.

import { RoentgenError } from "../base/index.ts";
import type { Dimension, OnnxModel, OnnxTensor } from "../onnx/index.ts";

/** A layer as a person sees it: one or more nodes of the graph under a name. */
export interface LayerRecord {
  readonly name: string;
  /** "conv", "dense", … */
  readonly kind: string;
  /** Name of the tensor that comes out. */
  readonly output: string;
  /** Its lengths, batch first. */
  readonly outputShape: readonly Dimension[];
  /** Names of the layers whose outputs go in; empty for inputs. */
  readonly inputs: readonly string[];
  readonly parameters: readonly ParameterRecord[];
}

/** A learnt tensor. */
export interface ParameterRecord {
  /** Name of the graph's initializer: "conv1.weight". */
  readonly name: string;
  readonly shape: readonly number[];
  /** False for what training never changes by gradient, such as running means. */
  readonly learnable: boolean;
  /** Whether it came frozen, as Keras's `trainable: false` has it: it is trained only where that is asked for. */
  readonly frozen?: boolean;
}

/** Whether a parameter is trained: as asked for by its name, by default all that can be and did not come frozen. */
export function isTrained(
  { name, learnable, frozen = false }: ParameterRecord,
  trainable: ((parameter: string) => boolean) | undefined,
): boolean {
  return learnable && (trainable ? trainable(name) : !frozen);
}

/** A network: what it computes, with which numbers, and what people call its parts. */
export interface Network {
  /** For inference: dropout does nothing, batch normalisation uses its running statistics. */
  readonly model: OnnxModel;
  readonly layers: readonly LayerRecord[];
}

/** All parameters in the order of the layers; one that layers share is listed once. */
export function parametersOf({ layers }: Network): ParameterRecord[] {
  const byName = new Map(
    layers.flatMap(({ parameters }) => parameters).map((one) => [one.name, one]),
  );
  return [...byName.values()];
}

/** The values of the parameters by name. */
export function parameterValues(network: Network): Record<string, OnnxTensor> {
  const named = new Map(network.model.graph.initializers.map((tensor) => [tensor.name, tensor]));
  return Object.fromEntries(
    parametersOf(network).map(({ name }) => [name, named.get(name) as OnnxTensor]),
  );
}

/**
 * The network with other values for some of its parameters.
 * @throws RoentgenError "shape-mismatch" where a value does not fit, "value-missing" where a name is none of the network's
 */
export function withParameters(
  network: Network,
  values: Readonly<Record<string, OnnxTensor>>,
): Network {
  const { graph } = network.model;
  const shapes = new Map(graph.initializers.map(({ name, shape }) => [name, shape]));
  for (const [name, { shape }] of Object.entries(values)) checkShape(name, shapes.get(name), shape);
  const initializers = graph.initializers.map((tensor) => {
    const value = values[tensor.name];
    return value ? { ...value, name: tensor.name } : tensor;
  });
  return { ...network, model: { ...network.model, graph: { ...graph, initializers } } };
}

function checkShape(
  name: string,
  expected: readonly number[] | undefined,
  found: readonly number[],
): void {
  if (!expected) {
    throw new RoentgenError("value-missing", {
      problem: `The network has no parameter "${name}"`,
      subject: name,
    });
  }
  if (expected.join() === found.join()) return;
  throw new RoentgenError("shape-mismatch", {
    problem: `The value of parameter "${name}" does not fit`,
    expected: `shape [${expected.join(", ")}]`,
    found: `[${found.join(", ")}]`,
    subject: name,
  });
}
