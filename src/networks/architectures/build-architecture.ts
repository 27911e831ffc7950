// Builds a named architecture as a network.

import {
  anyOf,
  checkParameters,
  flag,
  integer,
  type OptionsOf,
  oneOf,
  parameters,
  RoentgenError,
  rules,
} from "../../base/index.ts";
import { network } from "../compose.ts";
import { chain } from "../layers/chain.ts";
import type { Layer } from "../layers/layer.ts";
import { globalAveragePool, globalMaxPool } from "../layers/pooling.ts";
import type { Network } from "../network.ts";
import {
  type ArchitectureDefinition,
  OUTPUTS,
  POOLINGS,
  REFERENCES,
  type Variant,
} from "./architecture.ts";
import { definedArchitecture } from "./catalogue.ts";

const choice = () =>
  rules.custom<(parameter: string) => boolean>((given) => typeof given === "function");

const buildRules = parameters({
  /** [channels, size…]; by default the reference's. */
  input: rules
    .array(integer({ min: 1 }))
    .readonly()
    .optional(),
  /** The implementation to follow; by default the first of `architecture(name).references`. */
  reference: oneOf(...REFERENCES).optional(),
  /** By default as many as the reference has. */
  classes: integer({ min: 1 }).optional(),
  /** Without it the network gives its last map of features, or with `pooling` a vector. */
  includeTop: flag().default(true),
  pooling: oneOf(...POOLINGS).optional(),
  /** The function after the last layer; by default the reference's: softmax in Keras, linear in others. */
  output: oneOf(...OUTPUTS).optional(),
  seed: integer({ min: 0 }).default(0),
  /** Whether weights are drawn, or which; the others are 0, for networks whose weights come from a file. */
  initialise: anyOf("true, false or a choice of parameters", flag(), choice()).default(true),
});

export type BuildArchitectureOptions = OptionsOf<typeof buildRules>;

type Settings = ReturnType<typeof checkParameters<typeof buildRules>>;

/**
 * A named architecture as a network. Its parameters are called as the reference calls them, so that its weight files load
 * by name.
 * @throws RoentgenError "bad-option", "shape-mismatch" where the input does not fit
 */
export function buildArchitecture(name: string, options: BuildArchitectureOptions = {}): Network {
  const settings = checkParameters(buildRules, options, "architecture");
  const { definition, variant } = definedArchitecture(name, settings);
  const { input = variant.input, seed, initialise } = settings;
  checkInput(input, definition, variant);
  const end = endOf(settings, variant);
  return network(chain(variant.features(), end), { input, seed, initialise, name });
}

function endOf(settings: Settings, variant: Variant): Layer {
  const { includeTop, pooling, classes, output } = settings;
  if (includeTop) {
    if (pooling) throw unhonoured("pooling", "includeTop: false");
    return variant.top({
      classes: classes ?? variant.classes,
      output: output ?? variant.output,
    });
  }
  if (classes !== undefined) throw unhonoured("classes", "includeTop: true");
  if (output !== undefined) throw unhonoured("output", "includeTop: true");
  if (!pooling) return (signal) => signal;
  const pool = (variant.pools ?? mapPools)[pooling];
  if (pool) return pool();
  throw new RoentgenError("bad-option", {
    problem: `${variant.source} has no such pooling`,
    expected: `pooling ${Object.keys(variant.pools ?? mapPools).join(" or ")}`,
    found: pooling,
    subject: "pooling",
  });
}

/** Of a map of features to a vector. */
const mapPools: NonNullable<Variant["pools"]> = {
  average: () => globalAveragePool({ name: "avg_pool" }),
  max: () => globalMaxPool({ name: "max_pool" }),
};

function unhonoured(option: string, needed: string): RoentgenError {
  return new RoentgenError("bad-option", {
    problem: `Option "${option}" of the architecture has no effect here`,
    expected: needed,
    remedy: "Leave one of them out.",
    subject: option,
  });
}

function checkInput(
  input: readonly number[],
  { title, axes }: ArchitectureDefinition,
  { leastSize, multipleOf = 1 }: Variant,
): void {
  const [, ...size] = input;
  const isFitting = size.every((length) => length >= leastSize && length % multipleOf === 0);
  if (axes.includes(size.length) && isFitting) return;
  const multiples = multipleOf > 1 ? `, in multiples of ${multipleOf}` : "";
  throw new RoentgenError("shape-mismatch", {
    problem: `${title} can't take such an input`,
    expected: `[channels, size…] with ${axes.join(" or ")} spatial axes of at least ${leastSize}${multiples}`,
    found: `[${input.join(", ")}]`,
    subject: "input",
  });
}
