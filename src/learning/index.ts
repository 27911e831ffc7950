// Methods that learn from tables of features.

export {
  type ExtraTreesOptions,
  extraTrees,
  extraTreesParameters,
  type ForestModel,
  type ForestOptions,
  forest,
  forestParameters,
  type ImpurityImportance,
  impurityImportance,
  type OutOfBag,
  type ShapleyValues,
  shapleyValues,
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
export { modelNumbers } from "./preprocessing/model-numbers.ts";
export {
  type DroppedColumn,
  type FittedPreprocessing,
  fitPreprocessing,
  type PreprocessingOptions,
  preprocessingParameters,
} from "./preprocessing/preprocessing.ts";
export {
  addPreprocessingToGraph,
  NUMBERS_INPUT,
  textInputName,
} from "./preprocessing/preprocessing-graph.ts";
export { type AnyLearner, type LearnerName, learnerByName, learnerNames } from "./registry.ts";
export {
  type CrossValidation,
  type CrossValidationOptions,
  crossValidate,
  type FoldResult,
  type RepeatResult,
  type Scores,
} from "./selection/cross-validate.ts";
export {
  type LearningCurve,
  type LearningCurveOptions,
  type LearningCurvePoint,
  learningCurve,
} from "./selection/learning-curve.ts";
export { defaultMetric, type Metric, metricByName, metricNames } from "./selection/metrics.ts";
export {
  type ChosenParameters,
  type NestedCrossValidation,
  type NestedOptions,
  nestedCrossValidate,
} from "./selection/nested.ts";
export {
  type ColumnImportance,
  type ImportanceOptions,
  type PermutationImportance,
  type Predictor,
  permutationImportance,
} from "./selection/permutation-importance.ts";
export type { ScoreSummary } from "./selection/score-summary.ts";
export {
  type CandidateResult,
  gridSearch,
  randomSearch,
  type SearchOptions,
  type SearchResult,
} from "./selection/search.ts";
export type { Candidate, Distribution, Grid, SearchSpace } from "./selection/search-space.ts";
