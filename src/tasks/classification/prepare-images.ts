// What is settled before a network is trained: which images teach what, how they are prepared, which side each is on, and
// what the recipe makes of that.

import { RoentgenError, type WorkOptions } from "../../base/index.ts";
import {
  checkImages,
  type ImageDataset,
  type ImageFinding,
  type ImageFold,
  type ImageStore,
  openImageStore,
  planPreparation,
  readImageDataset,
} from "../../datasets/index.ts";
import { chooseStart } from "./choose-start.ts";
import type { ImageTrainingSettings } from "./image-settings.ts";
import { checkSubgroups } from "./judge-images.ts";
import { type LearningSides, learningSides } from "./learning-sides.ts";
import { withoutPatients } from "./patients.ts";
import { type ImagePlan, planTraining } from "./plan-training.ts";
import { chooseFolds } from "./recipe.ts";
import { checkFindings, trainableDataset } from "./trainable-dataset.ts";
import { isHeadAlone } from "./training-stages.ts";

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
