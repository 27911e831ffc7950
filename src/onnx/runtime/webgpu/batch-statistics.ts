// BatchNormalization over a batch in training, which WebGPU has only with statistics that are given.
// ONNX, BatchNormalization: y = γ (x − μ) / √(σ² + ε) + β with μ and σ² of the batch, σ² over n.

import { readAttributes } from "../../attributes.ts";
import type { Form } from "./fit-to-webgpu.ts";

export const batchStatistics: Form = (node, { m }) => {
  const attributes = readAttributes(node);
  if (node.operator !== "BatchNormalization" || attributes.int("training_mode", 0) !== 1) return;
  const [x, gamma, beta, runningMean, runningVariance] = node.inputs;
  const rank = m.graph.typeOf(x)?.shape?.length;
  if (rank === undefined) return;
  const others = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => axis !== 1);
  const column = (vector: string) => m.reshape(vector, [-1, ...others.slice(1).map(() => 1)]);
  const mean = m.mean(x, { axes: others, keepDims: true });
  const centred = m.sub(x, mean);
  const variance = m.mean(m.mul(centred, centred), { axes: others, keepDims: true });
  const deviation = m.sqrt(m.add(variance, attributes.float("epsilon", 1e-5)));
  const y = m.add(m.mul(m.div(centred, deviation), column(gamma)), column(beta));
  const momentum = attributes.float("momentum", 0.9);
  const moved = (running: string, now: string) =>
    m.add(m.mul(running, momentum), m.mul(m.reshape(now, [-1]), 1 - momentum));
  return [y, moved(runningMean, mean), moved(runningVariance, variance)].slice(
    0,
    node.outputs.length,
  );
};
