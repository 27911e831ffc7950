// From a trained network to the model that is deployed: how sure it may be is learnt from the validation side, and which
// images are usual from the training side.

import { RoentgenError } from "../../base/index.ts";
import { type Network, type PixelScaling, scalingFor } from "../../networks/index.ts";
import {
  fitMahalanobis,
  fitUnusualness,
  type MahalanobisFit,
  mahalanobisScores,
  type Unusualness,
} from "../../statistics/index.ts";
import { type ClassCalibration, calibrateClasses } from "./calibrate-classifier.ts";
import { calibrateLabels, type LabelCalibration } from "./calibrate-labels.ts";
import { type DeployableModel, type DeployModelOptions, deployModel } from "./deploy-model.ts";
import { findingsOf } from "./findings.ts";
import { imageSource } from "./image-source.ts";
import { insideModel } from "./inside-model.ts";
import { patientGroups } from "./patients.ts";
import {
  type PredictSamplesOptions,
  predictSamples,
  type SampleOutputs,
} from "./predict-samples.ts";
import type { PreparedImages } from "./prepare-images.ts";

/** Of classes or of findings. */
export type ImageCalibration = ClassCalibration & Partial<LabelCalibration>;

export interface CalibratedImages {
  readonly deployed: DeployableModel;
  readonly calibration?: ImageCalibration;
  readonly unusual?: Unusualness;
  /** Of the images learnt from, in the order of `split.train`: [images, features]. */
  readonly features?: Float32Array;
}

interface CalibrateImagesOptions {
  readonly network: Network;
  readonly scaling: PixelScaling;
  readonly work: PredictSamplesOptions;
}

/** What is to be deployed of a trained network. */
export async function calibrateImages(
  prepared: PreparedImages,
  { network, scaling, work }: CalibrateImagesOptions,
): Promise<CalibratedImages> {
  const { target } = prepared.dataset;
  const parts: DeployModelOptions = { network, target, features: featuresTensor(network), scaling };
  const raw = deployModel(parts);
  const judged = (rows: Uint32Array, stage: string) =>
    predictRows(prepared, raw, rows, { ...work, stage });
  const validation = await judged(prepared.split.validation, "Calibrating");
  const learnt = await judged(prepared.split.train, "Looking for outliers");
  const distance = await distanceOf(prepared, learnt);
  const unusual = distance && usualDistances(prepared, validation, distance);
  const calibration = calibrationOf(prepared, validation);
  const deployed = deployModel({ ...parts, distance, calibration: insideModel(calibration) });
  const { features } = learnt;
  return {
    deployed,
    ...(calibration && { calibration }),
    ...(unusual && { unusual }),
    ...(features && { features }),
  };
}

/** What goes into the last layer with weights. */
function featuresTensor({ layers }: Network): string {
  const last = layers.findLast(({ parameters }) => parameters.length > 0);
  const before = layers.find(({ name }) => name === last?.inputs[0]);
  return before?.output ?? layers[0].output;
}

/** Probabilities in single precision are never smaller where they matter. */
const TINY = 1e-30;
const logOf = (probability: number) => Math.log(Math.max(TINY, probability));

/** The nearest that single precision comes to 1 from below. */
const ALMOST_ONE = 1 - 2 ** -24;
const logitOf = (probability: number) =>
  logOf(probability) - Math.log1p(-Math.min(ALMOST_ONE, probability));

function calibrationOf(
  { settings, dataset, split, plan }: PreparedImages,
  { scores }: SampleOutputs,
): ImageCalibration | undefined {
  const { target, samples } = dataset;
  switch (target.kind) {
    case "classes": {
      const logits = scores.map(logOf);
      const labels = Int32Array.from(split.validation, (row) => samples[row].target as number);
      const groups = patientGroups(dataset, split.validation);
      return calibrateClasses(target, { logits, labels, groups }, settings);
    }
    case "labels": {
      const truth = findingsOf(dataset, split.validation);
      const { classWeights: positiveWeights } = plan;
      return calibrateLabels(
        target.labels,
        { logits: scores.map(logitOf), truth, positiveWeights },
        settings,
      );
    }
    case "number":
      return undefined;
    default:
      return target satisfies never;
  }
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

/** How far validation images lie, none of which the distance was fitted to. */
function usualDistances(
  { settings, dataset, split }: PreparedImages,
  { features }: SampleOutputs,
  distance: MahalanobisFit,
): Unusualness | undefined {
  if (!features) return undefined;
  const { scores } = mahalanobisScores(distance, features);
  const groups = patientGroups(dataset, split.validation);
  return fitUnusualness(scores, { groups, seed: settings.seed });
}

/** What a deployed model gives for some samples of the store. */
export async function predictRows(
  { dataset, store }: PreparedImages,
  deployed: DeployableModel,
  samples: Uint32Array,
  { device, threads, signal, onProgress, stage }: PredictSamplesOptions,
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
