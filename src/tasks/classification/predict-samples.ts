// A deployed model put on samples of a data set: scores, features and distances, a batch at a time.

import { openSession } from "#session";
import { openCheckpoint, type WorkOptions } from "../../base/index.ts";
import type { SampleSource } from "../../networks/index.ts";
import { type Device, encodeModel, type OnnxTensor } from "../../onnx/index.ts";
import type { DeployableModel } from "./deploy-model.ts";

/** What a model gives for samples, sample after sample. */
export interface SampleOutputs {
  readonly scores: Float64Array;
  /** Scores a sample. */
  readonly width: number;
  /** Features a sample one after another, where the model gives them. */
  readonly features?: Float32Array;
  readonly distances?: Float64Array;
}

export interface PredictSamplesOptions extends WorkOptions {
  device?: Device;
  /** What is going on, for progress. */
  stage?: string;
}

const BATCH = 16;

/**
 * @param source samples as they are, pixels in 0 … 1
 * @param shape [channels, …size] of one
 */
export async function predictSamples(
  { model, tensors }: DeployableModel,
  source: SampleSource,
  {
    shape,
    device,
    threads,
    signal,
    onProgress,
    stage = "Judging",
  }: PredictSamplesOptions & { shape: readonly number[] },
): Promise<SampleOutputs> {
  const session = await openSession(encodeModel(model), { device, threads });
  const mayGoOn = openCheckpoint(signal, stage);
  const gathered = { scores: [], features: [], distance: [] } as Record<string, OnnxTensor[]>;
  try {
    for (let start = 0; start < source.count; start += BATCH) {
      const rows = Math.min(BATCH, source.count - start);
      const batch = Uint32Array.from({ length: rows }, (_, at) => start + at);
      const { inputs } = await source.load(batch, AS_THEY_ARE);
      const input: OnnxTensor = { type: "float32", shape: [rows, ...shape], data: inputs };
      const outputs = await session.run({ [tensors.input]: input });
      for (const part of ["scores", "features", "distance"] as const) {
        const name = tensors[part];
        if (name !== undefined) gathered[part].push(outputs[name]);
      }
      onProgress?.({ stage, done: start + rows, total: source.count, unit: "images" });
      await mayGoOn();
    }
  } finally {
    await session.close();
  }
  const scores = Float64Array.from(joined(gathered.scores));
  return {
    scores,
    width: scores.length / source.count,
    ...(tensors.features && { features: joined(gathered.features) }),
    ...(tensors.distance && { distances: Float64Array.from(joined(gathered.distance)) }),
  };
}

const AS_THEY_ARE = { seed: 0, epoch: undefined };

function joined(tensors: readonly OnnxTensor[]): Float32Array {
  const length = tensors.reduce((sum, { data }) => sum + data.length, 0);
  const all = new Float32Array(length);
  let at = 0;
  for (const { data } of tensors) {
    all.set(data as Float32Array, at);
    at += data.length;
  }
  return all;
}
