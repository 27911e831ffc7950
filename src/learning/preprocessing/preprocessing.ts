// From a table of numbers and text to the features of a learner: impute, scale, one-hot.
// What is learnt comes from the table given to `fitPreprocessing` alone: give it the training side.

import {
  type Column,
  checkParameters,
  flag,
  integer,
  number,
  type OptionsOf,
  oneOf,
  parameters,
  RoentgenError,
  type SettingsOf,
  type Table,
} from "../../base/index.ts";
import { type FittedNumberColumn, fitNumberColumn, indicatorName } from "./number-column.ts";
import { type FittedTextColumn, fitTextColumn } from "./text-column.ts";

/** What can be asked of a preprocessing. */
export const preprocessingParameters = parameters({
  impute: oneOf("median", "mean", "mostFrequent", "constant", "none")
    .default("median")
    .describe(
      'What replaces a missing number; "none" leaves it missing, for learners that understand that.',
    ),
  fillValue: number().default(0).describe('Replaces missing numbers where `impute` is "constant".'),
  missingIndicator: flag()
    .default(false)
    .describe("Adds a 0/1 feature for each column with missing numbers in the training rows."),
  scale: oneOf("standard", "robust", "none")
    .default("standard")
    .describe(
      '"standard": mean 0, standard deviation 1 (of the population). "robust": median 0, interquartile range 1.',
    ),
  missingText: oneOf("category", "mostFrequent", "ignore")
    .default("category")
    .describe(
      "What becomes of missing text: a category of its own (where training rows had any), the most frequent one, or no category.",
    ),
  unknownCategory: oneOf("ignore", "error", "rare")
    .default("ignore")
    .describe(
      "What becomes of a category that training rows did not have: no category, an error, or the feature of rare ones.",
    ),
  minCategoryCount: integer({ min: 1 })
    .default(1)
    .describe("Categories with fewer training rows are joined in one feature of rare ones."),
  maxCategories: integer({ min: 2 })
    .default(100)
    .describe("No more features than this from one text column; the rarest categories are joined."),
  dropBinary: flag()
    .default(false)
    .describe(
      "Whether a column of just two categories gives one feature (that of the second) instead of two.",
    ),
});

/** Options of the preprocessing that is fitted with each model. */
export type PreprocessingOptions = OptionsOf<typeof preprocessingParameters>;
export type PreprocessingSettings = SettingsOf<typeof preprocessingParameters>;

/** A column without use, and why. */
export interface DroppedColumn {
  readonly name: string;
  readonly reason: string;
}

/** What was learnt: plain data, applied by `applyPreprocessing` and `addPreprocessingToGraph`. */
export interface FittedPreprocessing {
  /** The numeric columns that give features, in the table's order. */
  readonly numbers: readonly FittedNumberColumn[];
  /** The text columns that give features, in the table's order. */
  readonly texts: readonly FittedTextColumn[];
  /** Of the features: numbers first, then missing indicators, then the categories of each text column. */
  readonly names: readonly string[];
  /** Column of the table that each feature comes from. */
  readonly sources: readonly string[];
  readonly dropped: readonly DroppedColumn[];
}

/**
 * Learns how to turn a table into features. Numbers are taken in the float32 precision that deployed
 * models take them in, so that what is trained is what is deployed.
 * @throws RoentgenError "bad-option"; "value-invalid" for infinite numbers; "too-few-samples" where no column is of use
 */
export function fitPreprocessing(
  table: Table,
  options: PreprocessingOptions = {},
): FittedPreprocessing {
  const settings = checkParameters(preprocessingParameters, options, "preprocessing");
  const numbers: FittedNumberColumn[] = [];
  const texts: FittedTextColumn[] = [];
  const dropped: DroppedColumn[] = [];
  for (const column of table.columns) {
    const reason = fitColumn(column, settings, numbers, texts);
    if (reason) dropped.push({ name: column.name, reason });
  }
  const features = namedFeatures(numbers, texts);
  if (features.length === 0) refuseUseless(table, dropped);
  return {
    numbers,
    texts,
    names: features.map(({ name }) => name),
    sources: features.map(({ source }) => source),
    dropped,
  };
}

/** Adds the fitted column to its list if it gives a feature; returns why its values give none, if so. */
function fitColumn(
  column: Column,
  settings: PreprocessingSettings,
  numbers: FittedNumberColumn[],
  texts: FittedTextColumn[],
): string | undefined {
  if (column.kind === "number") {
    const { fitted, reason } = fitNumberColumn(column, settings);
    if (fitted.kept || fitted.indicator) numbers.push(fitted);
    return reason;
  }
  const { fitted, reason } = fitTextColumn(column, settings);
  if (fitted.features.length > 0) texts.push(fitted);
  return reason;
}

function namedFeatures(
  numbers: readonly FittedNumberColumn[],
  texts: readonly FittedTextColumn[],
): { name: string; source: string }[] {
  return [
    ...numbers.filter(({ kept }) => kept).map(({ name }) => ({ name, source: name })),
    ...numbers
      .filter(({ indicator }) => indicator)
      .map(({ name }) => ({ name: indicatorName(name), source: name })),
    ...texts.flatMap(({ name: source, features }) => features.map((name) => ({ name, source }))),
  ];
}

function refuseUseless(table: Table, dropped: readonly DroppedColumn[]): never {
  const reasons = dropped.slice(0, 5).map(({ name, reason }) => `"${name}" ${reason}`);
  throw new RoentgenError("too-few-samples", {
    problem: "No column of the table can serve as a feature",
    expected: "at least one column that varies",
    found: table.columns.length === 0 ? "no columns" : reasons.join("; "),
  });
}
