// Which batch normalisations go by the batch in training, so that their running statistics move.

import type { OnnxModel, OnnxNode } from "../../onnx/index.ts";

/**
 * Batch normalisation that goes on with its running statistics, as in inference: all of it, none, or ("with-layer") where
 * neither scale nor shift is trained, as Keras has it for layers with `trainable: false`.
 */
export type FrozenStatistics = boolean | "with-layer";

/** Batch normalisations over the batch; `isTrained` tells parameters that get gradients. */
export function movingNormalisations(
  { graph }: OnnxModel,
  frozen: FrozenStatistics,
  isTrained: (parameter: string) => boolean,
): OnnxNode[] {
  if (frozen === true) return [];
  const all = graph.nodes.filter(
    ({ domain, operator }) => domain === "" && operator === "BatchNormalization",
  );
  return frozen === false ? all : all.filter(({ inputs }) => inputs.slice(1, 3).some(isTrained));
}
