// Rules of what bundles of every kind state: figures, data, versions, and what a class means.

import { flag, integer, number, parameters, rules, words } from "../../base/index.ts";

/** A name that people read: not empty, not longer than a line or two. */
export const nameRule = () => words().min(1, { error: "text that is not empty" }).max(1000);
export const sha256Rule = () =>
  rules.string().regex(/^[0-9a-f]{64}$/, { error: "a SHA-256 in hexadecimal" });
export const amountRule = () => integer({ min: 0 });
export const probabilityRule = () => number({ min: 0, max: 1 });

/** A class or finding, with the concept of SNOMED CT that it stands for. */
export const classRule = parameters({
  name: nameRule(),
  snomed: parameters({
    code: rules.string().regex(/^\d{6,18}$/, { error: "a SNOMED CT identifier of 6 to 18 digits" }),
    display: nameRule(),
  }).optional(),
});

const transformRule = parameters({
  name: nameRule(),
  /** What it does, in words. */
  description: words().optional(),
  /** Plain JSON of any shape. */
  parameters: rules.record(rules.string(), rules.json()),
  /** Whether model.onnx does it itself; if not, who runs the model must do it first. */
  insideModel: flag(),
});

const metricRule = parameters({
  name: nameRule(),
  label: nameRule(),
  /** null where undefined. */
  value: number().nullable(),
  low: number().nullable(),
  high: number().nullable(),
  level: number({ above: 0, below: 1 }),
  n: amountRule(),
  method: words(),
});

/** A figure with its interval; null where it is undefined. */
export type BundleMetric = rules.output<typeof metricRule>;

/** What the maker of any bundle states. */
export const factRules = parameters({
  name: nameRule(),
  /** "random forest", "resnet18". */
  learner: nameRule(),
  preprocessing: rules.array(transformRule),
  /** Figures of the model on data it was not trained on. */
  metrics: rules.array(metricRule),
  data: rules.array(parameters({ name: nameRule(), bytes: amountRule(), sha256: sha256Rule() })),
  versions: rules.record(rules.string(), words()),
  seed: integer({ min: 0 }).optional(),
});
