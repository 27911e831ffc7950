// Where the trainer takes its samples from: by number, a batch at a time, drawn by seed and epoch.

import { RoentgenError } from "../../base/index.ts";

/** Inputs and targets of some samples, one after another. */
export interface Batch {
  readonly inputs: Float32Array;
  readonly targets: Float32Array | Int32Array;
  /** Weight of each sample; 1 where it is left out. */
  readonly weights?: Float32Array;
}

/** What a source may draw with: equal keys, equal samples, whatever the order of loading. */
export interface Draw {
  readonly seed: number;
  /** undefined where samples are to be as they are, for judging. */
  readonly epoch: number | undefined;
}

/** Samples by number. */
export interface SampleSource {
  readonly count: number;
  /** Batches to be loaded ahead of the one in work; 2 by default. Memory holds no more than these. */
  readonly ahead?: number;
  /** Decodes, prepares and, in training, augments the samples of these numbers, in their order. */
  load(indices: Uint32Array, draw: Draw): Batch | Promise<Batch>;
}

/**
 * Samples that lie in memory.
 * @param inputs all samples one after another
 * @param targets theirs, in the same order
 */
export function arraySource({
  inputs,
  targets,
  weights,
  count,
}: Batch & { count: number }): SampleSource {
  const [inputSize, targetSize] = [inputs.length / count, targets.length / count];
  if (!Number.isInteger(inputSize) || !Number.isInteger(targetSize)) {
    throw new RoentgenError("shape-mismatch", {
      problem: "Cannot part the arrays into samples",
      expected: `lengths that are multiples of ${count} samples`,
      found: `${inputs.length} input and ${targets.length} target values`,
    });
  }
  return {
    count,
    load: (indices) => ({
      inputs: take(inputs, inputSize, indices),
      targets: take(targets, targetSize, indices),
      weights: weights && take(weights, 1, indices),
    }),
  };
}

function take<Values extends Float32Array | Int32Array>(
  values: Values,
  size: number,
  indices: Uint32Array,
): Values {
  const Constructor = values.constructor as new (length: number) => Values;
  const taken = new Constructor(indices.length * size);
  for (let at = 0; at < indices.length; at++) {
    taken.set(values.subarray(indices[at] * size, (indices[at] + 1) * size), at * size);
  }
  return taken;
}
