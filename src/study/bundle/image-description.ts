// What bundle.json states about a model of images: how an image becomes its input, what it predicts, how sure it may be,
// and which images are unlike those that it learnt from.

import { flag, integer, number, oneOf, parameters, rules, words } from "../../base/index.ts";
import type { ImagePreparation } from "../../datasets/index.ts";
import type { ConformalFit, Unusualness } from "../../statistics/index.ts";
import { amountRule, classRule, factRules, nameRule, probabilityRule } from "./facts.ts";

const lengthRule = () => integer({ min: 1, max: 65536 });

const intensityRule = rules.discriminatedUnion("kind", [
  parameters({ kind: rules.literal("type-range") }),
  parameters({ kind: rules.literal("stated-window") }),
  parameters({ kind: rules.literal("window"), low: number(), high: number() }),
  parameters({
    kind: rules.literal("percentiles"),
    low: number({ min: 0, max: 100 }),
    high: number({ min: 0, max: 100 }),
  }),
]);

const preparationRule = parameters({
  /** [height, width] or [depth, height, width]. */
  size: rules
    .array(lengthRule())
    .min(2, { error: "two or three lengths" })
    .max(3, { error: "two or three lengths" })
    .readonly(),
  channels: lengthRule(),
  fit: oneOf("stretch", "pad"),
  intensity: intensityRule,
}) satisfies rules.ZodType<ImagePreparation>;

/** From which probability on a class is predicted, and what chose it: "youden", "sensitivity of at least 0.95". */
const thresholdRule = parameters({ value: probabilityRule(), rule: nameRule() });

const targetRule = rules.discriminatedUnion("kind", [
  parameters({
    kind: rules.literal("classes"),
    name: nameRule(),
    /** In the order of the model's probabilities. Of two, the second is the positive one. */
    classes: rules.array(classRule).min(2, { error: "at least two classes" }).readonly(),
    /** Whether the classes are grades, from the least to the most. */
    ordered: flag(),
    /** Of the positive class, of two classes; else the most probable class is predicted. */
    threshold: thresholdRule.optional(),
  }),
  parameters({
    kind: rules.literal("labels"),
    name: nameRule(),
    /** Findings that may go together, in the order of the model's probabilities. */
    labels: rules
      .array(classRule.extend({ threshold: thresholdRule }))
      .min(1, { error: "at least one label" })
      .readonly(),
  }),
  parameters({ kind: rules.literal("number"), name: nameRule(), unit: words().optional() }),
]);

const calibrationRule = rules.discriminatedUnion("method", [
  parameters({
    method: rules.literal("temperature"),
    /** What logits of classes are divided by. */
    temperature: number({ above: 0 }),
    /** Images that it was fitted on. */
    n: amountRule(),
  }),
  parameters({
    method: rules.literal("platt"),
    /** slope · logit + intercept of each label, in their order. */
    lines: rules
      .array(
        parameters({ label: nameRule(), slope: number(), intercept: number(), n: amountRule() }),
      )
      .readonly(),
  }),
]);

const conformalThresholdRule = parameters({
  /** null where it is that of all classes. */
  class: nameRule().nullable(),
  /** null where every set holds the class. */
  threshold: number().nullable(),
  n: amountRule(),
  expectedCoverage: probabilityRule(),
  likelyCoverage: parameters({ low: number().nullable(), high: number().nullable() }),
  alwaysBecause: words().optional(),
});

/** What `conformalSets` makes sets of classes with. */
const conformalRule = parameters({
  method: oneOf("lac", "aps", "raps"),
  coverage: number({ above: 0, below: 1 }),
  perClass: flag(),
  randomised: flag(),
  penalty: number({ min: 0 }),
  freeRanks: amountRule(),
  allowEmpty: flag(),
  seed: amountRule(),
  classes: rules.array(nameRule()).readonly(),
  n: amountRule(),
  rows: amountRule(),
  /** Models that each judged the cases that it did not learn from. */
  folds: amountRule().optional(),
  thresholds: rules
    .array(conformalThresholdRule)
    .min(1, { error: "at least one threshold" })
    .readonly(),
  /** What is promised and what not. */
  promise: words(),
}) satisfies rules.ZodType<ConformalFit>;

/** Scores of held-out images, and above which one an image counts as unlike what the model learnt from. */
const unusualRule = parameters({
  n: amountRule(),
  /** Share of images like those held out that are not called unusual. */
  usual: number({ above: 0, below: 1 }),
  /** null where too few images were held out. */
  threshold: number().nullable(),
  thresholdMissingBecause: words().optional(),
  /** In ascending order. */
  scores: rules.array(number()).min(1, { error: "at least one score" }).readonly(),
}) satisfies rules.ZodType<Unusualness>;

export const imageRules = factRules.extend({
  kind: rules.literal("image"),
  input: parameters({
    preparation: preparationRule,
    /** Prepared values were rounded to so many steps from 0 to 1 before they were learnt from, as files of 8 bits are. */
    steps: rules.literal([255, 65535], { error: "255 or 65535" }).optional(),
    /**
     * Along which axes ("i": left and right, "j": top and bottom) the model averages over an image and its mirror images, itself:
     * it takes that many times the memory and time of a network that does not.
     */
    mirrors: rules.array(oneOf("i", "j")).readonly().optional(),
    /** What it learnt from, where that is known: "CR", "MR". */
    modality: nameRule().optional(),
  }),
  target: targetRule,
  /** What makes the probabilities true; it is done inside the model. */
  calibration: calibrationRule.optional(),
  conformal: conformalRule.optional(),
  unusual: unusualRule.optional(),
  /** Names of the tensors of model.onnx; `distance` is the score of `unusual`. */
  tensors: parameters({
    input: nameRule(),
    scores: nameRule(),
    features: nameRule().optional(),
    distance: nameRule().optional(),
    /** Where in the model the network that was trained begins, and where its features are: what a later training takes up. */
    network: parameters({ input: nameRule(), features: nameRule() }).optional(),
  }),
  training: parameters({ images: amountRule(), patients: amountRule().optional() }),
});

/** What the maker of a bundle states about a model of images. */
export type ImageDescription = rules.output<typeof imageRules>;
