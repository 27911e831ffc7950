// Gradual unfreezing with rates of their own for each group of layers, from the head backwards.
// Howard, Ruder: "Universal language model fine-tuning for text classification", 2018, sections 3.2 and 3.3.

import { checkParameters, integer, number, type OptionsOf, parameters } from "../../base/index.ts";
import type { LayerRecord, Network } from "../network.ts";
import type { ParameterGroup } from "../training/training-step.ts";
import { chosenParameters, type LayerChoice } from "./freezing.ts";
import { waistsOf } from "./frontier.ts";

const rules = parameters({
  /** Stages, the head's own among them; less where the network has fewer parts. */
  stages: integer({ min: 1 }).default(4),
  /** By how much the rate falls from a group to the one before it; the paper's number. */
  decay: number({ above: 0 }).default(2.6),
});

export interface UnfreezingOptions extends OptionsOf<typeof rules> {
  /** The layers that are new, such as `{ after: "block5_pool" }`: all that is trained in the first stage. */
  head: LayerChoice | readonly LayerChoice[];
}

/** What to give `train` in a stage. */
export interface UnfreezingStage {
  /** Layers that are trained from this stage on. */
  readonly layers: readonly string[];
  readonly trainable: (parameter: string) => boolean;
  /** Factors of the rate: 1 for the head, 1 / decay for the group before it, and so on (the paper's η of layer l − 1). */
  readonly groups: readonly ParameterGroup[];
}

/**
 * Stages of fine-tuning: the head alone, then with it one more group of layers in each, the last ones first. Groups are the
 * parts of the network that work at one resolution, halved or joined until there are as many as stages; a residual block is
 * never parted.
 */
export function unfreezingStages(
  network: Network,
  { head, ...options }: UnfreezingOptions,
): UnfreezingStage[] {
  const { stages, decay } = checkParameters(rules, options, "unfreezing");
  const choices = Array.isArray(head) ? (head as readonly LayerChoice[]) : [head as LayerChoice];
  const own = chosenParameters(network, choices);
  const pieces = piecesOf(network, own);
  const behind = network.layers.filter(({ parameters: all }) =>
    all.some(({ name }) => own.has(name)),
  );
  const groups = [behind, ...groupsOf(pieces, stages - 1)];
  const names = groups.map((group) => namesIn(group, own, group === behind));
  const rates = names.map((group, at) => ({
    match: (parameter: string) => group.has(parameter),
    rate: decay ** -at,
  }));
  return groups.map((group, stage) => ({
    layers: group.map(({ name }) => name),
    trainable: (parameter) => names.slice(0, stage + 1).some((one) => one.has(parameter)),
    groups: rates,
  }));
}

function namesIn(group: readonly LayerRecord[], head: ReadonlySet<string>, isHead: boolean) {
  const all = group.flatMap(({ parameters: held }) => held.map(({ name }) => name));
  return new Set(all.filter((name) => head.has(name) === isHead));
}

/** Layers with weights between two places that all data passes, and the resolution that they end in. */
interface Piece {
  readonly layers: readonly LayerRecord[];
  readonly size: string;
}

function piecesOf(network: Network, head: ReadonlySet<string>): Piece[] {
  const ends = new Set(waistsOf(network).map(({ name }) => name));
  const pieces: Piece[] = [];
  let layers: LayerRecord[] = [];
  for (const layer of network.layers) {
    const isBody = layer.parameters.some(({ name }) => !head.has(name));
    if (isBody) layers.push(layer);
    if (!ends.has(layer.name) || layers.length === 0) continue;
    pieces.push({ layers, size: layer.outputShape.slice(2).join() });
    layers = [];
  }
  return layers.length > 0 ? [...pieces, { layers, size: "" }] : pieces;
}

/** Groups of pieces from the last to the first. */
function groupsOf(pieces: readonly Piece[], count: number): (readonly LayerRecord[])[] {
  if (count < 1) return [];
  const groups: Piece[][] = [];
  for (const piece of pieces) {
    const last = groups.at(-1);
    if (last && last[0].size === piece.size) last.push(piece);
    else groups.push([piece]);
  }
  while (groups.length > count) groups.splice(0, 2, [...groups[0], ...groups[1]]);
  while (groups.length < count) {
    const longest = groups.reduce((a, b) => (b.length > a.length ? b : a), []);
    if (longest.length < 2) break;
    const half = Math.ceil(longest.length / 2);
    groups.splice(groups.indexOf(longest), 1, longest.slice(0, half), longest.slice(half));
  }
  return groups.toReversed().map((group) => group.flatMap(({ layers }) => layers));
}
