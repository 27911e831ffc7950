// Gives a network weights from elsewhere, and says what became of each.

import { elementCount, RoentgenError, rowMajorStrides, type Tensor } from "../../base/index.ts";
import type { StoredTensor, WeightsFile } from "../../formats/index.ts";
import type { OnnxTensor } from "../../onnx/index.ts";
import { type Network, parametersOf, withParameters } from "../network.ts";
import { permuteAxes, rowMajorNumbers } from "../row-major.ts";
import { adaptChannels, type ChannelRule } from "./adapt-channels.ts";
import { matchNames, type Named, type NameMapping } from "./match-names.ts";
import { type Arrangement, arrangingFor, type WeightLayout } from "./weight-layout.ts";

/** Weights by name: of a file (`readWeights`), or values of another network's parameters (`parameterValues`). */
export type WeightsSource =
  | Pick<WeightsFile, "format" | "metadata" | "tensors">
  | Readonly<Record<string, OnnxTensor>>;

export interface LoadWeightsOptions {
  /** Names of parameters by those of weights, or by beginnings of them such as "encoder."; or a function. */
  mapping?: NameMapping;
  /** Refuses anything that is missing, left over or of another shape. */
  strict?: boolean;
  /** Whose order of axes the weights are in; by default as their file says. */
  layout?: WeightLayout;
  /** Takes what names do not match in the order of both sides, where shapes fit. */
  byOrder?: boolean;
  /** Takes kernels of a first convolution for another number of channels: their sum shared out, or their mean. */
  channels?: ChannelRule;
}

/** What became of parameters and weights. */
export interface LoadReport {
  readonly matched: readonly { readonly parameter: string; readonly weight: string }[];
  /** Parameters that keep their values: the file has none for them. */
  readonly missing: readonly string[];
  /** Weights that no parameter is called after; counters are not told. */
  readonly unused: readonly string[];
  /** Names that match with shapes that do not. */
  readonly clashes: readonly ShapeClash[];
  /** Those of the matched that were made for other numbers of channels. */
  readonly adapted: readonly AdaptedChannels[];
}

export interface AdaptedChannels {
  readonly parameter: string;
  /** Channels in the file. */
  readonly from: number;
  readonly to: number;
  readonly rule: ChannelRule;
}

export interface ShapeClash {
  readonly parameter: string;
  readonly weight: string;
  /** The parameter's. */
  readonly expected: readonly number[];
  /** The weight's in its file. */
  readonly found: readonly number[];
}

/**
 * Loads weights by name: exactly, by `mapping`, in the words of PyTorch and Keras (gamma, kernel, moving_mean), without
 * wrappers ("module.", "backbone.", what all names begin with). Axes are put in the network's order.
 * @throws RoentgenError "value-missing" where nothing matches, "shape-mismatch" where `strict` finds anything amiss
 */
export async function loadWeights(
  network: Network,
  source: WeightsSource,
  options: LoadWeightsOptions = {},
): Promise<{ network: Network; report: LoadReport }> {
  const { pairs, report } = planWeights(network, source, options);
  check(report, options.strict ?? false);
  const values: Record<string, OnnxTensor> = {};
  for (const { parameter, weight, way, rule } of pairs) {
    const { name, shape } = parameter;
    const data = arrange(await weight.read(), way);
    const kernel = way.shape.length === 1 ? [1, ...way.shape] : way.shape;
    const own = rule
      ? adaptChannels(data, { shape: kernel, channels: channelsOf(shape), rule })
      : data;
    values[name] = { type: "float32", shape, data: own };
  }
  return { network: withParameters(network, values), report };
}

/** A weight on its way to a parameter. */
interface Pair {
  readonly parameter: Named;
  readonly weight: StoredWeight;
  readonly way: Arrangement;
  /** How channels are adapted, where they have to be. */
  readonly rule?: ChannelRule;
}

/** What would become of parameters and weights; no numbers are read. */
export function planWeights(
  network: Network,
  source: WeightsSource,
  options: LoadWeightsOptions = {},
): { pairs: readonly Pair[]; report: LoadReport } {
  const { layout = layoutOf(source), channels } = options;
  const weights = storedWeights(source);
  const parameters = parametersOf(network);
  const arranging = arrangingFor(network.model, layout);
  const stems = channels ? perChannel(network, channels) : new Map<string, ChannelRule>();
  const ofOthers = (parameter: Named, weight: Named) =>
    stems.has(parameter.name) ? arranging(withChannelsOf(weight, parameter), weight) : undefined;
  const fits = (parameter: Named, weight: Named) =>
    (arranging(parameter, weight) ?? ofOthers(parameter, weight)) !== undefined;
  const found = matchNames(parameters, [...weights.values()], { ...options, fits });
  const pairs: Pair[] = [];
  const clashes: ShapeClash[] = [];
  for (const parameter of parameters) {
    const { name, shape: expected } = parameter;
    const weight = weights.get(found.get(name)?.name ?? "");
    if (!weight) continue;
    const way = arranging(parameter, weight);
    const adapting = way ? undefined : ofOthers(parameter, weight);
    if (way) pairs.push({ parameter, weight, way });
    else if (adapting) pairs.push({ parameter, weight, way: adapting, rule: stems.get(name) });
    else clashes.push({ parameter: name, weight: weight.name, expected, found: weight.shape });
  }
  return { pairs, report: reportOf({ parameters, weights, found, pairs, clashes }) };
}

/** Parameters that have a part for each channel of the input, and how they become ones for others. */
function perChannel(network: Network, rule: ChannelRule): Map<string, ChannelRule> {
  const scaling = network.layers.filter(({ kind }) => kind === "normalization");
  const measured = scaling.flatMap(({ parameters }) => parameters.map(({ name }) => name));
  return new Map([
    ...[...stemsOf(network)].map((name) => [name, rule] as const),
    ...measured.map((name) => [name, "mean"] as const),
  ]);
}

const channelsOf = (shape: readonly number[]): number => shape[shape.length === 1 ? 0 : 1];

/** Operators that images go through unmixed. */
const UNMIXED = /^(Add|Cast|Div|Identity|Mul|Pad|Sub)$/;

/** Kernels of convolutions over the input itself. */
function stemsOf({ model: { graph } }: Network): Set<string> {
  const images = new Set(graph.inputs.map(({ name }) => name));
  const stems = new Set<string>();
  for (const { operator, inputs, outputs } of graph.nodes) {
    if (operator === "Conv" && images.has(inputs[0])) stems.add(inputs[1]);
    if (UNMIXED.test(operator) && inputs.some((name) => images.has(name))) images.add(outputs[0]);
  }
  return stems;
}

/** A kernel's name and shape with as many channels as the weight must have. */
function withChannelsOf(weight: Named, { name, shape }: Named): Named {
  if (shape.length === 1) return { name, shape: weight.shape };
  const [outputs, , ...kernel] = shape;
  const channels = elementCount(weight.shape) / (outputs * elementCount(kernel));
  return { name, shape: [outputs, channels, ...kernel] };
}

/** As the file says it, or its format. */
function layoutOf(source: WeightsSource): WeightLayout {
  if (!isFile(source)) return "network";
  const { format, metadata } = source;
  if (format === "keras" || format === "keras-h5") return "keras";
  if (format === "pytorch") return "pytorch";
  const writer = metadata.format;
  if (writer === "pt") return "pytorch";
  return writer === "tf" || writer === "flax" ? "keras" : "network";
}

function isFile(
  source: WeightsSource,
): source is Pick<WeightsFile, "format" | "metadata" | "tensors"> {
  return source.tensors instanceof Map;
}

/** What libraries count in training; no parameter is meant. */
const COUNTERS =
  /(^|[./])(num_batches_tracked|seed_generator)|(^|\/)normalization(_\d+)?\/count(:0)?$/;

type StoredWeight = Pick<StoredTensor, "name" | "shape" | "read">;

function storedWeights(source: WeightsSource): ReadonlyMap<string, StoredWeight> {
  const all: readonly StoredWeight[] = isFile(source)
    ? [...source.tensors.values()]
    : Object.entries(source).map(([name, { shape, data }]) => {
        const strides = rowMajorStrides(shape);
        const tensor: Tensor = { dtype: "float32", shape, strides, data: data as Float32Array };
        return { name, shape, read: async () => tensor };
      });
  const known = all.filter(({ name }) => !COUNTERS.test(name));
  return new Map(known.map((one) => [one.name, one]));
}

/** The numbers in row-major order of the arrangement's shape. */
function arrange(tensor: Tensor, { from, order }: Arrangement): Float32Array {
  return permuteAxes(rowMajorNumbers(tensor), { shape: from, order });
}

interface Outcome {
  readonly parameters: readonly Named[];
  readonly weights: ReadonlyMap<string, StoredWeight>;
  readonly found: ReadonlyMap<string, { readonly name: string }>;
  readonly pairs: readonly Pair[];
  readonly clashes: readonly ShapeClash[];
}

function reportOf({ parameters, weights, found, pairs, clashes }: Outcome): LoadReport {
  const used = new Set([...found.values()].map(({ name }) => name));
  return {
    matched: pairs.map(({ parameter, weight }) => ({
      parameter: parameter.name,
      weight: weight.name,
    })),
    missing: parameters.map(({ name }) => name).filter((name) => !found.has(name)),
    unused: [...weights.keys()].filter((name) => !used.has(name)),
    clashes,
    adapted: pairs.flatMap(({ parameter: { name, shape }, way, rule }) =>
      rule ? [{ parameter: name, from: channelsOf(way.shape), to: channelsOf(shape), rule }] : [],
    ),
  };
}

/** A clash in words. */
export const clashText = ({ parameter, expected, found }: ShapeClash): string =>
  `${parameter} [${expected.join(", ")}] against [${found.join(", ")}]`;

function check({ matched, missing, unused, clashes }: LoadReport, strict: boolean): void {
  const amiss = [
    ["missing in the file", missing],
    ["unused in the file", unused],
    ["of another shape", clashes.map(clashText)],
  ] as const;
  const told = amiss.flatMap(([what, names]) =>
    names.length > 0 ? [`${names.length} ${what} (${names.join(", ")})`] : [],
  );
  if (matched.length > 0 && !(strict && told.length > 0)) return;
  throw new RoentgenError(matched.length > 0 ? "shape-mismatch" : "value-missing", {
    problem: "The weights do not fit the network",
    expected: strict
      ? "each parameter in the file, and nothing else"
      : "parameters of the same names",
    found: told.join("; "),
    remedy: "Give `mapping` for names that differ, or `byOrder` for networks that are equal.",
  });
}
