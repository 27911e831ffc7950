// One network of a training: drawn or pretrained, and fitted to all images but those of its fold.

import type { WorkOptions } from "../../base/index.ts";
import type { ImageFold } from "../../datasets/index.ts";
import {
  type EpochRecord,
  type Network,
  parameterValues,
  type StepRecord,
  withParameters,
} from "../../networks/index.ts";
import type { Device } from "../../onnx/index.ts";
import { type InitialNetwork, initialNetwork } from "./build-network.ts";
import { fitStages, type StageOutcome, type StageStart } from "./fit-stages.ts";
import type { FrozenFeatures } from "./frozen-features.ts";
import { imageSource } from "./image-source.ts";
import type { PreparedImages } from "./prepare-images.ts";
import { inUnit, type TargetStandard } from "./target-standard.ts";

/** Which network of how many, from 1 on. */
export interface MemberPlace {
  readonly number: number;
  readonly of: number;
}

/** What is heard of the training of each network. */
export interface LearnHearing {
  /** Hears of a network before it is trained. */
  onNetwork?: (initial: InitialNetwork, place: MemberPlace) => void;
  onStart?: (start: StageStart, place: MemberPlace) => void | Promise<void>;
  onStep?: (record: StepRecord, place: MemberPlace) => void;
  onEpoch?: (record: EpochRecord, place: MemberPlace) => void | Promise<void>;
}

export interface LearnMemberOptions extends WorkOptions, LearnHearing {
  device?: Device;
  /** Memory that a training step may take, by its plan; by default a part of what is free. */
  mostBytes?: number;
  place: MemberPlace;
  /** What it learns from, and what chooses its weights. */
  fold: ImageFold;
  /** Draws its first weights and the order of its images. */
  seed: number;
  /** The network whose frozen layers it shares; itself where it is the first. */
  first?: InitialNetwork;
  /** Batches of the first network's stages, which the others are trained with, too. */
  batchSizes?: readonly number[];
  standard?: TargetStandard;
  /** Folder of its checkpoints. */
  folder: string;
  features: FrozenFeatures;
}

/** A trained network with the course of its training. */
export interface LearntMember {
  readonly fold: ImageFold;
  readonly initial: InitialNetwork;
  readonly network: Network;
  /** What was trained when, one stage after another. */
  readonly stages: readonly StageOutcome[];
  readonly history: readonly EpochRecord[];
  readonly bestEpoch: number;
  readonly stopped: string;
}

/** Trains one network; what an interrupted training left in its folder is gone on with. */
export async function learnMember(
  { settings, dataset, store, plan }: PreparedImages,
  { place, fold, seed, first, standard, onNetwork, ...options }: LearnMemberOptions,
): Promise<LearntMember> {
  const { target } = dataset;
  const { model, pixels, batchSize, epochs, classWeights, augmentation } = plan;
  const begun = { settings: { ...settings, seed }, model, target, input: store.shape, pixels };
  const initial = withFrozenOf(first, await initialNetwork(begun));
  onNetwork?.(initial, place);
  const { scaling, stages, network } = initial;
  // One thread is the network's own.
  const threads = options.threads === 1 ? 0 : options.threads;
  const common = { dataset, store, scaling, standard, threads };
  const data = imageSource({ ...common, samples: fold.train, augmentation });
  const validation = imageSource({ ...common, samples: fold.validation });
  try {
    const fitted = await fitStages(network, {
      ...options,
      ...{ target, data, validation, stages, epochs, batchSize, classWeights },
      isBatchAsked: settings.batchSize !== undefined,
      isAugmented: augmentation.length > 0,
      ...{ learningRate: settings.learningRate, seed },
      features: (backbone, stage) => options.features.sides(backbone, { fold, stage }),
      onStart: (start) => options.onStart?.(start, place),
      onStep: (record) => options.onStep?.(record, place),
      onEpoch: (record) => options.onEpoch?.(record, place),
    });
    return { fold, initial, ...fitted, network: inUnit(fitted.network, standard) };
  } finally {
    await data.close();
    await validation.close();
  }
}

/** Networks that learn on the features of one backbone must have the same, even where it was drawn. */
function withFrozenOf(first: InitialNetwork | undefined, initial: InitialNetwork): InitialNetwork {
  const [{ trainable }] = initial.stages;
  if (!first || !trainable) return initial;
  const frozen = Object.entries(parameterValues(first.network)).filter(
    ([name]) => !trainable(name),
  );
  return { ...initial, network: withParameters(initial.network, Object.fromEntries(frozen)) };
}
