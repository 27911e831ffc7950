// Random forest and extremely randomised trees.

export { extraTrees, forest } from "./learners.ts";
export type { ForestModel, OutOfBag } from "./model.ts";
export {
  type ExtraTreesOptions,
  extraTreesParameters,
  type ForestOptions,
  forestParameters,
} from "./options.ts";
