// A named architecture with the weights of a file: its implementation is found by their names.

import type { ByteSource } from "../../base/index.ts";
import type { ReferenceName } from "../architectures/architecture.ts";
import {
  type BuildArchitectureOptions,
  buildArchitecture,
} from "../architectures/build-architecture.ts";
import { architecture } from "../architectures/catalogue.ts";
import { type Network, parametersOf } from "../network.ts";
import type { WeightsSource } from "../transfer/load-weights.ts";
import {
  type LoadPretrainedOptions,
  openPretrained,
  otherArchitecture,
  type PretrainedReport,
  planPretrained,
  takePretrained,
} from "./load-pretrained.ts";

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
 * it. Weights that are left over must be those of its top, or lie outside the part of the file that the body is in.
 * @throws RoentgenError "shape-mismatch" with names, for weights of another architecture; what `loadPretrained` throws
 */
export async function buildPretrained(
  name: string,
  source: ByteSource,
  { channels = "sum", ...options }: BuildPretrainedOptions = {},
): Promise<Pretrained> {
  const opened = await openPretrained(source);
  const { file, weights } = opened;
  const choices = options.reference ? [options.reference] : architecture(name).references;
  const fits = choices.map((reference) => fitOf(name, weights, { ...options, reference }));
  const best = fits.reduce((a, b) => (b.matched > a.matched ? b : a));
  const { reference, strangers } = best;
  if (strangers.unused.length + strangers.missing.length + strangers.clashes.length > 0) {
    const { title } = architecture(name, { reference });
    throw otherArchitecture(file, strangers, `${title} as ${reference} has it`);
  }
  const chosen = { ...options, reference };
  const draft = buildArchitecture(name, { ...chosen, initialise: false });
  const { report } = planPretrained(draft, weights, { channels });
  const given = new Set(report.matched.map(({ parameter }) => parameter));
  // Drawing millions of numbers takes longer than reading them.
  const network = buildArchitecture(name, { ...chosen, initialise: (one) => !given.has(one) });
  return { reference, ...(await takePretrained(network, opened, { channels })) };
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
  const inBody = new Set(parametersOf(body).map((one) => one.name));
  const { report } = planPretrained(whole, weights);
  const bodyWeights = report.matched.filter(({ parameter }) => inBody.has(parameter));
  const place = sharedBeginning(bodyWeights.map(({ weight }) => weight));
  const [headRoot] = architecture(name, { reference }).head.split(".");
  // Another head may be called otherwise within the same part.
  const isOfTop = (weight: string) =>
    !weight.startsWith(place) || weight.split(/[./]/).includes(headRoot);
  const strangers = {
    missing: report.missing.filter((parameter) => inBody.has(parameter)),
    clashes: report.clashes.filter(({ parameter }) => inBody.has(parameter)),
    unused: report.unused.filter((weight) => !isOfTop(weight)),
  };
  return { reference, matched: report.matched.length, strangers };
}

/** The parts that all names begin with: "vgg16/" where a network stands in another. */
function sharedBeginning(names: readonly string[]): string {
  const [first = ""] = names;
  const ends = [...first.matchAll(/[./]/g)].map(({ index }) => index + 1);
  const isShared = (end: number) => names.every((name) => name.startsWith(first.slice(0, end)));
  return first.slice(0, ends.findLast(isShared) ?? 0);
}
