// A network under construction: its graph so far, and the layers that were put into it.

import { RoentgenError } from "../base/index.ts";
import type { Dimension, GraphBuilder, Term } from "../onnx/index.ts";
import type { LayerRecord } from "./network.ts";

/** A tensor on its way through a network under construction. */
export interface Signal {
  readonly term: Term;
  /** Lengths, batch first; the batch is "N". */
  readonly shape: readonly Dimension[];
  readonly draft: Draft;
}

/** A network under construction. */
export interface Draft {
  readonly graph: GraphBuilder;
  readonly seed: number;
  /** Whether weights are drawn, or which; the others are 0. */
  readonly initialise: boolean | ((parameter: string) => boolean);
  readonly layers: LayerRecord[];
  /** Name of the layer that gives a tensor. */
  readonly sources: Map<Term, string>;
  /** Numbers that are taken after each name. */
  readonly counts: Map<string, number>;
}

/** Puts a layer into the records of a network. */
export function record(draft: Draft, layer: LayerRecord): void {
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

/** "conv", "conv_1", …, as Keras numbers them; names that are taken are left out. */
export function nextName({ counts, layers }: Draft, base: string): string {
  const taken = new Set(layers.map(({ name }) => name));
  let count = counts.get(base) ?? 0;
  const candidate = () => (count === 0 ? base : `${base}_${count}`);
  while (taken.has(candidate())) count++;
  counts.set(base, count + 1);
  return candidate();
}
