// A training under way: where it stands, its pauses between two steps, and its checkpoints.

import { throwIfCancelled } from "../../base/index.ts";
import type { OnnxTensor, StatefulSession } from "../../onnx/index.ts";
import type { Network } from "../network.ts";
import type { TrainingCheckpoint, TrainingProgress } from "./checkpoint.ts";
import type { TrainOptions } from "./train-options.ts";
import { averageOf, type TrainingStep } from "./training-step.ts";

/** A training under way. */
export interface Run {
  readonly network: Network;
  readonly options: TrainOptions;
  readonly step: TrainingStep;
  readonly session: StatefulSession;
  readonly progress: Progress;
  /** A step keeps the thread to itself: timers, Ctrl-C and the screen get their turn between two. */
  readonly giveTurn: () => Promise<void>;
}

/** Where it stands between two steps. */
export type Progress = { -readonly [Key in keyof TrainingProgress]: TrainingProgress[Key] } & {
  best?: Best;
};

interface Best {
  readonly epoch: number;
  readonly value: number;
  readonly values: Readonly<Record<string, OnnxTensor>>;
}

/** Progress at the start, or that of a checkpoint. */
export function startOf(checkpoint: TrainingCheckpoint | undefined): Progress {
  if (!checkpoint) {
    return { epoch: 0, done: 0, step: 0, lossSum: 0, weightSum: 0, gradientNorm: 0, history: [] };
  }
  const { progress, best } = checkpoint;
  return {
    ...progress,
    best: best && {
      epoch: progress.bestEpoch ?? 0,
      value: progress.bestValue ?? Number.NaN,
      values: best,
    },
  };
}

/** Epochs since the best one. */
export function waited({ epoch, best }: Progress): number {
  return best ? epoch - best.epoch : 0;
}

/** Between two steps: others get their turn, and training ends where it was cancelled. */
export async function pause(run: Run): Promise<void> {
  const { signal } = run.options;
  await run.giveTurn();
  if (signal?.aborted) await saveCheckpoint(run);
  throwIfCancelled(signal, "Training");
}

export async function saveCheckpoint(run: Run): Promise<void> {
  const { onCheckpoint } = run.options;
  if (onCheckpoint) await onCheckpoint(await checkpointOf(run));
}

/** Parameters and running statistics by their names in the network; moving averages where they are kept. */
export async function readWeights({
  session,
  step,
  options,
}: Run): Promise<Record<string, OnnxTensor>> {
  const own = step.weights;
  const averaged = new Set(
    options.averageDecay === undefined ? [] : step.trained.map(({ name }) => name),
  );
  const from = (name: string) => (averaged.has(name) ? averageOf(name) : name);
  const read = await session.read(own.map(from));
  return Object.fromEntries(own.map((name) => [name, read[from(name)]]));
}

async function checkpointOf({ session, progress }: Run): Promise<TrainingCheckpoint> {
  const { best, ...rest } = progress;
  return {
    progress: { ...rest, ...(best ? { bestEpoch: best.epoch, bestValue: best.value } : {}) },
    state: await session.read(),
    best: best?.values,
  };
}
