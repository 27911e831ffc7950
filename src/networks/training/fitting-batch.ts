// The largest batch whose training step fits the memory: the one that was planned, halved until it does.

import type { Network } from "../network.ts";
import { type TrainingStepOptions, trainingStep } from "./training-step.ts";

export interface FittingBatchOptions extends TrainingStepOptions {
  /** Memory that a step may take, its state included. */
  mostBytes: number;
}

export interface FittingBatch {
  /** Samples a step; undefined where not even one fits. */
  readonly batchSize?: number;
  /** What a step of the planned batch needs. */
  readonly plannedBytes: number;
  /** What one of the smallest batch that was tried needs. */
  readonly leastBytes: number;
}

/** Tries `batchSize`, half of it and so on down to one sample, by the plan of the memory alone: nothing is run. */
export function fittingBatch(
  network: Network,
  { mostBytes, ...options }: FittingBatchOptions,
): FittingBatch {
  const bytesOf = (size: number): number => {
    const { memory } = trainingStep(network, { ...options, batchSize: size });
    return memory.stateBytes + memory.peakBytes;
  };
  const plannedBytes = bytesOf(options.batchSize);
  let { batchSize } = options;
  let leastBytes = plannedBytes;
  while (leastBytes > mostBytes && batchSize > 1) {
    batchSize = Math.floor(batchSize / 2);
    leastBytes = bytesOf(batchSize);
  }
  return { ...(leastBytes <= mostBytes && { batchSize }), plannedBytes, leastBytes };
}
