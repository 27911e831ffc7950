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
