// Predictions of the same rows with some features changed: only trees that ask for those are walked
// again. Of a table far wider than the trees are deep, that is a few trees of hundreds.

import type { Features, Prediction, WorkOptions } from "../../base/index.ts";
import { type ChangedFeatures, withFeatures } from "../changed-features.ts";
import { type ForestModel, treeCount } from "./model.ts";
import { predictForest } from "./predict.ts";
import { leafOf } from "./traverse.ts";

/** From this share of the trees on, walking all of them as `predictForest` does is faster. */
const FEW_TREES = 1 / 8;

/** Leaves to remember (rows times trees) before memory is better left to others. */
const MOST_LEAVES = 4_000_000;

/** Gives what `predictForest` gives for the features with the changed ones among them. */
export function forestVariantPredictor(
  model: ForestModel,
  features: Features,
  work: WorkOptions = {},
): (changed: ChangedFeatures) => Promise<Prediction> {
  const trees = treesByFeature(model);
  const few = FEW_TREES * treeCount(model);
  const remembers = features.rowCount * treeCount(model) <= MOST_LEAVES;
  let leaves: Int32Array | undefined;
  return async (changed) => {
    const concerned = new Set([...changed.keys()].flatMap((feature) => trees[feature]));
    const variant = withFeatures(features, changed);
    if (!remembers || concerned.size > few) return predictForest(model, variant, work);
    leaves ??= walkTrees(model, features, model.roots.subarray(0, -1).keys());
    return meanOfLeaves(model, features.rowCount, walkAgain(model, variant, concerned, leaves));
  };
}

/** Which trees split on each feature. */
function treesByFeature(model: ForestModel): number[][] {
  const trees = model.featureNames.map((): number[] => []);
  for (let tree = 0; tree < treeCount(model); tree++) {
    const nodes = model.feature.subarray(model.roots[tree], model.roots[tree + 1]);
    for (const feature of new Set(nodes)) if (feature >= 0) trees[feature].push(tree);
  }
  return trees;
}

/** The row of `values` that each tree gives to each row: `[rows, trees]`. */
function walkTrees(
  model: ForestModel,
  { columns, rowCount }: Features,
  trees: Iterable<number>,
  leaves = new Int32Array(rowCount * treeCount(model)),
): Int32Array {
  const stride = treeCount(model);
  for (const tree of trees) {
    for (let row = 0; row < rowCount; row++) {
      leaves[row * stride + tree] = leafOf(model, model.roots[tree], (at) => columns[at][row]);
    }
  }
  return leaves;
}

function walkAgain(
  model: ForestModel,
  variant: Features,
  trees: ReadonlySet<number>,
  leaves: Int32Array,
): Int32Array {
  return trees.size === 0 ? leaves : walkTrees(model, variant, trees, leaves.slice());
}

/** Sums run in tree order, as those of `predictForest` do, so that not even a last bit differs. */
function meanOfLeaves(model: ForestModel, rowCount: number, leaves: Int32Array): Prediction {
  const { outputs, values } = model;
  const trees = treeCount(model);
  const means = new Float64Array(rowCount * outputs);
  for (let row = 0; row < rowCount; row++) {
    for (let tree = 0; tree < trees; tree++) {
      const leaf = leaves[row * trees + tree] * outputs;
      for (let output = 0; output < outputs; output++) {
        means[row * outputs + output] += values[leaf + output];
      }
    }
  }
  for (let index = 0; index < means.length; index++) means[index] /= trees;
  if (model.task === "regression") return { task: "regression", values: means };
  return { task: "classification", classes: model.classes, probabilities: means };
}
