// What bundle.json states about a model, as rules that a bundle is held to when it is written and read.

import { flag, integer, number, oneOf, parameters, rules, words } from "../../base/index.ts";

/** Grows by one with each change that an older Roentgen would misread. */
export const SCHEMA_VERSION = 1;

/** A name that people read: not empty, not longer than a line or two. */
const name = () => words().min(1, { error: "text that is not empty" }).max(1000);
const sha256Rule = () =>
  rules.string().regex(/^[0-9a-f]{64}$/, { error: "a SHA-256 in hexadecimal" });
const amount = () => integer({ min: 0 });

const classRule = parameters({
  name: name(),
  /** Concept of SNOMED CT that the class stands for. */
  snomed: parameters({
    code: rules.string().regex(/^\d{6,18}$/, { error: "a SNOMED CT identifier of 6 to 18 digits" }),
    display: name(),
  }).optional(),
});

const targetRule = rules.discriminatedUnion("task", [
  parameters({
    task: rules.literal("classification"),
    name: name(),
    /** In the order of the model's probabilities. Of two, the second is the positive one. */
    classes: rules.array(classRule).min(2, { error: "at least two classes" }),
    /** Probability of the positive class from which on it is predicted, of two classes. */
    threshold: number({ min: 0, max: 1 }).optional(),
  }),
  parameters({ task: rules.literal("regression"), name: name(), unit: words().optional() }),
]);

const inputRule = rules.discriminatedUnion("kind", [
  parameters({
    kind: rules.literal("number"),
    name: name(),
    unit: words().optional(),
    /** Range seen in training; null where every value was missing. */
    minimum: number().nullable(),
    maximum: number().nullable(),
    /** Share of the training rows without a value. */
    missing: number({ min: 0, max: 1 }),
  }),
  parameters({
    kind: rules.literal("category"),
    name: name(),
    /** Seen in training. */
    categories: rules.array(words()),
    missing: number({ min: 0, max: 1 }),
  }),
]);

/** Plain JSON of any shape. */
const jsonRule = rules.json();

const transformRule = parameters({
  name: name(),
  /** What it does, in words. */
  description: words().optional(),
  parameters: rules.record(rules.string(), jsonRule),
  /** Whether model.onnx does it itself; if not, who runs the model must do it first. */
  insideModel: flag(),
});

const metricRule = parameters({
  name: name(),
  label: name(),
  /** null where undefined. */
  value: number().nullable(),
  low: number().nullable(),
  high: number().nullable(),
  level: number({ above: 0, below: 1 }),
  n: amount(),
  method: words(),
});

const fingerprintRule = parameters({ name: name(), bytes: amount(), sha256: sha256Rule() });

/** Rules of everything that who makes a bundle states. */
export const descriptionRules = parameters({
  name: name(),
  /** "random forest". */
  learner: name(),
  target: targetRule,
  /** Columns of the table that the model was trained on, in the order of its features. */
  inputs: rules.array(inputRule).min(1, { error: "at least one input column" }),
  preprocessing: rules.array(transformRule),
  /** Names of the tensors of model.onnx. */
  tensors: parameters({ input: name(), scores: name(), label: name().optional() }),
  /** Figures of the model on data it was not trained on. */
  metrics: rules.array(metricRule),
  training: parameters({ rows: amount(), patients: amount().optional() }),
  data: rules.array(fingerprintRule),
  versions: rules.record(rules.string(), words()),
  seed: integer({ min: 0 }).optional(),
});

export const manifestRules = descriptionRules.extend({
  format: rules.literal("roentgen-bundle", { error: '"roentgen-bundle"' }),
  schemaVersion: rules.literal(SCHEMA_VERSION, { error: `${SCHEMA_VERSION}` }),
  /** Every other part of the bundle by its name, with what its content must hash to. */
  parts: rules.record(rules.string(), parameters({ bytes: amount(), sha256: sha256Rule() })),
  /** Of all the other fields, as `stableJson` writes them. */
  sha256: sha256Rule(),
});

/** What the maker of a bundle states about the model. */
export type BundleDescription = rules.output<typeof descriptionRules>;

/** bundle.json: the description and the hashes of the other parts. */
export type BundleManifest = rules.output<typeof manifestRules>;

/** An input of the model: a number with its range, or a category with its values. */
export type BundleInput = rules.output<typeof inputRule>;

/** A figure with its interval; null where it is undefined. */
export type BundleMetric = rules.output<typeof metricRule>;

const tensorTypes = ["float32", "float64", "int32", "int64", "string", "bool"] as const;

const vectorTensorRule = parameters({
  type: oneOf(...tensorTypes),
  shape: rules.array(amount()),
  /** Row-major. NaN is null; infinities are the words "Infinity" and "-Infinity"; whole numbers beyond 2⁵³ are text. */
  data: rules.array(rules.union([rules.number(), rules.string(), rules.null()])),
});

export const testVectorRules = parameters({
  /** Largest difference, absolute and relative to values above 1, that floating point may make. */
  tolerance: number({ min: 0, max: 0.1 }),
  inputs: rules.record(rules.string(), vectorTensorRule),
  outputs: rules.record(rules.string(), vectorTensorRule),
});

/** A few rows of input and what the model gave for them when it was made. */
export type StoredTestVector = rules.output<typeof testVectorRules>;
export type StoredTensor = rules.output<typeof vectorTensorRule>;
