// Random forest and extremely randomised trees.

export { type ImpurityImportance, impurityImportance } from "./importance.ts";
export { extraTrees, forest } from "./learners.ts";
export type { ForestModel, OutOfBag } from "./model.ts";
export {
  type ExtraTreesOptions,
  extraTreesParameters,
  type ForestOptions,
  forestParameters,
} from "./options.ts";
export { type ShapleyValues, shapleyValues } from "./shapley.ts";
