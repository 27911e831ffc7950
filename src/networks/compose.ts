// Networks from layers: one after another, or in any arrangement that a function writes down.

import { RoentgenError } from "../base/index.ts";
import {
  type Algebra,
  algebraOf,
  type Dimension,
  type GraphBuilder,
  graphBuilder,
  type Term,
} from "../onnx/index.ts";
import { type Initialiser, initialise } from "./initialise.ts";
import type { LayerRecord, Network, ParameterRecord } from "./network.ts";

/** A tensor on its way through a network under construction. */
export interface Signal {
  readonly term: Term;
  /** Lengths, batch first; the batch is "N". */
  readonly shape: readonly Dimension[];
  readonly draft: Draft;
}

/** Takes signals and gives one. */
export type Layer = (...inputs: Signal[]) => Signal;

/** What a layer builds with. */
export interface LayerScope {
  readonly m: Algebra;
  /** Name of the layer. */
  readonly name: string;
  /** Lengths of a tensor, batch first. */
  shapeOf(term: Term): readonly Dimension[];
  /** Declares a parameter of the layer: its tensor is called "layer.name". */
  parameter(
    name: string,
    shape: readonly number[],
    initialiser: Initialiser,
    options?: { learnable?: boolean },
  ): Term;
}

/** A network under construction. */
export interface Draft {
  readonly graph: GraphBuilder;
  readonly seed: number;
  readonly layers: LayerRecord[];
  /** Name of the layer that gives a tensor. */
  readonly sources: Map<Term, string>;
  /** Layers of each kind so far, for names. */
  readonly counts: Map<string, number>;
}

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

/** A layer of a kind from the function that adds its nodes. */
export function makeLayer(
  kind: string,
  name: string | undefined,
  build: (scope: LayerScope, ...inputs: Term[]) => Term,
): Layer {
  return (...inputs) => {
    const { draft } = inputs[0];
    const { graph } = draft;
    const layer = name ?? nextName(draft, kind);
    const parameters: ParameterRecord[] = [];
    const scope: LayerScope = {
      m: algebraOf(graph),
      name: layer,
      shapeOf: (term) => graph.typeOf(term)?.shape ?? [],
      parameter(part, shape, initialiser, { learnable = true } = {}) {
        const full = `${layer}.${part}`;
        parameters.push({ name: full, shape, learnable });
        const data = initialise(initialiser, { name: full, shape, seed: draft.seed });
        return graph.constant({ type: "float32", shape, data }, full);
      },
    };
    const output = build(scope, ...inputs.map(({ term }) => term));
    const outputShape = scope.shapeOf(output);
    const sources = inputs.map(({ term }) => draft.sources.get(term) ?? term);
    record(draft, { name: layer, kind, output, outputShape, inputs: sources, parameters });
    return { term: output, shape: outputShape, draft };
  };
}

function record(draft: Draft, layer: LayerRecord): void {
  if (draft.layers.some(({ name }) => name === layer.name)) {
    throw new RoentgenError("bad-option", {
      problem: `Cannot build the network: two layers are called "${layer.name}"`,
      remedy: "Names of layers are those of their parameters; give each its own.",
      subject: layer.name,
    });
  }
  draft.layers.push(layer);
  draft.sources.set(layer.output, layer.name);
}

/** "conv", "conv_1", …, as Keras numbers them. */
function nextName({ counts }: Draft, kind: string): string {
  const count = counts.get(kind) ?? 0;
  counts.set(kind, count + 1);
  return count === 0 ? kind : `${kind}_${count}`;
}
