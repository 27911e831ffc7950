// Where a training stands: all that it needs to go on to the same bits.

import type { NamedTensors } from "../../onnx/index.ts";

/** Figures of an epoch. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  /** Steps so far. */
  readonly step: number;
  readonly learningRate: number;
  /** Mean over the epoch's batches, as they were when they were trained on. */
  readonly loss: number;
  /** On the validation samples. */
  readonly validation?: Readonly<Record<string, number>>;
}

/** How far training has come. */
export interface TrainingProgress {
  /** Epochs that are done. */
  readonly epoch: number;
  /** Steps of the next one that are done. */
  readonly done: number;
  /** Steps in all. */
  readonly step: number;
  readonly lossSum: number;
  readonly weightSum: number;
  readonly gradientNorm: number;
  readonly history: readonly EpochRecord[];
  /** Steps that were skipped in mixed precision. */
  readonly skipped?: number;
  readonly bestEpoch?: number;
  readonly bestValue?: number;
}

/** Progress, state of the step, and the best weights so far. */
export interface TrainingCheckpoint {
  readonly progress: TrainingProgress;
  readonly state: NamedTensors;
  readonly best?: NamedTensors;
}
