// What can be asked of a forest: rules, defaults and help, written once.

import {
  anyOf,
  flag,
  integer,
  number,
  type OptionsOf,
  oneOf,
  parameters,
  rules,
  type SettingsOf,
} from "../../base/index.ts";

const maxFeatures = anyOf(
  '"sqrt", "log2", "third", "all", a fraction below 1 or a count of at least 1',
  oneOf("sqrt", "log2", "third", "all"),
  integer({ min: 1 }),
  number({ above: 0, below: 1 }),
)
  .optional()
  .describe(
    'Features tried at each split: "sqrt" (default for classes), "third" (default for numbers in a forest), "all" (default for numbers in extra trees), "log2", a fraction below 1, or a count.',
  );

const shared = {
  trees: integer({ min: 1, max: 100_000 }).default(100).describe("Number of trees."),
  maxFeatures,
  criterion: oneOf("gini", "entropy")
    .default("gini")
    .describe("Impurity that a split of classes lowers; regression lowers the squared error."),
  maxDepth: integer({ min: 1 })
    .optional()
    .describe("Deepest level of a tree; unlimited if absent."),
  maxLeaves: integer({ min: 2 })
    .optional()
    .describe("Most leaves of a tree, grown best split first; unlimited if absent."),
  minSamplesSplit: integer({ min: 2 })
    .default(2)
    .describe("Rows that a node needs to be split (a resampled row counts once)."),
  minSamplesLeaf: integer({ min: 1 })
    .default(1)
    .describe("Rows that a leaf keeps at least (a resampled row counts once)."),
  minWeightFractionLeaf: number({ min: 0, max: 0.5 })
    .default(0)
    .describe("Share of the whole weight that a leaf keeps at least."),
  minImpurityDecrease: number({ min: 0 })
    .default(0)
    .describe("A split must lower the weighted impurity by this much."),
  sampleFraction: number({ above: 0, max: 1 })
    .default(1)
    .describe("Rows drawn for each tree, as a share of all."),
  classWeight: anyOf(
    '"none", "balanced", "balanced-subsample" or a positive number for each class name',
    oneOf("none", "balanced", "balanced-subsample"),
    rules.record(rules.string(), number({ above: 0 })),
  )
    .default("none")
    .describe("Weight of the classes; balanced-subsample balances what each tree drew."),
  bins: integer({ min: 2, max: 255 })
    .default(255)
    .describe("Most distinct values of a feature that splits tell apart."),
  outOfBag: flag()
    .default(false)
    .describe("Predict each row by the trees that did not see it. Needs resampling."),
};

/** Random forest (Breiman, Machine Learning 45, 2001): resampled rows, best split of some features. */
export const forestParameters = parameters({
  ...shared,
  bootstrap: flag().default(true).describe("Draw rows with replacement; patients, where known."),
});

/** Extremely randomised trees (Geurts et al., Machine Learning 63, 2006): random cut points. */
export const extraTreesParameters = parameters({
  ...shared,
  bootstrap: flag().default(false).describe("Draw rows with replacement; patients, where known."),
});

/** Options of `forest`. */
export type ForestOptions = OptionsOf<typeof forestParameters>;

/** Options of `extraTrees`. */
export type ExtraTreesOptions = OptionsOf<typeof extraTreesParameters>;
export type ForestSettings = SettingsOf<typeof forestParameters>;

/** How many features a split looks at. */
export function featuresPerSplit(
  asked: NonNullable<ForestSettings["maxFeatures"]>,
  featureCount: number,
): number {
  const count =
    typeof asked === "number"
      ? asked < 1
        ? asked * featureCount
        : asked
      : { sqrt: Math.sqrt, log2: Math.log2, third: (n: number) => n / 3, all: (n: number) => n }[
          asked
        ](featureCount);
  return Math.min(featureCount, Math.max(1, Math.floor(count)));
}
