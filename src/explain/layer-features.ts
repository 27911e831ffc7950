// Features of images: the maps or tokens of the layers that Grad-CAM looks at, averaged over their grids.

import { throwIfCancelled } from "../base/index.ts";
import { algebraOf, cutModel, int, type OnnxModel, openGraph } from "../onnx/index.ts";
import type { ExplainedModel } from "./explained-model.ts";
import type { FeatureLayer } from "./feature-layer.ts";
import { type ImageBatch, imageCount } from "./image-batch.ts";
import type { FeatureRows } from "./nearest-images.ts";
import type { OpenModel } from "./open-model.ts";

const FEATURES = "explain.features";

/** Features of images, [N, channels of the layers]. */
export async function runFeatures(
  { model, layers, batchSize, session }: OpenModel,
  inputs: ImageBatch,
  { signal }: { signal?: AbortSignal } = {},
): Promise<FeatureRows> {
  const count = imageCount(inputs, model);
  const opened = await session("features", () => featuresGraph(model, layers()));
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

function featuresGraph({ model }: ExplainedModel, layers: readonly FeatureLayer[]): OnnxModel {
  const part = cutModel(model, { outputs: layers.map(({ tensor }) => tensor) });
  const graph = openGraph({ ...part, graph: { ...part.graph, outputs: [] } });
  const m = algebraOf(graph);
  const means = layers.map(({ tensor, grid, tokensBefore }) =>
    m.mean(tensor, { axes: tokensBefore === undefined ? grid.map((_, at) => at + 2) : [1] }),
  );
  const joined = means.length === 1 ? means[0] : m.op("Concat", means, { axis: int(1) });
  graph.output({ name: FEATURES }, joined);
  return graph.build();
}
