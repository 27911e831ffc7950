// The batches of an epoch in an order drawn from the seed, loaded ahead of the step that takes them.

import { randomStream } from "../../base/index.ts";
import type { OnnxTensor } from "../../onnx/index.ts";
import type { Batch, Draw, SampleSource } from "./samples.ts";
import { STEP, type TrainingStep } from "./training-step.ts";

/** A full batch; samples that only fill it up have weight 0. */
export type EpochBatch = Required<Batch> & {
  /** Whether it was still being loaded when it was to be taken. */
  readonly waited: boolean;
};

export interface BatchOrder {
  batchSize: number;
  seed: number;
  /** From 0; undefined for all samples in their order, as they are. */
  epoch: number | undefined;
  /** Number of the first batch. */
  first?: number;
}

/** Batches of an epoch; the last one may be filled up. */
export function stepsPerEpoch(count: number, batchSize: number): number {
  return Math.ceil(count / batchSize);
}

/** Loads the batches of an epoch, one after another. */
export function epochBatches(
  source: SampleSource,
  { batchSize, seed, epoch, first = 0 }: BatchOrder,
): AsyncGenerator<EpochBatch> {
  const order =
    epoch === undefined
      ? Uint32Array.from({ length: source.count }, (_, index) => index)
      : randomStream({ seed, purpose: "train/order", epoch }).permutation(source.count);
  return batchesInOrder(source, order, { batchSize, first, draw: { seed, epoch } });
}

export interface LoadingOptions {
  batchSize: number;
  draw: Draw;
  /** Number of the first batch. */
  first?: number;
}

/** Loads samples in a given order, batches ahead of the one that is taken. */
export async function* batchesInOrder(
  source: SampleSource,
  order: Uint32Array,
  { batchSize, draw, first = 0 }: LoadingOptions,
): AsyncGenerator<EpochBatch> {
  const total = stepsPerEpoch(order.length, batchSize);
  const { ahead = 2 } = source;
  const loading: Loading[] = [];
  for (let next = first; next < total || loading.length > 0; next++) {
    if (next < total) loading.push(begin(loadBatch(source, order, { at: next, batchSize, draw })));
    if (loading.length > ahead || next >= total) yield await take(loading.shift() as Loading);
  }
}

/** A batch on its way. */
interface Loading {
  readonly batch: Promise<Required<Batch>>;
  done: boolean;
}

function begin(batch: Promise<Required<Batch>>): Loading {
  const loading: Loading = { batch, done: false };
  const end = () => {
    loading.done = true;
  };
  // A failure is met where the batch is taken, not before.
  batch.then(end, end);
  return loading;
}

async function take(loading: Loading): Promise<EpochBatch> {
  const waited = !loading.done;
  return { ...(await loading.batch), waited };
}

/** One batch; where the samples run out, those from the start of the order fill it up at weight 0. */
async function loadBatch(
  source: SampleSource,
  order: Uint32Array,
  { at, batchSize, draw }: { at: number; batchSize: number; draw: Draw },
): Promise<Required<Batch>> {
  const start = at * batchSize;
  const real = Math.min(batchSize, order.length - start);
  const indices = Uint32Array.from(
    { length: batchSize },
    (_, index) => order[(start + index) % order.length],
  );
  const batch = await source.load(indices, draw);
  const weights = Float32Array.from({ length: batchSize }, (_, index) =>
    index < real ? (batch.weights?.[index] ?? 1) : 0,
  );
  return { ...batch, weights };
}

/** A batch as the inputs of a step. */
export function batchFeeds(
  { inputName, inputShape, target }: TrainingStep,
  { inputs, targets, weights }: EpochBatch,
): Record<string, OnnxTensor> {
  const data = target.type === "int32" ? Int32Array.from(targets) : Float32Array.from(targets);
  return {
    [inputName]: { type: "float32", shape: inputShape, data: inputs },
    [STEP.target]: { type: target.type, shape: target.shape, data },
    [STEP.weights]: { type: "float32", shape: [weights.length], data: weights },
  };
}
