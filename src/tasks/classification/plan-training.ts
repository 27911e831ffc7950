// What a training is planned to be before its first step: what the recipe makes of the images that are learnt from.

import { randomStream } from "../../base/index.ts";
import {
  type ImageDataset,
  type ImageFold,
  type ImagePreparation,
  type ImageSplit,
  type ImageStore,
  type ImageTarget,
  prepareImage,
} from "../../datasets/index.ts";
import type { TransformStep } from "../../imaging/index.ts";
import type { ArchitectureName } from "../../networks/index.ts";
import { countFindings } from "./findings.ts";
import { imageOf } from "./image-loader.ts";
import type { ImageTrainingSettings } from "./image-settings.ts";
import { mirrorTest } from "./mirror-test.ts";
import type { MirrorAxis } from "./mirrored-copies.ts";
import {
  augmentationSteps,
  chooseBatchSize,
  chooseClassWeights,
  chooseEpochs,
  chooseFlips,
  chooseMirrors,
  choosePositiveWeights,
  countClasses,
  type Flips,
} from "./recipe.ts";
import { isHeadAlone } from "./training-stages.ts";

/** What the recipe decided, in figures. */
export interface ImagePlan {
  readonly model: ArchitectureName;
  readonly preparation: ImagePreparation;
  readonly batchSize: number;
  readonly epochs: number;
  readonly flips: Flips;
  readonly augmentation: readonly TransformStep[];
  /** Along which the deployed model averages over mirrored copies of an image. */
  readonly mirrors: readonly MirrorAxis[];
  /** Of classes one each; of findings what images with it count against those without. */
  readonly classWeights?: readonly number[];
  /** Of the training images. */
  readonly pixels: { readonly mean: number; readonly deviation: number };
}

/** What is known then. */
interface Planning {
  readonly settings: ImageTrainingSettings;
  readonly dataset: ImageDataset;
  readonly store: ImageStore;
  readonly split: ImageSplit;
  readonly folds: readonly ImageFold[];
  readonly model: ArchitectureName;
  readonly preparation: ImagePreparation;
}

/** Decides all that was not asked for. */
export function planTraining({
  settings,
  dataset,
  store,
  split,
  folds,
  model,
  preparation,
}: Planning): ImagePlan {
  const { train } = split;
  // Of what a network learns from.
  const { length } = folds[0].train;
  const looked = someOf(train, settings.seed);
  const names = namesOf(dataset.target);
  const flips = chooseFlips(settings.flips, sidesOf(dataset, store, looked, settings.seed), names);
  const learns = settings.augment && !isHeadAlone(settings);
  const mirrors = chooseMirrors(settings.testTimeAugmentation, flips, { learns });
  const classWeights = weightsFor(settings, dataset, train);
  const batchSize = settings.batchSize ?? chooseBatchSize(length);
  const isPretrained = settings.weights !== undefined;
  return {
    model,
    preparation,
    batchSize,
    epochs: settings.epochs ?? chooseEpochs(length, { batchSize, isPretrained }),
    flips,
    augmentation: learns ? augmentationSteps(flips, preparation.size) : [],
    mirrors,
    ...(classWeights && { classWeights }),
    pixels: momentsOf(store, looked),
  };
}

function namesOf(target: ImageTarget): readonly string[] {
  if (target.kind === "labels") return target.labels;
  return target.kind === "classes" ? target.classes : [];
}

function weightsFor(
  { classWeights: asked }: Pick<ImageTrainingSettings, "classWeights">,
  dataset: ImageDataset,
  rows: Uint32Array,
): number[] | undefined {
  switch (dataset.target.kind) {
    case "classes":
      return chooseClassWeights(asked, countClasses(dataset, rows));
    case "labels":
      return choosePositiveWeights(asked, countFindings(dataset, rows));
    case "number":
      return undefined;
    default:
      return dataset.target satisfies never;
  }
}

/** Images that are looked at to plan, at most. */
const MOST_LOOKED = 1000;

function someOf(rows: Uint32Array, seed: number): Uint32Array {
  const random = randomStream({ seed, purpose: "images/looked-at", sample: 0 });
  const order = random.permutation(rows.length).slice(0, MOST_LOOKED);
  return order.map((at) => rows[at]).sort();
}

/** Sides of the thumbnails that are told from their mirror images. */
const THUMBNAIL = 16;
const thumbnail: ImagePreparation = {
  ...{ size: [THUMBNAIL, THUMBNAIL], channels: 1, fit: "stretch" },
  intensity: { kind: "window", low: 0, high: 1 },
};
const FEWEST_TO_TELL = 40;

/** The most that any class (with enough images) tells of its sides: classes may lie differently. */
function sidesOf(
  { samples, target }: ImageDataset,
  store: ImageStore,
  rows: Uint32Array,
  seed: number,
) {
  const kinds = new Map<number, number[]>();
  for (const row of rows) {
    const kind = target.kind === "classes" ? (samples[row].target as number) : 0;
    kinds.set(kind, [...(kinds.get(kind) ?? []), row]);
  }
  const large = [...kinds.values()].filter((members) => members.length >= FEWEST_TO_TELL);
  const groups = large.length > 0 ? large : [[...rows]];
  const found = groups.map((members) =>
    mirrorTest(thumbnails(store, members), { width: THUMBNAIL, height: THUMBNAIL, seed }),
  );
  return {
    leftRight: Math.max(...found.map(({ leftRight }) => leftRight)),
    topBottom: Math.max(...found.map(({ topBottom }) => topBottom)),
  };
}

/** Grey thumbnails one after another; of volumes the middle slice. */
function thumbnails(store: ImageStore, rows: readonly number[]): Float32Array {
  const [height, width] = store.shape.slice(-2);
  const depth = store.shape.length === 4 ? store.shape[1] : 1;
  const plane = height * width;
  const middle = Math.floor(depth / 2) * plane;
  const all = new Float32Array(rows.length * THUMBNAIL * THUMBNAIL);
  for (const [at, row] of rows.entries()) {
    const slice = store.read(row).subarray(middle, middle + plane);
    const small = prepareImage(imageOf(slice, [1, height, width]), thumbnail);
    all.set(small, at * THUMBNAIL * THUMBNAIL);
  }
  return all;
}

function momentsOf(store: ImageStore, rows: Uint32Array): ImagePlan["pixels"] {
  let [count, sum, squares] = [0, 0, 0];
  for (const row of rows) {
    for (const value of store.read(row)) {
      sum += value;
      squares += value * value;
    }
    count += store.shape.reduce((product, length) => product * length, 1);
  }
  const mean = sum / count;
  const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean)) || 1;
  return { mean: Number(mean.toPrecision(6)), deviation: Number(deviation.toPrecision(6)) };
}
