// Published weights into a network: checked, matched by name, their top left out where it is for other classes.

import { type ByteSource, counted, RoentgenError } from "../../base/index.ts";
import type { LayerRecord, Network } from "../network.ts";
import type { ChannelRule } from "../transfer/adapt-channels.ts";
import {
  clashText,
  type LoadReport,
  type LoadWeightsOptions,
  loadWeights,
  planWeights,
  type WeightsSource,
} from "../transfer/load-weights.ts";
import { type FittedPositions, fitPositions } from "./fit-positions.ts";
import { oldNames } from "./old-names.ts";
import { readPretrained } from "./read-pretrained.ts";
import { type Verified, verifyWeights } from "./verify-weights.ts";
import { fileName } from "./weights-folder.ts";

export interface LoadPretrainedOptions extends Pick<LoadWeightsOptions, "mapping" | "layout"> {
  /**
   * Kernels of the first convolution for another number of channels: "sum", the default, shares their sum out, so that pixels
   * that are equal in all channels give what they gave; "mean" takes their mean.
   */
  channels?: ChannelRule;
}

/** What became of a file of weights. */
export interface PretrainedReport extends LoadReport {
  readonly file: string;
  readonly verified: Verified;
  /** Parameters at the end that keep their own values: a new head, or one for other classes. */
  readonly fresh: readonly string[];
  /** What a user should know, as sentences. */
  readonly notes: readonly string[];
}

/** A file of weights that was held against its published hash and listed. */
export interface OpenPretrained {
  readonly file: string;
  readonly verified: Verified;
  readonly weights: WeightsSource;
}

/** @throws RoentgenError "file-corrupt", "format-unknown" as `loadPretrained` */
export async function openPretrained(source: ByteSource): Promise<OpenPretrained> {
  const verified = await verifyWeights(source);
  return { file: fileName(source.name), verified, weights: await readPretrained(source) };
}

/**
 * Loads the weights of a file. All of the network must be there but for layers at its end.
 * @throws RoentgenError "shape-mismatch" where the weights are of another architecture, with the names that do not match;
 *   "file-corrupt" for a file that is not what was published under its name; "format-unknown"
 */
export async function loadPretrained(
  network: Network,
  source: ByteSource,
  options: LoadPretrainedOptions = {},
): Promise<{ network: Network; report: PretrainedReport }> {
  return takePretrained(network, await openPretrained(source), options);
}

/** The same of a file that is open. */
export async function takePretrained(
  network: Network,
  { file, verified, weights }: OpenPretrained,
  options: LoadPretrainedOptions = {},
): Promise<{ network: Network; report: PretrainedReport }> {
  const plan = planPretrained(network, weights, options);
  const { network: loaded, report } = await loadWeights(network, plan.weights, plan.options);
  const fresh = freshParameters(network, report);
  checkBody(file, report, fresh);
  const notes = [verified.note, ...plan.notes, ...notesOf(report, fresh)];
  return { network: loaded, report: { ...report, file, verified, fresh, notes } };
}

interface PretrainedPlan {
  /** What is loaded from, and how. */
  readonly weights: WeightsSource;
  readonly options: LoadWeightsOptions;
  readonly report: LoadReport;
  readonly notes: readonly string[];
}

/** How a file's weights are matched with a network, before any numbers are read. */
export function planPretrained(
  network: Network,
  source: WeightsSource,
  { channels = "sum", mapping = oldNames, layout }: LoadPretrainedOptions = {},
): PretrainedPlan {
  const { weights, fitted } = fitPositions(network, source);
  const named = { channels, mapping, layout };
  const byName = planWeights(network, weights, named);
  // Some versions of Keras keep no names of layers, but number them in their order.
  const byOrder = byName.pairs.length === 0 && byName.report.unused.every(isNumbered);
  const options: LoadWeightsOptions = { ...named, byOrder };
  const { report } = byOrder ? planWeights(network, weights, options) : byName;
  const inOrder = byOrder ? ["Its names say nothing; the weights were taken in their order."] : [];
  return { weights, options, report, notes: [...inOrder, ...fitted.map(resampledNote)] };
}

const isNumbered = (weight: string) => /\/vars\/\d+$/.test(weight);

const resampledNote = ({ parameter, from, to }: FittedPositions) =>
  `${parameter} is for ${to.join(" × ")} patches, in the file for ${from.join(" × ")}: it was resampled.`;

/** Parameters behind the last layer that has weights of the file. */
function freshParameters({ layers }: Network, { matched }: LoadReport): string[] {
  const names = new Set(matched.map(({ parameter }) => parameter));
  const hasWeights = ({ parameters }: LayerRecord) =>
    parameters.some(({ name }) => names.has(name));
  const behind = layers.slice(layers.findLastIndex(hasWeights) + 1);
  return behind.flatMap(({ parameters }) => parameters.map(({ name }) => name));
}

function checkBody(file: string, report: LoadReport, fresh: readonly string[]): void {
  const isBody = (name: string) => !fresh.includes(name);
  const missing = report.missing.filter(isBody);
  const clashes = report.clashes.filter(({ parameter }) => isBody(parameter));
  if (missing.length + clashes.length > 0) {
    throw otherArchitecture(file, { missing, clashes, unused: report.unused });
  }
}

/** The error for weights that do not belong, with names. */
export function otherArchitecture(
  file: string,
  { missing, clashes, unused }: Pick<LoadReport, "missing" | "clashes" | "unused">,
  architecture?: string,
): RoentgenError {
  const parts = [
    listed("missing in the file", missing),
    listed("of another shape", clashes.map(clashText)),
    listed("of the file unused", unused),
  ];
  return new RoentgenError("shape-mismatch", {
    problem: `The weights of ${file} are not those of ${architecture ?? "the network"}`,
    expected: "weights for all layers but those that give the classes",
    found: parts.filter(Boolean).join("; "),
    remedy: architecture
      ? "Choose the architecture that they were trained with."
      : "Build the network that they were trained with, or give `mapping` where names differ.",
    subject: file,
  });
}

const MOST_NAMES = 6;

/** A count and the first names. */
function listed(what: string, names: readonly string[]): string {
  if (names.length === 0) return "";
  const rest = names.length > MOST_NAMES ? ", …" : "";
  return `${names.length} ${what} (${names.slice(0, MOST_NAMES).join(", ")}${rest})`;
}

function notesOf(report: LoadReport, fresh: readonly string[]): string[] {
  const { unused, clashes, adapted } = report;
  const left = [...unused, ...clashes.map(({ weight }) => weight)];
  return [
    left.length > 0 ? `Left out of the file: ${listed("weights", left)}.` : "",
    fresh.length > 0 ? `Not from the file: ${listed("parameters", fresh)}.` : "",
    ...adapted.map(
      ({ parameter, from, to, rule }) =>
        `${parameter} is for ${counted(to, "channel")}, in the file for ${from}: ${HOW[rule]}.`,
    ),
  ].filter(Boolean);
}

const HOW = { sum: "their sum was shared out", mean: "their mean was taken" } as const;
