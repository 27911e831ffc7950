// What bundle.json states about a model of tables: the columns that it takes and what it predicts of a row.

import { number, parameters, rules, words } from "../../base/index.ts";
import { amountRule, classRule, factRules, nameRule, probabilityRule } from "./facts.ts";

const targetRule = rules.discriminatedUnion("task", [
  parameters({
    task: rules.literal("classification"),
    name: nameRule(),
    /** In the order of the model's probabilities. Of two, the second is the positive one. */
    classes: rules.array(classRule).min(2, { error: "at least two classes" }),
    /** Probability of the positive class from which on it is predicted, of two classes. */
    threshold: probabilityRule().optional(),
  }),
  parameters({ task: rules.literal("regression"), name: nameRule(), unit: words().optional() }),
]);

const inputRule = rules.discriminatedUnion("kind", [
  parameters({
    kind: rules.literal("number"),
    name: nameRule(),
    unit: words().optional(),
    /** Range seen in training; null where every value was missing. */
    minimum: number().nullable(),
    maximum: number().nullable(),
    /** Share of the training rows without a value. */
    missing: probabilityRule(),
  }),
  parameters({
    kind: rules.literal("category"),
    name: nameRule(),
    /** Seen in training. */
    categories: rules.array(words()),
    missing: probabilityRule(),
  }),
]);

export const tableRules = factRules.extend({
  kind: rules.literal("table"),
  target: targetRule,
  /** Columns of the table that the model was trained on, in the order of its features. */
  inputs: rules.array(inputRule).min(1, { error: "at least one input column" }),
  /** Names of the tensors of model.onnx. */
  tensors: parameters({ input: nameRule(), scores: nameRule(), label: nameRule().optional() }),
  training: parameters({ rows: amountRule(), patients: amountRule().optional() }),
});

/** What the maker of a bundle states about a model of tables. */
export type TableDescription = rules.output<typeof tableRules>;

/** An input of the model: a number with its range, or a category with its values. */
export type BundleInput = rules.output<typeof inputRule>;
