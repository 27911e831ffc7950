// From trained networks to the model that is deployed: how sure it may be is learnt from images that a network did not
// learn from, and which images are usual from those that it did.

import { RoentgenError } from "../../base/index.ts";
import type { ImageDataset } from "../../datasets/index.ts";
import { type Network, scalingFor, unitScaling } from "../../networks/index.ts";
import {
  fitMahalanobis,
  fitUnusualness,
  type MahalanobisFit,
  type Unusualness,
} from "../../statistics/index.ts";
import { type ClassCalibration, calibrateClasses } from "./calibrate-classifier.ts";
import { calibrateLabels, type LabelCalibration } from "./calibrate-labels.ts";
import { type DeployableModel, deployEnsemble } from "./deploy-model.ts";
import { deployedCalibration } from "./deployed-calibration.ts";
import { findingsOf } from "./findings.ts";
import { imageSource } from "./image-source.ts";
import type { LearntMember } from "./learn-member.ts";
import { learntRows } from "./learning-sides.ts";
import { type MemberOutputs, type OutOfFold, outOfFold, outputsOfMembers } from "./out-of-fold.ts";
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
  readonly members: readonly LearntMember[];
  readonly work: PredictSamplesOptions;
}

/**
 * What is to be deployed of trained networks. Every image that is calibrated on was unseen by the network whose word counts:
 * of several networks by that of its own fold. Their mean is at least as sure to be right, so that what is calibrated on single
 * networks errs on the side of caution; no image is unseen by all of them, to say by how much.
 */
export async function calibrateImages(
  prepared: PreparedImages,
  { members, work }: CalibrateImagesOptions,
): Promise<CalibratedImages> {
  const { target } = prepared.dataset;
  const { mirrors } = prepared.plan;
  const { scaling } = members[0].initial;
  const networks = members.map(({ network }) => ({ network, features: featuresTensor(network) }));
  const parts = { target, scaling, mirrors };
  const raw = deployEnsemble({ ...parts, members: networks, apart: true });
  const rows = learntRows(prepared.folds);
  const outputs = await predictRows(prepared, raw, rows, { ...work, stage: "Calibrating" });
  const each = outputsOfMembers(outputs, { rows, members: members.length });
  const distances = await distancesOf(prepared, each);
  const unseen = outOfFold(prepared.folds, each, distances);
  const calibration = calibrationOf(prepared, unseen);
  const unusual = usualDistances(prepared, unseen);
  const deployed = deployEnsemble({
    ...parts,
    members: networks.map((network, at) => ({ ...network, distance: distances?.[at] })),
    calibration: deployedCalibration(calibration),
  });
  const [together] = outputsOfMembers(outputs, { rows, members: 1 });
  const features = together.features(prepared.split.train);
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
  { settings, dataset, folds, plan }: PreparedImages,
  { rows, scores }: OutOfFold,
): ImageCalibration | undefined {
  const { target, samples } = dataset;
  switch (target.kind) {
    case "classes": {
      const logits = scores.map(logOf);
      const labels = Int32Array.from(rows, (row) => samples[row].target as number);
      const groups = patientGroups(dataset, rows);
      const given = { logits, labels, groups, folds: folds.length };
      return calibrateClasses(target, given, settings);
    }
    case "labels": {
      const truth = findingsOf(dataset, rows);
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

/** For each network, where the features of the images lie that it learnt from; undefined where one of them can't tell. */
async function distancesOf(
  { dataset, folds }: PreparedImages,
  each: readonly MemberOutputs[],
): Promise<MahalanobisFit[] | undefined> {
  const distances: MahalanobisFit[] = [];
  for (const [at, { train }] of folds.entries()) {
    const features = each[at].features(train);
    const distance = features && (await distanceOf(dataset, train, features));
    if (!distance) return undefined;
    distances.push(distance);
  }
  return distances;
}

/** Where the features of training images lie, around the mean of each class. */
async function distanceOf(
  { target, samples }: ImageDataset,
  rows: Uint32Array,
  features: Float32Array,
): Promise<MahalanobisFit | undefined> {
  const classes = target.kind === "classes" ? target.classes : ["all"];
  const labels = Int32Array.from(rows, (row) =>
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

/** How far images lie that the distance was not fitted to. */
function usualDistances(
  { settings, dataset }: PreparedImages,
  { rows, distances }: OutOfFold,
): Unusualness | undefined {
  if (!distances) return undefined;
  const groups = patientGroups(dataset, rows);
  return fitUnusualness(distances, { groups, seed: settings.seed });
}

/** What a deployed model gives for some samples of the store. */
export async function predictRows(
  { dataset, store }: PreparedImages,
  deployed: DeployableModel,
  samples: Uint32Array,
  { device, threads, signal, onProgress, stage }: PredictSamplesOptions,
): Promise<SampleOutputs> {
  // Pixels in 0 … 1, as a deployed model takes them.
  const scaling = scalingFor(unitScaling, store.shape[0]);
  const source = imageSource({ dataset, store, samples, scaling });
  try {
    const work = { device, threads, signal, onProgress, stage };
    return await predictSamples(deployed, source, { shape: store.shape, ...work });
  } finally {
    await source.close();
  }
}
