// What a training on images can be asked, as rules: this is what a run's config.json holds.

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
import { architectureNames } from "../../networks/index.ts";

/** Networks to choose from; "auto" takes a small residual network, which learns from scratch on a processor. */
export const imageModelNames = ["auto", ...architectureNames] as const;

const names = () => rules.array(words(), { error: "a list of names" });

export const imageTrainingParameters = parameters({
  /** Path of a folder with a folder a class, a table that names images, or MedMNIST arrays. */
  data: words(),
  /** Column to learn, or several of findings parted by commas; guessed where it is not given. */
  target: words().optional(),
  /** Column of patients, kept together in every split; guessed where it is not given, false for none. */
  group: anyOf("a column name or false", words(), rules.literal(false)).optional(),
  /** Columns by whose values the results are shown apart (site, sex). */
  subgroups: names().default([]),
  /** What the labels are: classes, grades in their order, several findings an image, or a measurement. */
  task: oneOf("auto", "classes", "grades", "labels", "number").default("auto"),
  /** The positive one of two classes. */
  positive: words().optional(),
  model: oneOf(...imageModelNames).default("auto"),
  /** File of pretrained weights, or of an ONNX model to start from; or the run folder or bundle of an earlier training. */
  weights: words().optional(),
  /** Layers that are not trained, by name or pattern; "features" for all before the new head. */
  freeze: names().default([]),
  /** Stages in which pretrained layers are let go, the new head alone first; 1 trains all at once. */
  unfreeze: integer({ min: 1, max: 16 }).optional(),
  /** Whether batch normalisation goes by what it learnt before, or by the batch; "auto": the former with pretrained weights. */
  batchNorm: oneOf("auto", "frozen", "moving").default("auto"),
  /** What goes before the last layer of a frozen backbone: 256 units on flattened features, or pooled ones. */
  head: oneOf("auto", "flatten", "average", "max").default("auto"),
  /** Length of the sides of the network's input; chosen where it is not given. */
  size: integer({ min: 16, max: 1024 }).optional(),
  epochs: integer({ min: 1 }).optional(),
  batchSize: integer({ min: 1 }).optional(),
  /** Largest learning rate of the course; looked for where it is not given. */
  learningRate: number({ above: 0 }).optional(),
  augment: flag().default(true),
  /** Mirrored copies to learn from; "auto" where left and right (top and bottom) can't be told apart anyway. */
  flips: oneOf("auto", "none", "horizontal", "both").default("auto"),
  /**
   * Whether the deployed model looks at mirrored copies of each image, too; "auto" where it learns from mirrored copies, "on"
   * wherever left and right (top and bottom) can't be told apart.
   */
  testTimeAugmentation: oneOf("auto", "on", "off").default("auto"),
  /** Whether rare classes count more in the loss. */
  classWeights: oneOf("auto", "balanced", "none").default("auto"),
  /** Share of the patients held out to judge on, where the data name no test side. */
  test: number({ above: 0, below: 1 }).default(0.2),
  /** Share of the others that chooses the weights and calibrates. */
  validation: number({ above: 0, below: 1 }).default(0.15),
  /**
   * Networks that learn each from all folds but its own, and whose mean is deployed; 1 for a single one, which a validation
   * side of its own chooses.
   */
  folds: integer({ min: 1, max: 20 }).optional(),
  /** How the threshold of two classes is chosen on the validation side. */
  threshold: oneOf("half", "youden", "sensitivity", "specificity", "net-benefit").default("youden"),
  /** Sensitivity or specificity to reach, or the threshold probability of the net benefit. */
  thresholdAt: number({ above: 0, below: 1 }).optional(),
  /** Share of new images whose prediction set is to hold the true class. */
  coverage: number({ min: 0.5, below: 1 }).default(0.9),
  /** Share of images that may be unreadable; they are listed. */
  unreadable: number({ min: 0, max: 1 }).default(0.05),
  /** Images shown with what the network looked at; 0 for none. */
  gallery: integer({ min: 0, max: 200 }).default(24),
  resamples: integer({ min: 100 }).default(2000),
  level: number({ min: 0.5, below: 1 }).default(0.95),
  seed: integer({ min: 0 }).default(0),
});

export type ImageTrainingOptions = OptionsOf<typeof imageTrainingParameters>;
export type ImageTrainingSettings = SettingsOf<typeof imageTrainingParameters>;
