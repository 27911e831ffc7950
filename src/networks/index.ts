// Networks: layers, losses, optimisers, schedules, and the trainer.

export { type Layer, type NetworkOptions, network, type Signal, sequential } from "./compose.ts";
export type { Initialiser } from "./initialise.ts";
export { type ActivationName, activation } from "./layers/activation.ts";
export {
  add,
  concatenate,
  dropout,
  flatten,
  multiply,
  permute,
  reshape,
  upsample,
  zeroPad,
} from "./layers/arrangement.ts";
export { selfAttention } from "./layers/attention.ts";
export { convolution, transposedConvolution } from "./layers/convolution.ts";
export { dense } from "./layers/dense.ts";
export {
  batchNormalisation,
  groupNormalisation,
  instanceNormalisation,
  layerNormalisation,
} from "./layers/normalisation.ts";
export { averagePool, globalAveragePool, globalMaxPool, maxPool } from "./layers/pooling.ts";
export {
  type LayerRecord,
  type Network,
  type ParameterRecord,
  parametersOf,
  parameterValues,
  withParameters,
} from "./network.ts";
export { type NetworkSummary, summarise, summary } from "./summary.ts";
