// A named architecture with the weights of a file: its implementation is found by their names.

import type { ByteSource } from "../../base/index.ts";
import type { ReferenceName } from "../architectures/architecture.ts";
import {
  type BuildArchitectureOptions,
  buildArchitecture,
} from "../architectures/build-architecture.ts";
import { architecture } from "../architectures/catalogue.ts";
import type { Network } from "../network.ts";
import { planWeights, type WeightsSource } from "../transfer/load-weights.ts";
import { fitPositions } from "./fit-positions.ts";
import {
  type LoadPretrainedOptions,
  loadPretrained,
  otherArchitecture,
  type PretrainedReport,
} from "./load-pretrained.ts";
import { oldNames } from "./old-names.ts";
import { readPretrained } from "./read-pretrained.ts";
import { fileName } from "./weights-folder.ts";

export type BuildPretrainedOptions = Omit<BuildArchitectureOptions, "initialise"> &
  Pick<LoadPretrainedOptions, "channels">;

/** A network, whose implementation its names and arithmetic follow, and what became of the weights. */
export interface Pretrained {
  readonly network: Network;
  readonly reference: ReferenceName;
  readonly report: PretrainedReport;
}

/**
 * Builds an architecture with the weights of a file. By default it is built as the implementation whose names fit best has
 * it. Weights that are left over must be those of its top.
 * @throws RoentgenError "shape-mismatch" with names, for weights of another architecture; what `loadPretrained` throws
 */
export async function buildPretrained(
  name: string,
  source: ByteSource,
  { channels = "sum", ...options }: BuildPretrainedOptions = {},
): Promise<Pretrained> {
  const weights = await readPretrained(source);
  const choices = options.reference ? [options.reference] : architecture(name).references;
  const fits = choices.map((reference) => fitOf(name, weights, { ...options, reference }));
  const best = fits.reduce((a, b) => (b.matched > a.matched ? b : a));
  const { reference, strangers } = best;
  if (strangers.unused.length + strangers.missing.length + strangers.clashes.length > 0) {
    const { title } = architecture(name, { reference });
    throw otherArchitecture(fileName(source.name), strangers, `${title} as ${reference} has it`);
  }
  const chosen = { ...options, reference };
  const draft = buildArchitecture(name, { ...chosen, initialise: false });
  const { pairs } = planWeights(draft, weights, { channels, mapping: oldNames });
  const given = new Set(pairs.map(({ parameter }) => parameter.name));
  // Drawing millions of numbers takes longer than reading them.
  const network = buildArchitecture(name, { ...chosen, initialise: (one) => !given.has(one) });
  const { network: loaded, report } = await loadPretrained(network, source, { channels });
  return { network: loaded, reference, report };
}

/** How far weights fit the whole of an architecture, and what of both sides is neither paired nor of the top. */
function fitOf(
  name: string,
  weights: WeightsSource,
  { reference, input }: BuildArchitectureOptions & { reference: ReferenceName },
) {
  const shared = { reference, input, initialise: false };
  const [whole, body] = [true, false].map((includeTop) =>
    buildArchitecture(name, { ...shared, includeTop }),
  );
  const inBody = new Set(
    body.layers.flatMap(({ parameters }) => parameters.map((one) => one.name)),
  );
  const { weights: fitted } = fitPositions(whole, weights);
  const { report } = planWeights(whole, fitted, { channels: "sum", mapping: oldNames });
  const [headRoot] = architecture(name, { reference }).head.split(".");
  const strangers = {
    missing: report.missing.filter((parameter) => inBody.has(parameter)),
    clashes: report.clashes.filter(({ parameter }) => inBody.has(parameter)),
    // Another head may be called otherwise within the same part.
    unused: report.unused.filter((weight) => !weight.split(/[./]/).includes(headRoot)),
  };
  return { reference, matched: report.matched.length, strangers };
}
