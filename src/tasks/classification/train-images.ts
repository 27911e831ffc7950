// Trains a network on prepared images and judges it: everything that a run keeps, as data.

import { runtimeVersion } from "#session";
import { coreCount } from "#workers";
import { throwIfCancelled, type WorkOptions } from "../../base/index.ts";
import type { ImageStore } from "../../datasets/index.ts";
import type { EpochRecord, Network, StepRecord } from "../../networks/index.ts";
import type { Device } from "../../onnx/index.ts";
import { describeProvenance, type Provenance } from "../../study/index.ts";
import { type InitialNetwork, initialNetwork } from "./build-network.ts";
import { type CalibratedImages, calibrateImages, predictRows } from "./calibrate-images.ts";
import { fitStages, type StageOutcome, type StageStart } from "./fit-stages.ts";
import { imageSource } from "./image-source.ts";
import { type ImagesJudgement, judgeImages } from "./judge-images.ts";
import type { SampleOutputs } from "./predict-samples.ts";
import type { PreparedImages } from "./prepare-images.ts";
import { inUnit, standardOf } from "./target-standard.ts";

export interface TrainImagesOptions extends WorkOptions {
  device?: Device;
  /** Folder of checkpoints. */
  folder: string;
  /** Hears of the network before it is trained. */
  onNetwork?: (initial: InitialNetwork) => void;
  onStart?: (start: StageStart) => void | Promise<void>;
  onStep?: (record: StepRecord) => void;
  onEpoch?: (record: EpochRecord) => void | Promise<void>;
}

export interface TrainedImages extends Omit<PreparedImages, "store">, CalibratedImages {
  /** Images that could not be read, and why. */
  readonly unreadable: ImageStore["failed"];
  readonly initial: Pick<InitialNetwork, "scaling" | "notes" | "isPretrained">;
  readonly network: Network;
  /** What was trained when, one stage after another. */
  readonly stages: readonly StageOutcome[];
  readonly history: readonly EpochRecord[];
  readonly bestEpoch: number;
  readonly stopped: string;
  /** To how many steps prepared images were rounded where they were stored. */
  readonly steps: 255 | 65535;
  /** On the images held out, in the order of `split.test`. */
  readonly predictions: SampleOutputs;
  readonly judgement: ImagesJudgement;
  readonly provenance: Provenance;
  readonly startedAt: Date;
  readonly endedAt: Date;
}

/** Trains on the training side, calibrates on the validation side, judges on the test side. */
export async function trainImages(
  prepared: PreparedImages,
  options: TrainImagesOptions,
): Promise<TrainedImages> {
  const { store, ...kept } = prepared;
  const { settings, dataset, split } = kept;
  const startedAt = new Date();
  const { initial, fitted } = await learn(prepared, options);
  throwIfCancelled(options.signal, "Training");
  const { network, stages, history, bestEpoch, stopped } = fitted;
  const judged = await calibrateImages(prepared, {
    network,
    scaling: initial.scaling,
    work: options,
  });
  const { test } = split;
  const predictions = await predictRows(prepared, judged.deployed, test, {
    ...options,
    stage: "Judging",
  });
  const { level, resamples, seed, subgroups } = settings;
  const { threshold, labels } = judged.calibration ?? {};
  const judgement = await judgeImages(
    dataset,
    { samples: test, scores: predictions.scores },
    {
      ...{ level, resamples, seed, subgroups },
      ...(threshold && { threshold: threshold.value }),
      ...(labels && { thresholds: labels.map((one) => one.threshold.value) }),
    },
    options,
  );
  return {
    ...kept,
    unreadable: store.failed,
    steps: store.reference.type === "uint8" ? 255 : 65535,
    initial,
    ...{ network, stages, history, bestEpoch, stopped },
    ...judged,
    ...{ predictions, judgement, startedAt, endedAt: new Date() },
    provenance: await stateProvenance(seed, options),
    notes: [...kept.notes, ...initial.notes, ...(judged.calibration?.notes ?? [])],
  };
}

async function learn(
  { settings, dataset, store, split, plan }: PreparedImages,
  options: TrainImagesOptions,
) {
  const { target } = dataset;
  const { model, pixels, batchSize, epochs, classWeights, augmentation } = plan;
  const initial = await initialNetwork({ settings, model, target, input: store.shape, pixels });
  options.onNetwork?.(initial);
  const { scaling, stages, network } = initial;
  const standard = standardOf(dataset, split.train);
  const common = {
    dataset,
    store,
    scaling,
    standard,
    // One thread is the network's own.
    threads: options.threads === 1 ? 0 : options.threads,
  };
  const data = imageSource({ ...common, samples: split.train, augmentation });
  const validation = imageSource({ ...common, samples: split.validation });
  try {
    const fitted = await fitStages(network, {
      ...options,
      ...{ target, data, validation, stages, epochs, batchSize, classWeights },
      isAugmented: augmentation.length > 0,
      ...{ learningRate: settings.learningRate, seed: settings.seed },
      fingerprint: `${store.reference.path} ${settings.seed}`,
    });
    return { initial, fitted: { ...fitted, network: inUnit(fitted.network, standard) } };
  } finally {
    await data.close();
    await validation.close();
  }
}

async function stateProvenance(
  seed: number,
  { threads = coreCount() }: WorkOptions,
): Promise<Provenance> {
  const versions = { onnxruntime: await runtimeVersion() };
  return describeProvenance({ versions, threads, seed, data: [] });
}
