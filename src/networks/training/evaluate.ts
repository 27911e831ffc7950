// Judges the network in its present state on all samples of a source.

import type { StatefulSession } from "../../onnx/index.ts";
import { batchFeeds, epochBatches } from "./batches.ts";
import type { Metric } from "./metric.ts";
import type { SampleSource } from "./samples.ts";
import { STEP, type TrainingStep } from "./training-step.ts";

export interface EvaluateOptions {
  step: TrainingStep;
  data: SampleSource;
  metrics: readonly Metric[];
  batchSize: number;
  /** Awaited before each batch; what it throws ends the judging. */
  betweenBatches?: () => Promise<void>;
}

/** Runs the "evaluate" model of a session over the samples; gives the mean loss and the metrics by name. */
export async function evaluate(
  session: StatefulSession,
  { step, data, metrics, batchSize, betweenBatches }: EvaluateOptions,
): Promise<Record<string, number>> {
  const gathered = metrics.map((metric) => ({ name: metric.name, ...metric.begin() }));
  let lossSum = 0;
  let weightSum = 0;
  for await (const batch of epochBatches(data, { batchSize, seed: 0, epoch: undefined })) {
    await betweenBatches?.();
    const result = await session.run("evaluate", batchFeeds(step, batch));
    const weight = batch.weights.reduce((sum, one) => sum + one, 0);
    lossSum += Number(result[STEP.loss].data[0]) * weight;
    weightSum += weight;
    const outputs = result[STEP.output].data as Float32Array;
    const { weights, targets } = batch;
    const shape = result[STEP.output].shape.slice(1);
    for (const { add } of gathered) add({ outputs, targets, weights, shape });
  }
  const figures = gathered.map(({ name, value }) => [name, value()] as const);
  return { loss: lossSum / weightSum, ...Object.fromEntries(figures) };
}
