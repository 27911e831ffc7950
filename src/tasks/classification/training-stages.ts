// What is trained when: all of a network at once, a new head on features that stay as they are, or one part after another.

import { elementCount } from "../../base/index.ts";
import {
  type FrozenStatistics,
  freeze,
  type Network,
  type ParameterGroup,
  parametersOf,
  unfreezingStages,
} from "../../networks/index.ts";
import type { ImageTrainingSettings } from "./image-settings.ts";

/** A part of a training. */
export interface TrainingStage {
  /** What is trained, in words. */
  readonly title: string;
  /** Whether a parameter is trained; undefined where all are. */
  readonly trainable?: (parameter: string) => boolean;
  /** Factors of the rate. */
  readonly groups: readonly ParameterGroup[];
  readonly frozenStatistics: FrozenStatistics;
  /** Part of the epochs of the whole training. */
  readonly share: number;
  /** Whether learnt features change, so that rates have to be low. */
  readonly isFine: boolean;
  /** Whether nothing but what is new learns: its input may then be computed once. */
  readonly isHeadAlone: boolean;
}

export interface StagedNetwork {
  readonly network: Network;
  /** Names of the parameters that were there before the new head. */
  readonly features: ReadonlySet<string>;
  readonly isPretrained: boolean;
}

type StageSettings = Pick<ImageTrainingSettings, "freeze" | "unfreeze" | "batchNorm">;

/** Stages in which pretrained networks are trained unless asked otherwise: the new head, then all. */
const USUAL_STAGES = 2;

/**
 * The stages of a training, one after another.
 * @throws RoentgenError "value-missing" where layers to freeze are not there
 */
export function trainingStages(start: StagedNetwork, settings: StageSettings): TrainingStage[] {
  const { network, features, isPretrained } = start;
  const named = settings.freeze.filter((choice) => choice !== "features");
  const isLet = named.length > 0 ? freeze(network, ...named) : () => true;
  const stages = countStages(start, settings);
  const frozenStatistics = statisticsFor(start, settings);
  if (stages > 1) {
    const head = headLayers(network, features);
    const all = unfreezingStages(network, { head, stages });
    return all.map(({ layers, trainable, groups }, at) => ({
      title: at === 0 ? "the new head" : titleOf(layers, at === all.length - 1),
      trainable: (parameter) => trainable(parameter) && isLet(parameter),
      groups,
      frozenStatistics: at === 0 ? true : frozenStatistics,
      share: at === 0 ? 1 : 1 / (all.length - 1),
      ...{ isFine: at > 0, isHeadAlone: at === 0 },
    }));
  }
  const isAlone = isHeadAlone(settings);
  const trainable = isAlone
    ? (parameter: string) => !features.has(parameter) && isLet(parameter)
    : isLet;
  return [
    {
      title: isAlone ? "the new head" : named.length > 0 ? "all that is not frozen" : "all",
      ...(settings.freeze.length > 0 && { trainable }),
      ...{ groups: [], frozenStatistics, share: 1, isHeadAlone: isAlone },
      isFine: isPretrained && !isAlone,
    },
  ];
}

/** Whether nothing but a new head is ever trained. */
export function isHeadAlone({ freeze, unfreeze = 1 }: Omit<StageSettings, "batchNorm">): boolean {
  return freeze.includes("features") && unfreeze === 1;
}

function countStages({ isPretrained }: StagedNetwork, { unfreeze, freeze }: StageSettings): number {
  if (unfreeze !== undefined) return unfreeze;
  return isPretrained && !freeze.includes("features") ? USUAL_STAGES : 1;
}

/** With pretrained weights those of the many images that the features were learnt from. */
function statisticsFor(
  { isPretrained }: StagedNetwork,
  { batchNorm, freeze }: StageSettings,
): FrozenStatistics {
  if (batchNorm !== "auto") return batchNorm === "frozen" ? true : "with-layer";
  return isPretrained || freeze.length > 0;
}

function headLayers({ layers }: Network, features: ReadonlySet<string>): string[] {
  return layers
    .filter(({ parameters }) => parameters.some(({ name }) => !features.has(name)))
    .map(({ name }) => name);
}

function titleOf(layers: readonly string[], isLast: boolean): string {
  if (isLast) return "all";
  const [first, last] = [layers[0], layers[layers.length - 1]];
  return `from ${first} on${first === last ? "" : ` (up to ${last} new)`}`;
}

/** Parameters that a stage trains, running statistics not among them. */
export function countTrained(network: Network, { trainable }: TrainingStage): number {
  return parametersOf(network)
    .filter(({ name, learnable }) => learnable && (trainable?.(name) ?? true))
    .reduce((sum, { shape }) => sum + elementCount(shape), 0);
}
