// What an optimiser is: how one step changes a parameter, as nodes of the training graph.

import type { Algebra, Term } from "../../onnx/index.ts";

/** What one update works with; all of it are tensors of the graph. */
export interface Update {
  readonly parameter: Term;
  readonly gradient: Term;
  /** What the optimiser remembers of this parameter, in the order of `Optimiser.slots`. */
  readonly slots: readonly Term[];
  /** Learning rate of this step and this parameter, a scalar. */
  readonly rate: Term;
  /** Number of this step, a scalar from 1. */
  readonly step: Term;
  /** Factor of the weight decay for this parameter, 0 where its group has none. */
  readonly decay: number;
}

/** Parameter and slots after a step. */
export interface Updated {
  readonly parameter: Term;
  readonly slots: readonly Term[];
}

/** A rule of learning. */
export interface Optimiser {
  readonly name: string;
  /** Settings, for the record. */
  readonly settings: Readonly<Record<string, number | boolean>>;
  /** Tensors of the parameter's shape that it keeps from step to step, by name; they start at 0. */
  readonly slots: readonly string[];
  readonly learningRate: number;
  /** Weight decay of parameters whose group does not say otherwise. */
  readonly weightDecay: number;
  update(m: Algebra, update: Update): Updated;
}
