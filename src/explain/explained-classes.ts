// The class of each image that is explained and its score, found before the image is changed in any way.

import { throwIfCancelled } from "../base/index.ts";
import type { Session } from "../onnx/index.ts";
import { type ClassChoice, chosenScore, scoreFeeds, scoreWeights } from "./chosen-scores.ts";
import { type ImageBatch, imageCount, rowBatches } from "./image-batch.ts";
import type { OpenModel } from "./open-model.ts";

/** Classes that stay the same whatever becomes of the images. */
export interface ExplainedClasses {
  readonly count: number;
  readonly labels: Int32Array;
  readonly scores: Float32Array;
  /** Weights that choose the classes' scores, [count, scores]. */
  readonly weights: Float32Array;
}

/** Runs the images as they are through a session of `scoreGraph`. */
export async function explainedClasses(
  { model, batchSize }: OpenModel,
  inputs: ImageBatch,
  {
    session,
    classes = "predicted",
    signal,
  }: { session: Session; classes?: ClassChoice; signal?: AbortSignal },
): Promise<ExplainedClasses> {
  const count = imageCount(inputs, model);
  const weights = scoreWeights(classes, { model, count });
  const labels = new Int32Array(count);
  const scores = new Float32Array(count);
  for (const batch of rowBatches(count, batchSize)) {
    throwIfCancelled(signal, "The explanation");
    const result = await session.run(
      scoreFeeds(model, { images: batch.take(inputs.data), weights: batch.take(weights) }),
    );
    for (let at = 0; at < batch.count; at++) {
      const { label, score } = chosenScore(result, { at, model });
      labels[batch.first + at] = label;
      scores[batch.first + at] = score;
    }
  }
  return { count, labels, scores, weights: scoreWeights([...labels], { model, count }) };
}
