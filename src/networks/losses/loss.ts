// What a loss is: a scalar of the training graph, from what the network gives and what it should have given.

import { RoentgenError } from "../../base/index.ts";
import type { Algebra, Dimension, TensorType, Term } from "../../onnx/index.ts";

/** Tensors that a loss compares. */
export interface Compared {
  /** What the network gives, before the function that the loss has inside (see `Loss.inside`). */
  readonly output: Term;
  readonly target: Term;
  /** Weight of each sample, [N]; 0 for samples that only fill up the batch. */
  readonly weights: Term;
}

/** A measure of error that training makes smaller. */
export interface Loss {
  readonly name: string;
  /** Settings, for the record. */
  readonly settings: Readonly<Record<string, number | boolean | string | readonly number[]>>;
  /**
   * A function that the loss applies itself, stably: a network that ends in it is trained on what goes into it.
   */
  readonly inside?: "sigmoid" | "softmax";
  /** Type and shape of the targets for an output of a shape, batch first. */
  target(output: readonly Dimension[]): TensorType;
  /** The loss of a batch, a scalar. */
  build(m: Algebra, compared: Compared): Term;
}

/** Σ wᵢ lᵢ / Σ wᵢ of losses with weights that broadcast to their shape; 0 where all weights are. */
export function weightedMean(m: Algebra, losses: Term, weights: Term): Term {
  return perWeight(m, m.sum(m.mul(losses, weights)), m.sum(weights));
}

/** Smaller than every sum of weights that is not 0. */
const NO_WEIGHT = 1e-20;

/** A sum of weighted losses by the sum of the weights; 0 where all weights are. */
export function perWeight(m: Algebra, losses: Term, weight: Term): Term {
  return m.div(losses, m.op("Max", [weight, m.scalarLike(NO_WEIGHT, weight)]));
}

/** Mean over all axes but the batch: [N, …] to [N]. */
export function meanOfSample(m: Algebra, values: Term): Term {
  const axes = axesAfter(m, values, 1);
  return axes.length > 0 ? m.mean(values, { axes }) : values;
}

/** Sum over all axes but the batch: [N, …] to [N]. */
export function sumOfSample(m: Algebra, values: Term): Term {
  return m.sum(values, { axes: axesAfter(m, values, 1) });
}

/** Positions of the axes from `first` on. */
export function axesAfter(m: Algebra, term: Term, first: number): number[] {
  const rank = m.graph.typeOf(term)?.shape?.length ?? 0;
  return Array.from({ length: Math.max(0, rank - first) }, (_, at) => at + first);
}

/** Targets that are class numbers [N, …] in int32, for logits [N, classes, …]. */
export const classTarget: Loss["target"] = ([batch, , ...rest]) => ({
  type: "int32",
  shape: [batch, ...rest],
});

/** One number a class, to broadcast with logits [N, classes, …]. */
export function perClass(m: Algebra, values: readonly number[], like: Term): Term {
  const [, classes, ...rest] = m.graph.shapeOf(like);
  if (values.length !== classes) {
    throw new RoentgenError("shape-mismatch", {
      problem: "The weights do not fit the network's output",
      expected: `one for each of ${classes} classes of [${m.graph.shapeOf(like).join(", ")}]`,
      found: `${values.length}`,
    });
  }
  const shape = [classes, ...rest.map(() => 1)];
  return m.graph.constant(
    { type: "float32", shape, data: Float32Array.from(values) },
    "class_weights",
  );
}

/** Class numbers [N, …] to 1 where the class is, [N, classes, …]. */
export function oneHot(m: Algebra, labels: Term, like: Term): Term {
  const [, classes, ...rest] = m.graph.typeOf(like)?.shape ?? [];
  const count = Number(classes);
  const numbers = m.graph.constant(
    {
      type: "int32",
      shape: [count, ...rest.map(() => 1)],
      data: Int32Array.from({ length: count }, (_, at) => at),
    },
    "classes",
  );
  const labelled = m.op("Unsqueeze", [labels, m.lengths([1])]);
  return m.castLike(m.compare("Equal", labelled, numbers), like);
}
