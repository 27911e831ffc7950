// What a training takes, what it reports as it goes, and what it gives back.

import type { WorkOptions } from "../../base/index.ts";
import type { Device } from "../../onnx/index.ts";
import type { Loss } from "../losses/loss.ts";
import type { Network } from "../network.ts";
import type { Optimiser } from "../optimisers/optimiser.ts";
import type { Schedule } from "../schedules.ts";
import type { EpochRecord, TrainingCheckpoint } from "./checkpoint.ts";
import type { TrainingMemory } from "./memory.ts";
import type { Metric } from "./metric.ts";
import type { FrozenStatistics } from "./moving-statistics.ts";
import type { Precision } from "./precision.ts";
import type { SampleSource } from "./samples.ts";
import type { ParameterGroup } from "./training-step.ts";

/** What has been reached, after each step. */
export interface StepRecord {
  readonly epoch: number;
  /** From 1. */
  readonly step: number;
  readonly learningRate: number;
  readonly loss: number;
  /** Length of all gradients together; that of the last update, where they are accumulated. */
  readonly gradientNorm: number;
  /** Whether the step had to wait for its batch: where it often does, loading is what takes the time. */
  readonly waited: boolean;
}

export interface TrainOptions extends Omit<WorkOptions, "onProgress"> {
  data: SampleSource;
  validation?: SampleSource;
  loss: Loss;
  optimiser: Optimiser;
  schedule?: Schedule;
  epochs: number;
  batchSize: number;
  seed?: number;
  device?: Device;
  /** Whether a parameter is trained, by its name; by default all that can be and did not come frozen. */
  trainable?: (parameter: string) => boolean;
  groups?: readonly ParameterGroup[];
  /** Batch normalisation that keeps its running statistics: all, none, or that of frozen layers ("with-layer"). */
  frozenStatistics?: FrozenStatistics;
  clipNorm?: number;
  clipValue?: number;
  accumulate?: number;
  averageDecay?: number;
  /**
   * "mixed" takes products in float16, with weights and all else in float32, where the device has it (WebGPU with shader-f16,
   * CUDA), and says so where it has not; "auto" does so without a word. By default "float32".
   */
  precision?: Precision | "auto";
  /** Figures on the validation samples beside the loss. */
  metrics?: readonly Metric[];
  /** What decides which weights are best, and when to stop: a metric's name or "loss". */
  monitor?: string;
  /** Epochs without an improvement after which training stops; without it, it never does. */
  patience?: number;
  /** Goes on from here, to the same bits as without the interruption. */
  resume?: TrainingCheckpoint;
  /** Called with the state at the end of each epoch, and when the work is cancelled. */
  onCheckpoint?: (checkpoint: TrainingCheckpoint) => void | Promise<void>;
  /** Steps after which it is called within an epoch, too, for epochs that are too long to lose. */
  checkpointSteps?: number;
  /** Refuses, before the first step, a training whose plan needs more memory. */
  mostBytes?: number;
  /** Called with the plan of the memory before the first step. */
  onPlan?: (memory: TrainingMemory) => void;
  onStep?: (record: StepRecord) => void;
  onEpoch?: (record: EpochRecord) => void | Promise<void>;
}

/** A trained network and how it came about. */
export interface Trained {
  /** With the best weights by the monitored figure; without validation the last ones. */
  readonly network: Network;
  readonly history: readonly EpochRecord[];
  /** The epoch of the weights. */
  readonly bestEpoch: number;
  readonly stopped: "finished" | "no improvement";
  readonly device: Exclude<Device, "auto">;
  readonly precision: Precision;
  /** Steps that changed nothing, since numbers of mixed precision ran over; its loss is scaled less after each. */
  readonly skipped: number;
}
