// A fitted forest as plain data: the nodes of all trees one after another in typed arrays.

/** Which of the two methods grew the trees. */
export type ForestMethod = "forest" | "extraTrees";

/**
 * A node n with `feature[n] >= 0` sends a row to `child[n]` if `float32(x) <= threshold[n]`, or x is
 * missing and `missingLeft[n]`, and to `child[n] + 1` otherwise. A leaf has feature −1, and `child`
 * is its row in `values`.
 */
export interface ForestModel {
  readonly method: ForestMethod;
  readonly task: "classification" | "regression";
  readonly featureNames: readonly string[];
  /** Names of the classes; empty for regression. */
  readonly classes: readonly string[];
  /** Values a leaf holds: the number of classes, or 1. */
  readonly outputs: number;
  /** First node of each tree, and the number of nodes at the end: `[trees + 1]`. */
  readonly roots: Int32Array;
  readonly feature: Int32Array;
  readonly threshold: Float32Array;
  readonly missingLeft: Uint8Array;
  readonly child: Int32Array;
  /** Weight of the training rows that passed through each node. */
  readonly cover: Float32Array;
  /** `[rows, outputs]`: class shares or the mean of a leaf; leaves with equal content may share a row. */
  readonly values: Float64Array;
  /** Impurity decrease by feature, each tree's summing to 1 (or 0 for a single leaf): `[trees, features]`. */
  readonly treeImportances: Float64Array;
  readonly outOfBag?: OutOfBag;
}

/** Predictions for the training rows by the trees that did not see them. */
export interface OutOfBag {
  /** `[rows, outputs]`; NaN where every tree saw the row. */
  readonly predictions: Float64Array;
  /** Rows with a prediction. */
  readonly rowCount: number;
  /** Weighted accuracy (classification) or R² (regression) over those rows. */
  readonly score: number;
}

export function treeCount({ roots }: Pick<ForestModel, "roots">): number {
  return roots.length - 1;
}
