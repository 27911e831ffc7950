// Loads batches sample by sample, as a worker does it: what is drawn hangs on seed, epoch and sample alone.

import { handOver } from "#workers";
import {
  type ErrorDetail,
  type RandomStream,
  RoentgenError,
  randomStream,
} from "../../base/index.ts";
import type { Batch, Draw } from "./samples.ts";

/** Input and target of one sample. */
export interface Sample {
  readonly inputs: Float32Array;
  readonly targets: Float32Array | Int32Array;
  /** 1 where it is left out. */
  readonly weight?: number;
}

export interface SampleRequest<Settings> {
  /** From 0. */
  readonly sample: number;
  /** The sample's own random numbers in this epoch, for augmentation; undefined where samples are to be as they are. */
  readonly random: RandomStream | undefined;
  readonly settings: Settings;
}

/** A batch to load: plain data. */
export interface LoadTask<Settings> {
  readonly indices: Uint32Array;
  readonly draw: Draw;
  readonly settings: Settings;
}

/** Errors lose their class on the way between threads; they travel as data. */
export type LoadOutcome =
  | { readonly batch: Batch }
  | { readonly refusal: { readonly code: RoentgenError["code"]; readonly detail: ErrorDetail } };

/** The default export of a module for `workerSource`. */
export type SampleLoader<Settings> = (task: LoadTask<Settings>) => Promise<LoadOutcome>;

/** Makes a loader of batches of a function that decodes, prepares and augments one sample. */
export function sampleLoader<Settings>(
  load: (request: SampleRequest<Settings>) => Sample | Promise<Sample>,
): SampleLoader<Settings> {
  return async ({ indices, draw, settings }) => {
    const samples: Sample[] = [];
    for (const sample of indices) {
      try {
        samples.push(await load({ sample, random: randomOf(draw, sample), settings }));
        checkLengths(samples);
      } catch (cause) {
        return { refusal: refusalOf(sample, cause) };
      }
    }
    const batch = joinSamples(samples);
    const arrays = [batch.inputs, batch.targets, batch.weights];
    return handOver(
      { batch },
      arrays.map(({ buffer }) => buffer as ArrayBuffer),
    );
  };
}

function randomOf({ seed, epoch }: Draw, sample: number): RandomStream | undefined {
  if (epoch === undefined) return undefined;
  return randomStream({ seed, purpose: "train/sample", sample, epoch });
}

/** The last sample against the first. */
function checkLengths(samples: readonly Sample[]): void {
  const lengths = ({ inputs, targets }: Sample) =>
    `${inputs.length} input and ${targets.length} target values`;
  const [expected, found] = [samples[0], samples[samples.length - 1]].map(lengths);
  if (expected === found) return;
  throw new RoentgenError("shape-mismatch", {
    problem: "Samples of one batch differ in size",
    expected: `${expected}, as those before`,
    found,
  });
}

function joinSamples(samples: readonly Sample[]): Required<Batch> {
  const [{ inputs, targets }] = samples;
  const Targets = targets.constructor as new (length: number) => Float32Array | Int32Array;
  const batch = {
    inputs: new Float32Array(samples.length * inputs.length),
    targets: new Targets(samples.length * targets.length),
    weights: Float32Array.from(samples, ({ weight = 1 }) => weight),
  };
  for (const [at, sample] of samples.entries()) {
    batch.inputs.set(sample.inputs, at * inputs.length);
    batch.targets.set(sample.targets, at * targets.length);
  }
  return batch;
}

function refusalOf(sample: number, cause: unknown) {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const problem = `Cannot load sample ${sample}: ${reason}`;
  const known = cause instanceof RoentgenError;
  return {
    code: known ? cause.code : ("value-invalid" as const),
    detail: { problem, subject: String(sample) },
  };
}
