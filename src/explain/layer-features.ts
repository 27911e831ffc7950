// Features of images: the maps or tokens of the layer that Grad-CAM looks at, averaged over their grid.

import { throwIfCancelled } from "../base/index.ts";
import { algebraOf, cutModel, type OnnxModel, openGraph } from "../onnx/index.ts";
import type { ExplainedModel } from "./explained-model.ts";
import type { FeatureLayer } from "./feature-layer.ts";
import { type ImageBatch, imageCount } from "./image-batch.ts";
import type { FeatureRows } from "./nearest-images.ts";
import type { OpenModel } from "./open-model.ts";

const FEATURES = "explain.features";

/** Features of images, [N, channels of the layer]. */
export async function runFeatures(
  { model, layer, batchSize, session }: OpenModel,
  inputs: ImageBatch,
  { signal }: { signal?: AbortSignal } = {},
): Promise<FeatureRows> {
  const count = imageCount(inputs, model);
  const opened = await session("features", () => featuresGraph(model, layer()));
  const length = inputs.data.length / count;
  const parts: Float32Array[] = [];
  for (let first = 0; first < count; first += batchSize) {
    throwIfCancelled(signal, "The explanation");
    const some = Math.min(batchSize, count - first);
    const data = inputs.data.subarray(first * length, (first + some) * length);
    const shape = [some, ...model.imageShape];
    const result = await opened.run({ [model.input]: { type: "float32", shape, data } });
    parts.push(result[FEATURES].data as Float32Array);
  }
  const channels = parts.reduce((sum, part) => sum + part.length, 0) / count;
  const data = new Float32Array(count * channels);
  for (const [at, part] of parts.entries()) data.set(part, at * batchSize * channels);
  return { shape: [count, channels], data };
}

function featuresGraph(
  { model }: ExplainedModel,
  { tensor, grid, tokensBefore }: FeatureLayer,
): OnnxModel {
  const part = cutModel(model, { outputs: [tensor] });
  const graph = openGraph({ ...part, graph: { ...part.graph, outputs: [] } });
  const m = algebraOf(graph);
  const axes = tokensBefore === undefined ? grid.map((_, at) => at + 2) : [1];
  graph.output({ name: FEATURES }, m.mean(tensor, { axes }));
  return graph.build();
}
