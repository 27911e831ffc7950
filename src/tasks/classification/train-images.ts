// Trains a network on prepared images and judges it: everything that a run keeps, as data.

import { runtimeVersion } from "#session";
import { coreCount } from "#workers";
import { RoentgenError, throwIfCancelled, type WorkOptions } from "../../base/index.ts";
import type { ImageStore } from "../../datasets/index.ts";
import {
  type EpochRecord,
  type Network,
  type PixelScaling,
  type StepRecord,
  scalingFor,
} from "../../networks/index.ts";
import type { Device } from "../../onnx/index.ts";
import {
  fitMahalanobis,
  fitUnusualness,
  type MahalanobisFit,
  type Unusualness,
} from "../../statistics/index.ts";
import { describeProvenance, type Provenance } from "../../study/index.ts";
import { type InitialNetwork, initialNetwork } from "./build-network.ts";
import { type ClassCalibration, calibrateClasses } from "./calibrate-classifier.ts";
import { type DeployableModel, type DeployModelOptions, deployModel } from "./deploy-model.ts";
import { type FitStart, fitNetwork } from "./fit-network.ts";
import { imageSource } from "./image-source.ts";
import { type ImagesJudgement, judgeImages } from "./judge-images.ts";
import { patientGroups } from "./patients.ts";
import { predictSamples, type SampleOutputs } from "./predict-samples.ts";
import type { PreparedImages } from "./prepare-images.ts";
import { inUnit, standardOf } from "./target-standard.ts";

export interface TrainImagesOptions extends WorkOptions {
  device?: Device;
  /** Folder of checkpoints. */
  folder: string;
  /** Hears of the network before it is trained. */
  onNetwork?: (initial: InitialNetwork) => void;
  onStart?: (start: FitStart) => void | Promise<void>;
  onStep?: (record: StepRecord) => void;
  onEpoch?: (record: EpochRecord) => void | Promise<void>;
}

export interface TrainedImages extends Omit<PreparedImages, "store"> {
  /** Images that could not be read, and why. */
  readonly unreadable: ImageStore["failed"];
  readonly initial: Pick<InitialNetwork, "scaling" | "notes" | "isPretrained" | "trainable">;
  readonly network: Network;
  readonly start: FitStart;
  readonly history: readonly EpochRecord[];
  readonly bestEpoch: number;
  readonly stopped: string;
  readonly deployed: DeployableModel;
  /** To how many steps prepared images were rounded where they were stored. */
  readonly steps: 255 | 65535;
  readonly calibration?: ClassCalibration;
  readonly unusual?: Unusualness;
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
  const { network, trained, start } = fitted;
  const judged = await calibrate(prepared, { network, initial, options });
  const { test } = split;
  const predictions = await predictOn(prepared, judged.deployed, test, "Judging", options);
  const { level, resamples, seed, subgroups } = settings;
  const threshold = judged.calibration?.threshold?.value;
  const judgement = await judgeImages(
    dataset,
    { samples: test, scores: predictions.scores },
    { level, resamples, seed, subgroups, ...(threshold !== undefined && { threshold }) },
    options,
  );
  return {
    ...kept,
    unreadable: store.failed,
    steps: store.reference.type === "uint8" ? 255 : 65535,
    initial,
    ...{ network, start, history: trained.history, bestEpoch: trained.bestEpoch },
    stopped: trained.stopped,
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
  const { scaling, trainable, isPretrained, network } = initial;
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
    const fitted = await fitNetwork(network, {
      ...options,
      ...{ target, data, validation, trainable, isPretrained, epochs, batchSize, classWeights },
      ...{ learningRate: settings.learningRate, seed: settings.seed },
      fingerprint: `${store.reference.path} ${settings.seed}`,
    });
    return { initial, fitted: { ...fitted, network: inUnit(fitted.network, standard) } };
  } finally {
    await data.close();
    await validation.close();
  }
}

interface Calibrating {
  readonly network: Network;
  readonly initial: InitialNetwork;
  readonly options: TrainImagesOptions;
}

type Calibrated = Pick<TrainedImages, "deployed" | "calibration" | "unusual">;

/** Learns from the validation side how sure the network may be, and from the training side which images are usual. */
async function calibrate(
  prepared: PreparedImages,
  { network, initial, options }: Calibrating,
): Promise<Calibrated> {
  const { settings, dataset, split } = prepared;
  const { target } = dataset;
  const features = featuresTensor(network);
  const parts: DeployModelOptions = { network, target, features, scaling: initial.scaling };
  const raw = deployModel(parts);
  const judged = (rows: Uint32Array, stage: string) =>
    predictOn(prepared, raw, rows, stage, options);
  const validation = await judged(split.validation, "Calibrating");
  const distance = await distanceOf(prepared, await judged(split.train, "Looking for outliers"));
  const groups = patientGroups(dataset, split.validation);
  const unusualOf = async (deployed: DeployableModel) => {
    const { distances } = await predictOn(
      prepared,
      deployed,
      split.validation,
      "Calibrating",
      options,
    );
    return distances && fitUnusualness(distances, { groups, seed: settings.seed });
  };
  switch (target.kind) {
    case "classes": {
      const logits = validation.scores.map(logOf);
      const labels = Int32Array.from(
        split.validation,
        (row) => dataset.samples[row].target as number,
      );
      const calibration = calibrateClasses(target, { logits, labels, groups }, settings);
      const { temperature } = calibration;
      const deployed = deployModel({
        ...{ ...parts, distance },
        ...(temperature && {
          calibration: {
            method: "temperature",
            temperature: temperature.temperature,
            n: temperature.n,
          },
        }),
      });
      return { deployed, calibration, unusual: await unusualOf(deployed) };
    }
    case "number": {
      const deployed = deployModel({ ...parts, distance });
      return { deployed, unusual: await unusualOf(deployed) };
    }
    default:
      return target satisfies never;
  }
}

/** Probabilities in single precision are never smaller where they matter. */
const TINY = 1e-30;
const logOf = (probability: number) => Math.log(Math.max(TINY, probability));

/** What goes into the last layer with weights. */
function featuresTensor({ layers }: Network): string {
  const last = layers.findLast(({ parameters }) => parameters.length > 0);
  const before = layers.find(({ name }) => name === last?.inputs[0]);
  return before?.output ?? layers[0].output;
}

/** Where the features of the training images lie, around the mean of each class. */
async function distanceOf(
  { dataset, split }: PreparedImages,
  { features }: SampleOutputs,
): Promise<MahalanobisFit | undefined> {
  if (!features) return undefined;
  const { target, samples } = dataset;
  const classes = target.kind === "classes" ? target.classes : ["all"];
  const labels = Int32Array.from(split.train, (row) =>
    target.kind === "classes" ? (samples[row].target as number) : 0,
  );
  try {
    return await fitMahalanobis(features, labels, { classes });
  } catch (cause) {
    // Too few images, or features that are all equal: there is no distance to speak of.
    if (cause instanceof RoentgenError && cause.code !== "cancelled") return undefined;
    throw cause;
  }
}

async function predictOn(
  { dataset, store }: PreparedImages,
  deployed: DeployableModel,
  samples: Uint32Array,
  stage: string,
  { device, threads, signal, onProgress }: TrainImagesOptions,
): Promise<SampleOutputs> {
  const scaling = scalingFor(AS_THEY_ARE, store.shape[0]);
  const source = imageSource({ dataset, store, samples, scaling });
  try {
    const work = { device, threads, signal, onProgress, stage };
    return await predictSamples(deployed, source, { shape: store.shape, ...work });
  } finally {
    await source.close();
  }
}

/** Pixels in 0 … 1, as a deployed model takes them. */
const AS_THEY_ARE: PixelScaling = { order: "RGB", factor: 1, mean: [0], deviation: [1] };

async function stateProvenance(
  seed: number,
  { threads = coreCount() }: WorkOptions,
): Promise<Provenance> {
  const versions = { onnxruntime: await runtimeVersion() };
  return describeProvenance({ versions, threads, seed, data: [] });
}
