// One stage of the training of a network, unattended: learning rate looked for, gone on with where it was interrupted, and
// with a frozen backbone on features that were computed once.

import { pathKind, readFileBytes, writeFileWhole } from "#files";
import { RoentgenError, type WorkOptions } from "../../base/index.ts";
import type { ImageTarget } from "../../datasets/index.ts";
import {
  adamW,
  checkpointFolder,
  type EpochRecord,
  findLearningRate,
  type Network,
  oneCycleRate,
  type ParameterGroup,
  type SampleSource,
  type StepRecord,
  splitFrozen,
  type Trained,
  train,
} from "../../networks/index.ts";
import type { Device, OnnxModel } from "../../onnx/index.ts";
import { batchForMemory, type SettledBatch } from "./batch-for-memory.ts";
import type { FeatureSides } from "./frozen-features.ts";
import { learningGoal } from "./learning-goal.ts";
import { resumableFiles } from "./resumable.ts";
import type { TrainingStage } from "./training-stages.ts";

export interface FitOptions extends WorkOptions {
  target: ImageTarget;
  data: SampleSource;
  validation: SampleSource;
  stage: TrainingStage;
  /** Whether samples to learn from differ from epoch to epoch. */
  isAugmented: boolean;
  epochs: number;
  batchSize: number;
  /** Whether the user named it: it is then not made smaller to fit the memory. */
  isBatchAsked: boolean;
  /** Looked for where it is not given. */
  learningRate?: number;
  classWeights?: readonly number[];
  seed: number;
  device?: Device;
  /** Memory that a training step may take, by its plan; by default a part of what is free. */
  mostBytes?: number;
  /** Folder of the checkpoints. */
  folder: string;
  /** What a frozen backbone makes of the samples. */
  features: (backbone: OnnxModel) => Promise<FeatureSides>;
  onStart?: (start: FitStart) => void | Promise<void>;
  onStep?: (record: StepRecord) => void;
  onEpoch?: (record: EpochRecord) => void | Promise<void>;
}

/** What was settled before the first step. */
export interface FitStart {
  readonly learningRate: number;
  /** "found" by a sweep, "given", or "usual" where the sweep found none. */
  readonly rateIs: "found" | "given" | "usual";
  readonly batchSize: number;
  /** Why the batch is smaller than planned, as a sentence. */
  readonly memoryNote?: string;
  readonly epochs: number;
  /** Epochs of an interrupted training that are done. */
  readonly history: readonly EpochRecord[];
  readonly stepsPerEpoch: number;
  /** Whether features of a frozen backbone are computed once. */
  readonly hasFeatures: boolean;
}

export interface Fitted {
  readonly network: Network;
  readonly trained: Trained;
  readonly start: FitStart;
  /** The figure that chose the weights, at its least. */
  readonly leastLoss: number;
}

/**
 * Trains the network; the one that comes back has the weights that were best on the validation samples. What is frozen gives
 * its features once where that is all before a new head, or where samples are the same in each epoch; else it is run in each
 * step, since what follows would miss the augmented samples.
 */
export async function fitNetwork(network: Network, options: FitOptions): Promise<Fitted> {
  const { stage, isAugmented } = options;
  const mayKeep = stage.trainable && (stage.isHeadAlone || !isAugmented);
  const split = mayKeep ? splitFrozen(network, stage) : undefined;
  if (!split) return fitWhole(network, options);
  const sides = await options.features(split.backbone);
  const fitted = await fitWhole(split.head, { ...options, ...sides }, { hasFeatures: true });
  return { ...fitted, network: split.join(fitted.network) };
}

async function fitWhole(
  network: Network,
  options: FitOptions,
  { hasFeatures = false } = {},
): Promise<Fitted> {
  const { data, validation, seed, device, threads, signal, folder, epochs, stage } = options;
  const { trainable, frozenStatistics, groups } = stage;
  const checkpoints = checkpointFolder(folder);
  const resume = await checkpoints.last();
  const { loss, metrics, monitor } = learningGoal(options.target, options.classWeights);
  const common = {
    data,
    loss,
    ...{ seed, device, threads, signal, trainable, frozenStatistics },
    groups: withoutDecay(groups),
    clipNorm: 5,
  };
  const settled = await settle(network, { ...options, common });
  const { batchSize, learningRate } = settled;
  const stepsPerEpoch = Math.ceil(data.count / batchSize);
  const start = {
    ...settled,
    ...{ epochs, stepsPerEpoch, hasFeatures },
    history: resume?.progress.history ?? [],
  };
  await options.onStart?.(start);
  const trained = await train(network, {
    ...common,
    ...{ validation, epochs, batchSize, resume },
    optimiser: adamW({ learningRate, weightDecay: WEIGHT_DECAY }),
    schedule: oneCycleRate(),
    metrics,
    monitor,
    patience: Math.ceil(epochs * PATIENCE),
    onCheckpoint: checkpoints.save,
    onStep: options.onStep,
    onEpoch: options.onEpoch,
  });
  const best = trained.history.find(({ epoch }) => epoch === trained.bestEpoch);
  const leastLoss = best?.validation?.[monitor] ?? Number.POSITIVE_INFINITY;
  return { network: trained.network, trained, start, leastLoss };
}

const WEIGHT_DECAY = 0.02;

/** Part of the course without a better epoch after which it ends: the rate has to fall before weights are at their best. */
const PATIENCE = 0.5;

/** Biases and what scales normalised values are not drawn to 0 (He et al.: "Bag of tricks", 2018, section 3.1). */
const isNoWeight = (name: string) => /(bias|norm\w*\.weight|bn\d*\.weight|gamma|beta)$/.test(name);

/** Groups parted by whether their parameters decay. */
function withoutDecay(groups: readonly ParameterGroup[]): ParameterGroup[] {
  const rest: ParameterGroup = { match: () => true };
  return [...groups, rest].flatMap((group) => [
    { ...group, match: (name) => isNoWeight(name) && group.match(name), weightDecay: 0 },
    group,
  ]);
}

interface Settling extends FitOptions {
  readonly common: Parameters<typeof findLearningRate>[1] extends infer T
    ? Omit<T, "optimiser" | "batchSize">
    : never;
}

type Settled = SettledRate & SettledBatch;
type SettledRate = Pick<FitStart, "learningRate" | "rateIs">;

/**
 * Learning rate and batch, kept beside the checkpoints so that going on means the same training.
 * @throws RoentgenError "too-large" where the batch does not fit the memory
 */
async function settle(network: Network, { folder, ...options }: Settling): Promise<Settled> {
  const path = `${folder}/${resumableFiles.settled}`;
  if ((await pathKind(path)) === "file") {
    return JSON.parse(new TextDecoder().decode(await readFileBytes(path)));
  }
  const { common, isBatchAsked, mostBytes } = options;
  const step = { ...common, optimiser: sweepOptimiser(), batchSize: options.batchSize };
  const batch = batchForMemory(network, { ...step, isBatchAsked, mostBytes });
  const rate = await search(network, { ...options, batchSize: batch.batchSize });
  const settled = { ...rate, ...batch };
  await writeFileWhole(path, new TextEncoder().encode(JSON.stringify(settled)));
  return settled;
}

const sweepOptimiser = () => adamW({ weightDecay: WEIGHT_DECAY });

/** Mini-batches of the sweep. */
const SWEEP = 60;
/**
 * What serves most networks with AdamW, from scratch and pretrained; what is too much for any; and what is too little: a sweep
 * behind a head that has learnt suggested 3e-5 to 5e-5, with which next to nothing changed.
 */
const USUAL = { drawn: 2e-3, pretrained: 5e-4 };
const MOST_RATE = { drawn: 6e-3, pretrained: 1e-3 };
const LEAST_RATE = 3e-4;

async function search(
  network: Network,
  { learningRate, common, ...options }: Omit<Settling, "folder">,
): Promise<SettledRate> {
  const { batchSize, stage } = options;
  if (learningRate !== undefined) return { learningRate, rateIs: "given" };
  const kind = stage.isFine ? "pretrained" : "drawn";
  const optimiser = sweepOptimiser();
  const sweep = { ...common, optimiser, batchSize, steps: SWEEP, from: 1e-6, to: 0.3 };
  try {
    const { suggestion } = await findLearningRate(network, sweep);
    const bounded = Math.min(MOST_RATE[kind], Math.max(LEAST_RATE, suggestion));
    return { learningRate: Number(bounded.toPrecision(2)), rateIs: "found" };
  } catch (cause) {
    if (!(cause instanceof RoentgenError) || cause.code !== "value-invalid") throw cause;
    return { learningRate: USUAL[kind], rateIs: "usual" };
  }
}
