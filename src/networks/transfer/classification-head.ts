// The head of a classifier: features gathered to one row, a hidden layer, and an output a class.

import {
  checkParameters,
  integer,
  number,
  type OptionsOf,
  oneOf,
  parameters,
} from "../../base/index.ts";
import { dropout, flatten } from "../layers/arrangement.ts";
import { dense } from "../layers/dense.ts";
import type { Layer } from "../layers/layer.ts";
import { globalAveragePool, globalMaxPool } from "../layers/pooling.ts";

const rules = parameters({
  /** Numbers that come out: 1 for yes or no, else one a class or finding. */
  outputs: integer({ min: 1 }),
  /** How maps of features become one row: all positions one after another, or their mean or largest value a channel. */
  pooling: oneOf("flatten", "average", "max").default("average"),
  /** Units of the hidden layer; 0 leaves it out. */
  hidden: integer({ min: 0 }).default(256),
  /** Part of the hidden units (without them, of the features) that a training step leaves out. */
  dropout: number({ min: 0, below: 1 }).default(0),
  /** By default sigmoid for one output and softmax for several; several findings that exclude nothing want "sigmoid". */
  activation: oneOf("sigmoid", "softmax", "linear").optional(),
});

const poolings = { flatten, average: globalAveragePool, max: globalMaxPool };

/** Layers for `replaceHead` or `addHead`: pooling, a dense hidden layer with ReLU, and a dense output. */
export function classificationHead(options: OptionsOf<typeof rules>): Layer[] {
  const settings = checkParameters(rules, options, "classification head");
  const { outputs, pooling, hidden, dropout: rate } = settings;
  const { activation = outputs === 1 ? "sigmoid" : "softmax" } = settings;
  return [
    gathering(poolings[pooling]()),
    // He et al. 2015, eq. 10: a variance that ReLU keeps.
    ...(hidden > 0
      ? [dense({ units: hidden, activation: "relu", initialiser: "he-uniform" })]
      : []),
    ...(rate > 0 ? [dropout(rate)] : []),
    dense({ units: outputs, activation }),
  ];
}

/** Features that are one row already stay as they are. */
function gathering(pooling: Layer): Layer {
  return (features) => (features.shape.length === 2 ? features : pooling(features));
}
