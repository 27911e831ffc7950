// Networks: layers, losses, optimisers, schedules, and the trainer.

export type { ReferenceName } from "./architectures/architecture.ts";
export {
  type BuildArchitectureOptions,
  buildArchitecture,
} from "./architectures/build-architecture.ts";
export {
  type Architecture,
  type ArchitectureName,
  architecture,
  architectureNames,
} from "./architectures/catalogue.ts";
export { type PixelScaling, scalingFor, unitScaling } from "./architectures/pixel-scaling.ts";
export { NETWORK_OPSET, type NetworkOptions, network, sequential } from "./compose.ts";
export type { Signal } from "./draft.ts";
export { type FinalActivation, finalActivation } from "./final-activation.ts";
export type { Initialiser } from "./initialise.ts";
export { type KerasNetworkOptions, kerasNetwork } from "./keras/convert-keras.ts";
export { type ActivationName, activation } from "./layers/activation.ts";
export {
  add,
  concatenate,
  dropout,
  flatten,
  multiply,
  permute,
  reshape,
  stochasticDepth,
  upsample,
  zeroPad,
} from "./layers/arrangement.ts";
export { selfAttention } from "./layers/attention.ts";
export { chain } from "./layers/chain.ts";
export { convolution, transposedConvolution } from "./layers/convolution.ts";
export { dense } from "./layers/dense.ts";
export type { Layer } from "./layers/layer.ts";
export {
  batchNormalisation,
  groupNormalisation,
  instanceNormalisation,
  layerNormalisation,
} from "./layers/normalisation.ts";
export {
  adaptiveAveragePool,
  averagePool,
  globalAveragePool,
  globalMaxPool,
  maxPool,
} from "./layers/pooling.ts";
export { layerScale, rescale, standardise } from "./layers/scaling.ts";
export { classToken, positionEmbedding, tokenPool } from "./layers/tokens.ts";
export { coxPartialLikelihood } from "./losses/cox.ts";
export { binaryCrossEntropy, categoricalCrossEntropy } from "./losses/cross-entropy.ts";
export { dice, diceCrossEntropy } from "./losses/dice.ts";
export { binaryFocal, categoricalFocal } from "./losses/focal.ts";
export { generalisedIou } from "./losses/generalised-iou.ts";
export { kullbackLeibler } from "./losses/kullback-leibler.ts";
export type { Loss } from "./losses/loss.ts";
export { huber, meanAbsoluteError, meanSquaredError, smoothL1 } from "./losses/regression.ts";
export { focalTversky, tversky } from "./losses/tversky.ts";
export {
  type LayerRecord,
  type Network,
  type ParameterRecord,
  parametersOf,
  parameterValues,
  withParameters,
} from "./network.ts";
export { adam, adamW, lamb } from "./optimisers/adam.ts";
export type { Optimiser, Update, Updated } from "./optimisers/optimiser.ts";
export { rmsprop } from "./optimisers/rmsprop.ts";
export { sgd } from "./optimisers/sgd.ts";
export {
  type BuildPretrainedOptions,
  buildPretrained,
  type Pretrained,
} from "./pretrained/build-pretrained.ts";
export { resamplePositions } from "./pretrained/fit-positions.ts";
export { type KnownWeights, knownWeights } from "./pretrained/known-weights.ts";
export {
  type LoadPretrainedOptions,
  loadPretrained,
  type PretrainedReport,
} from "./pretrained/load-pretrained.ts";
export type { Verified } from "./pretrained/verify-weights.ts";
export { fetchCommand, openWeights, weightsFolder } from "./pretrained/weights-folder.ts";
export {
  constantRate,
  cosineRate,
  oneCycleRate,
  plateauRate,
  polynomialRate,
  type Schedule,
  stepRate,
} from "./schedules.ts";
export {
  type NetworkSummary,
  type SummaryLine,
  summarise,
  summary,
  summaryTable,
} from "./summary.ts";
export type { EpochRecord, TrainingCheckpoint, TrainingProgress } from "./training/checkpoint.ts";
export { checkpointChunks, readCheckpoint } from "./training/checkpoint-file.ts";
export {
  type CheckpointFolder,
  checkpointFiles,
  checkpointFolder,
} from "./training/checkpoint-folder.ts";
export {
  findLearningRate,
  type LearningRateFindings,
  type LearningRateOptions,
  type LearningRatePoint,
} from "./training/find-learning-rate.ts";
export { type FittingBatch, fittingBatch } from "./training/fitting-batch.ts";
export { accuracy, type Metric, type Predicted } from "./training/metric.ts";
export type { FrozenStatistics } from "./training/moving-statistics.ts";
export {
  type LoadOutcome,
  type LoadTask,
  type Sample,
  type SampleLoader,
  type SampleRequest,
  sampleLoader,
} from "./training/sample-loader.ts";
export { arraySource, type Batch, type SampleSource } from "./training/samples.ts";
export { train } from "./training/train.ts";
export type { StepRecord, Trained, TrainOptions } from "./training/train-options.ts";
export { type TrainingPlotOptions, trainingPlot } from "./training/training-plot.ts";
export type { ParameterGroup } from "./training/training-step.ts";
export {
  type WorkerSource,
  type WorkerSourceOptions,
  workerSource,
} from "./training/worker-source.ts";
export type { ChannelRule } from "./transfer/adapt-channels.ts";
export { classificationHead } from "./transfer/classification-head.ts";
export {
  type FeatureSource,
  type FeatureSourceOptions,
  featureSource,
} from "./transfer/feature-source.ts";
export { freeze, type LayerChoice, trainOnly } from "./transfer/freezing.ts";
export type { FrontierOptions } from "./transfer/frontier.ts";
export {
  type AdaptedChannels,
  type LoadReport,
  type LoadWeightsOptions,
  loadWeights,
  type ShapeClash,
  type WeightsSource,
} from "./transfer/load-weights.ts";
export type { NameMapping } from "./transfer/match-names.ts";
export { type NetworkFromModelOptions, networkFromModel } from "./transfer/network-from-model.ts";
export {
  type AddHeadOptions,
  addHead,
  type ReplaceHeadOptions,
  replaceHead,
} from "./transfer/replace-head.ts";
export { saveWeights } from "./transfer/save-weights.ts";
export { type FrozenSplit, splitFrozen } from "./transfer/split-frozen.ts";
export {
  type UnfreezingOptions,
  type UnfreezingStage,
  unfreezingStages,
} from "./transfer/unfreezing.ts";
export type { WeightLayout } from "./transfer/weight-layout.ts";
