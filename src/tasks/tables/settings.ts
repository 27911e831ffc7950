// What a training on a table can be asked, as rules: this is what a run's config.json holds.

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
  words,
} from "../../base/index.ts";
import { learnerNames } from "../../learning/index.ts";

const columnNames = () => rules.array(words(), { error: "a list of column names" });
const assignments = () => rules.record(rules.string(), rules.json(), { error: "options by name" });

export const trainingParameters = parameters({
  /** Path of the table, or of the features. */
  data: words(),
  /** Path of the labels, where they are in a file of their own. */
  labels: words().optional(),
  /** Column to predict; guessed where it is not given. */
  target: words().optional(),
  /** Column of patients, kept together in every split; guessed where it is not given, false for none. */
  group: anyOf("a column name or false", words(), rules.literal(false)).optional(),
  /** Column of row weights. */
  weight: words().optional(),
  /** Columns by whose values the results are shown apart (site, sex). They are learnt from too, unless dropped. */
  subgroups: columnNames().default([]),
  /** Columns to leave out. */
  drop: columnNames().default([]),
  /** Exactly these columns to learn from. */
  features: columnNames().optional(),
  task: oneOf("auto", "classification", "regression").default("auto"),
  /** The positive one of two classes. */
  positive: words().optional(),
  missingTarget: oneOf("error", "drop").default("error"),
  model: oneOf(...learnerNames).default("forest"),
  /** Options of the model. */
  options: assignments().default({}),
  /** Options of the preprocessing. */
  preprocessing: assignments().default({}),
  /** Share of the rows (by patient) that is held out to judge the model. */
  test: number({ above: 0, below: 1 }).default(0.2),
  /** Folds of a cross-validation besides, over all rows; 0 for none. */
  folds: integer({ min: 0 }).default(0),
  repeats: integer({ min: 1 }).default(1),
  /** Values of model options to search: lists for a grid, or distributions with `searchDraws`. */
  search: rules.record(rules.string(), rules.json(), { error: "choices by option" }).default({}),
  /** Random draws from `search`; 0 searches the whole grid. */
  searchDraws: integer({ min: 0 }).default(0),
  /** Folds inside the search. */
  searchFolds: integer({ min: 2 }).default(5),
  /** How often each column is permuted for its importance; 0 for none. */
  permutations: integer({ min: 0 }).default(10),
  /** Whether to show how the score grows with the number of rows. */
  learningCurve: flag().default(true),
  /** Resamples of the bootstrap intervals. */
  resamples: integer({ min: 100 }).default(2000),
  /** Confidence level of all intervals. */
  level: number({ min: 0.5, below: 1 }).default(0.95),
  seed: integer({ min: 0 }).default(0),
});

export type TrainingOptions = OptionsOf<typeof trainingParameters>;
export type TrainingSettings = SettingsOf<typeof trainingParameters>;
