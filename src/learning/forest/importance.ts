// Impurity importance: how much the splits on a feature lowered the impurity
// (Breiman et al. 1984, section 5.3.4), as a share of all, averaged over the trees.

import { type ForestModel, treeCount } from "./model.ts";

/** Impurity importance of each feature. */
export interface ImpurityImportance {
  readonly names: readonly string[];
  /** Mean over the trees, summing to 1 (all 0 where no tree has a split). */
  readonly values: Float64Array;
  /** Standard deviation over the trees. */
  readonly deviations: Float64Array;
}

/**
 * Importance of each feature by what splits gained on the training rows. It favours features with
 * many distinct values and says nothing about held-out rows: permutation importance does.
 */
export function impurityImportance(model: ForestModel): ImpurityImportance {
  const { featureNames: names, treeImportances } = model;
  const trees = treeCount(model);
  const count = names.length;
  const means = new Float64Array(count);
  const squares = new Float64Array(count);
  for (let i = 0; i < treeImportances.length; i++) means[i % count] += treeImportances[i] / trees;
  for (let i = 0; i < treeImportances.length; i++) {
    squares[i % count] += (treeImportances[i] - means[i % count]) ** 2 / trees;
  }
  const sum = means.reduce((total, mean) => total + mean, 0);
  // Trees that are single leaves have no importances; the rest share the whole.
  const values = sum > 0 ? means.map((mean) => mean / sum) : means;
  return { names, values, deviations: squares.map(Math.sqrt) };
}
