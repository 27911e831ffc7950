// Methods that learn from tables of features.

export {
  type ExtraTreesOptions,
  extraTrees,
  extraTreesParameters,
  type ForestModel,
  type ForestOptions,
  forest,
  forestParameters,
  type OutOfBag,
} from "./forest/index.ts";
export type { FitWork, Learner, OnnxOutputs, TrainingSet } from "./learner.ts";
export {
  type ElasticNetOptions,
  type ElasticNetPathOptions,
  elasticNet,
  elasticNetPath,
} from "./linear/elastic-net.ts";
export { type LogisticModel, type LogisticOptions, logistic } from "./linear/logistic.ts";
export { type LinearModel, type RidgeOptions, ridge } from "./linear/ridge.ts";
export {
  type FittedPipeline,
  fitPipeline,
  type PipelinePlan,
  pipelineToOnnx,
  predictPipeline,
  preprocessingDefaults,
  type RowInformation,
} from "./pipeline.ts";
export { applyPreprocessing } from "./preprocessing/apply.ts";
export {
  type DroppedColumn,
  type FittedPreprocessing,
  fitPreprocessing,
  type PreprocessingOptions,
} from "./preprocessing/preprocessing.ts";
export {
  addPreprocessingToGraph,
  NUMBERS_INPUT,
  textInputName,
} from "./preprocessing/preprocessing-graph.ts";
export { type AnyLearner, type LearnerName, learnerByName, learnerNames } from "./registry.ts";
