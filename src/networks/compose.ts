// Networks from layers: one after another, or in any arrangement that a function writes down.

import { type Dimension, graphBuilder } from "../onnx/index.ts";
import { type Draft, record, type Signal } from "./draft.ts";
import type { Layer } from "./layers/layer.ts";
import type { Network } from "./network.ts";

export interface NetworkOptions {
  /** Lengths of the input without the batch: [channels, height, width] or [channels, depth, height, width]. */
  input: readonly number[];
  /** Seed of the parameters' first values. */
  seed?: number;
  name?: string;
}

/** The version of ai.onnx that networks are built in. */
const OPSET = 21;

/** A network of layers one after another. */
export function sequential(layers: readonly Layer[], options: NetworkOptions): Network {
  return network((input) => layers.reduce((signal, layer) => layer(signal), input), options);
}

/** A network in any arrangement: `build` takes the input's signal and returns the output's. */
export function network(
  build: (input: Signal) => Signal,
  { input, seed = 0, name = "network" }: NetworkOptions,
): Network {
  const graph = graphBuilder({ opset: OPSET });
  const draft: Draft = { graph, seed, layers: [], sources: new Map(), counts: new Map() };
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
