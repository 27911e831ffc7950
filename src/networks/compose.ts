// Networks from layers: one after another, or in any arrangement that a function writes down.

import { type Dimension, type GraphBuilder, graphBuilder, openGraph } from "../onnx/index.ts";
import { type Draft, record, type Signal } from "./draft.ts";
import { chain } from "./layers/chain.ts";
import type { Layer } from "./layers/layer.ts";
import type { Network } from "./network.ts";

export interface NetworkOptions {
  /** Lengths of the input without the batch: [channels, height, width] or [channels, depth, height, width]. */
  input: readonly number[];
  /** Seed of the parameters' first values. */
  seed?: number;
  name?: string;
  /** Whether weights are drawn, or which; the others are 0, for networks whose weights come from elsewhere. */
  initialise?: boolean | ((parameter: string) => boolean);
}

/** The version of ai.onnx that networks are built in. */
export const NETWORK_OPSET = 21;

/** A network of layers one after another. */
export function sequential(layers: readonly Layer[], options: NetworkOptions): Network {
  return network(chain(...layers), options);
}

/** A network in any arrangement: `build` takes the input's signal and returns the output's. */
export function network(
  build: (input: Signal) => Signal,
  { input, seed = 0, name = "network", initialise = true }: NetworkOptions,
): Network {
  const graph = graphBuilder({ opset: NETWORK_OPSET });
  const draft: Draft = {
    ...{ graph, seed, initialise },
    ...{ layers: [], sources: new Map(), counts: new Map() },
  };
  const shape: Dimension[] = ["N", ...input];
  const term = graph.input({ name: "input", type: "float32", shape });
  record(draft, {
    name: "input",
    kind: "input",
    output: term,
    outputShape: shape,
    inputs: [],
    parameters: [],
  });
  const output = build({ term, shape, draft });
  graph.output({ name: "output" }, output.term);
  return { model: graph.build({ name }), layers: draft.layers };
}

export interface ContinueOptions {
  /** The tensor to go on from; the network has no other output. */
  from: string;
  /** Seed of the new parameters' first values. */
  seed?: number;
}

/** Goes on with a network: `build` takes the signal of one of its tensors and returns that of the new output. */
export function continueNetwork(
  { model, layers }: Network,
  build: (signal: Signal) => Signal,
  { from, seed = 0 }: ContinueOptions,
): Network {
  const graph = openGraph({ ...model, graph: { ...model.graph, outputs: [] } });
  const sources = new Map(layers.map(({ output, name }) => [output, name]));
  const draft: Draft = {
    ...{ graph, seed, initialise: true },
    ...{ layers: [...layers], sources, counts: new Map() },
  };
  const shape = graph.typeOf(from)?.shape ?? [];
  const output = build({ term: from, shape, draft });
  graph.output({ name: freeName(graph, "output") }, output.term);
  return { model: graph.build(), layers: draft.layers };
}

function freeName(graph: GraphBuilder, base: string): string {
  let name = base;
  for (let count = 1; graph.typeOf(name); count++) name = `${base}_${count}`;
  return name;
}
