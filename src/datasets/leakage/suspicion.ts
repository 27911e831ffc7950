// From when on a column is suspected of knowing the answer.

/** The least of each figure that makes a column suspect, each in (0, 1]. */
export interface SuspicionThresholds {
  /** Area under the ROC curve of a number, of two classes. */
  auc: number;
  /** Leave-one-out balanced accuracy. */
  accuracy: number;
  /** Leave-one-out R², or squared Spearman correlation, of a measured target. */
  rSquared: number;
  /** Cramér's V (classes) or correlation (a measured target) of being missing. */
  missingness: number;
}

/**
 * Real measurements stay below: of the 30 of the Wisconsin breast cancer data, the best has AUC 0.975
 * and a balanced accuracy of 0.91.
 */
export const SUSPICION: SuspicionThresholds = {
  auc: 0.99,
  accuracy: 0.98,
  rSquared: 0.99,
  missingness: 0.5,
};

/** With fewer rows in two classes (or altogether, twice as many), chance finds perfect columns. */
export const FEWEST_OF_A_CLASS = 8;
