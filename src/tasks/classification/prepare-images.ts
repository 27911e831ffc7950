// What is settled before a network is trained: which images teach what, how they are prepared, which side each is on, and
// what the recipe makes of that.

import { RoentgenError, randomStream, type WorkOptions } from "../../base/index.ts";
import {
  checkImages,
  type ImageDataset,
  type ImageFinding,
  type ImageFold,
  type ImagePreparation,
  type ImageSplit,
  type ImageStore,
  type ImageTarget,
  openImageStore,
  planPreparation,
  prepareImage,
  readImageDataset,
} from "../../datasets/index.ts";
import type { TransformStep } from "../../imaging/index.ts";
import type { ArchitectureName } from "../../networks/index.ts";
import { chooseStart } from "./choose-start.ts";
import { countFindings } from "./findings.ts";
import { imageOf } from "./image-loader.ts";
import type { ImageTrainingSettings } from "./image-settings.ts";
import { checkSubgroups } from "./judge-images.ts";
import { type LearningSides, learningSides } from "./learning-sides.ts";
import { mirrorTest } from "./mirror-test.ts";
import type { MirrorAxis } from "./mirrored-copies.ts";
import { withoutPatients } from "./patients.ts";
import {
  augmentationSteps,
  chooseBatchSize,
  chooseClassWeights,
  chooseEpochs,
  chooseFlips,
  chooseFolds,
  chooseMirrors,
  choosePositiveWeights,
  countClasses,
  type Flips,
} from "./recipe.ts";
import { checkFindings, trainableDataset } from "./trainable-dataset.ts";
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

export interface PreparedImages extends LearningSides {
  readonly settings: ImageTrainingSettings;
  readonly dataset: ImageDataset;
  readonly store: ImageStore;
  readonly plan: ImagePlan;
  /** Duplicates, burnt-in marks, sites that tell the class and the like, the gravest first. */
  readonly findings: readonly ImageFinding[];
  /** What was guessed or left out, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Reads the data set, decodes its images into the folder, splits them by patients and plans the training.
 * @throws RoentgenError for data that do not fit the settings, before any time is spent on training
 */
export async function prepareImages(
  settings: ImageTrainingSettings,
  folder: string,
  work: WorkOptions = {},
): Promise<PreparedImages> {
  const { test, validation, seed } = settings;
  const read = trainableDataset(await readDataset(settings, work));
  checkSubgroups(read, settings.subgroups);
  const planned = await planPreparation(read, { signal: work.signal });
  const dataset = { ...read, problems: [...read.problems, ...planned.problems] };
  const { model, preparation } = await chooseStart(planned, settings);
  const store = await openImageStore(folder, dataset, preparation, {
    ...work,
    unreadableShare: settings.unreadable,
  });
  const failed = new Set(store.failed.map(({ sample }) => sample));
  const readable = [...dataset.samples.keys()].filter((sample) => !failed.has(sample));
  const checks = await checkImages(dataset, store, { preparation, seed, ...work });
  const together = checks.duplicates.map(({ a, b }) => [a, b] as const);
  const asked = { samples: readable, test, validation, seed, together };
  const { split, folds } = learningSides(dataset, {
    ...asked,
    folds: chooseFolds(settings.folds, readable.length),
  });
  for (const fold of folds) checkClasses(dataset, fold);
  const plan = planTraining({ settings, dataset, store, split, folds, model, preparation });
  const isStill = settings.augment && isHeadAlone(settings);
  const notes = [
    ...[...dataset.notes, ...planned.notes, ...split.notes, plan.flips.reason],
    ...(isStill ? [STILL] : []),
  ];
  return { settings, dataset, store, split, folds, plan, findings: checks.findings, notes };
}

const STILL =
  "Nothing but the new head learns: images give their features once, as they are, without random changes.";

async function readDataset(
  { data, task, target, group, positive }: ImageTrainingSettings,
  work: WorkOptions,
): Promise<ImageDataset> {
  const patient = group === false ? undefined : group;
  const read = await readImageDataset(data, { task, target, patient }, work);
  return withPositive(group === false ? withoutPatients(read) : read, positive);
}

/** Of two classes the second one is the positive one; it may be asked for by its name. */
function withPositive(dataset: ImageDataset, positive: string | undefined): ImageDataset {
  const { target, samples } = dataset;
  if (positive === undefined) return dataset;
  if (
    target.kind !== "classes" ||
    target.classes.length !== 2 ||
    !target.classes.includes(positive)
  ) {
    throw new RoentgenError("bad-option", {
      problem: `There is no positive class "${positive}"`,
      expected: "the name of one of two classes",
      found: target.kind === "classes" ? target.classes.join(", ") : target.kind,
      subject: "positive",
    });
  }
  if (target.classes[1] === positive) return dataset;
  const classes = target.classes.toReversed();
  const turned = samples.map((one) => ({ ...one, target: 1 - (one.target as number) }));
  return { ...dataset, target: { ...target, classes }, samples: turned };
}

/** A class that nothing can be learnt of, or none but one, ends here; and so do findings that the training side lacks. */
function checkClasses(dataset: ImageDataset, { train }: ImageFold): void {
  const { target, samples } = dataset;
  if (target.kind === "labels") checkFindings(dataset, train);
  if (target.kind !== "classes") return;
  const present = new Set(Array.from(train, (row) => samples[row].target));
  if (present.size >= 2) return;
  throw new RoentgenError("too-few-samples", {
    problem: "There is nothing to tell apart",
    expected: "readable images of two classes or more to learn from",
    found: present.size === 0 ? "none" : `only "${target.classes[[...present][0] as number]}"`,
    remedy: "Give each class a folder of its own with images in it.",
  });
}

interface Planning {
  readonly settings: ImageTrainingSettings;
  readonly dataset: ImageDataset;
  readonly store: ImageStore;
  readonly split: ImageSplit;
  readonly folds: readonly ImageFold[];
  readonly model: ArchitectureName;
  readonly preparation: ImagePreparation;
}

function planTraining({
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
