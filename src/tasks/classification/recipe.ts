// What a training that nobody watches should do: sizes, batches, epochs, augmentation and weights of classes, from what
// is known of the data before the first step. Everything follows from counts, so that equal data give equal plans.

import { RoentgenError } from "../../base/index.ts";
import type { ImageDataset, ImagePreparation } from "../../datasets/index.ts";
import type { TransformStep } from "../../imaging/index.ts";
import { countFindings, type FindingCount } from "./findings.ts";
import type { ImageTrainingSettings } from "./image-settings.ts";
import type { MirrorFindings } from "./mirror-test.ts";
import type { MirrorAxis } from "./mirrored-copies.ts";

/** Ways to mirror images. */
export interface Flips {
  readonly horizontal: boolean;
  readonly vertical: boolean;
  /** Why, as a sentence. */
  readonly reason: string;
}

/** Sides of the input that are chosen from for training from scratch: beyond, time grows faster than accuracy. */
const SIZES = [64, 96, 128] as const;

/** Sides of the input for images of a typical size, where the architecture does not say. */
export function chooseSize(typical: number): number {
  return SIZES.find((size) => typical <= size * 1.15) ?? SIZES[SIZES.length - 1];
}

/** Images a step: enough steps an epoch for small data sets, few enough to be quick for large ones. */
export function chooseBatchSize(samples: number): number {
  if (samples >= 1000) return 32;
  return samples >= 200 ? 16 : 8;
}

/** Images that are looked at in all. */
const LOOKS = 75_000;
const [FEWEST_EPOCHS, MOST_EPOCHS] = [12, 120];
/** Passes over few images are few steps: a network that starts from nothing has not learnt by then. */
const FEWEST_STEPS = 1500;
const MOST_EPOCHS_OF_FEW = 300;
/** What was learnt elsewhere needs fewer. */
const MOST_EPOCHS_PRETRAINED = 60;

/** As many passes as give a number of looks that is enough for most tasks of this kind, within limits. */
export function chooseEpochs(
  samples: number,
  { batchSize, isPretrained }: { readonly batchSize: number; readonly isPretrained: boolean },
): number {
  const enough = Math.max(FEWEST_EPOCHS, Math.round(LOOKS / samples));
  if (isPretrained) return Math.min(MOST_EPOCHS_PRETRAINED, enough);
  const steps = Math.ceil(samples / batchSize);
  const most = Math.max(MOST_EPOCHS, Math.ceil(FEWEST_STEPS / steps));
  return Math.min(MOST_EPOCHS_OF_FEW, most, enough);
}

/** Networks, each of which leaves out another fold: one unless asked, since each of them takes its time. */
export function chooseFolds(asked: number | undefined, _samples: number): number {
  return asked ?? 1;
}

/** Images told from their mirror images more often than this have sides. */
const TELLING = 0.7;

/** Words in the names of classes that mean a side. */
const SIDES = /(^|[^a-z])(left|right|lt|rt|lateral|links|rechts|gauche|droite?)([^a-z]|$)/i;

/** Mirrors where that makes images that might as well be real. */
export function chooseFlips(
  asked: ImageTrainingSettings["flips"],
  { leftRight, topBottom }: MirrorFindings,
  names: readonly string[],
): Flips {
  if (asked !== "auto") {
    return { horizontal: asked !== "none", vertical: asked === "both", reason: "As asked." };
  }
  const sided = names.find((name) => SIDES.test(name));
  if (sided !== undefined) {
    return {
      ...{ horizontal: false, vertical: false },
      reason: `No mirrored copies: "${sided}" may mean a side.`,
    };
  }
  const share = (value: number) => `${Math.round(100 * value)} %`;
  const [horizontal, vertical] = [leftRight <= TELLING, topBottom <= TELLING];
  const told = `from left and right ${share(leftRight)}, from top and bottom ${share(topBottom)} of images are told from their mirror images`;
  const reason = `${horizontal ? "Mirrored copies are learnt from, too" : "No mirrored copies"}: ${told}.`;
  return { horizontal, vertical: horizontal && vertical, reason };
}

/**
 * Along which axes the deployed model averages over mirrored copies: by default where copies are learnt from, since a network
 * says little of what it has never seen.
 * @throws RoentgenError "bad-option" where they are asked for and would be images that no scanner makes
 */
export function chooseMirrors(
  asked: ImageTrainingSettings["testTimeAugmentation"],
  { horizontal, vertical, reason }: Flips,
  { learns }: { learns: boolean },
): MirrorAxis[] {
  const axes: MirrorAxis[] = [
    ...(horizontal ? ["i" as const] : []),
    ...(vertical ? ["j" as const] : []),
  ];
  if (asked === "off" || (asked === "auto" && !learns)) return [];
  if (asked === "auto" || axes.length > 0) return axes;
  throw new RoentgenError("bad-option", {
    problem: "Cannot average over mirrored copies of an image",
    expected: "images whose sides can't be told apart",
    found: reason.replace(/\.$/, ""),
    remedy: "Leave testTimeAugmentation (--tta) at auto, or allow copies by flips (--flips).",
    subject: "testTimeAugmentation",
  });
}

/** Largest shift, as a part of the shortest side. */
const SHIFT = 0.06;

/**
 * Random steps that keep a scan a scan: small turns, zooms and shifts, exposure, contrast and noise; free turns only where
 * images have neither sides nor a top.
 */
export function augmentationSteps(
  { horizontal, vertical }: Flips,
  size: readonly number[],
): TransformStep[] {
  const flips = [...(horizontal ? ["i"] : []), ...(vertical ? ["j"] : [])];
  const turn = vertical && size.length === 2 ? 180 : 12;
  const shift = Math.round(SHIFT * Math.min(...size));
  const moves = {
    ...{ degrees: [-turn, turn], scale: [0.85, 1.18], translation: [-shift, shift] },
    ...{ probability: 0.8, outside: "edge" },
  };
  return [
    { name: "random-affine", ...moves },
    ...(flips.length > 0 ? [{ name: "random-flip", axes: flips }] : []),
    { name: "random-brightness", factor: [0.8, 1.25], probability: 0.4 },
    { name: "random-contrast", factor: [0.75, 1.3], probability: 0.4 },
    { name: "random-gamma", gamma: [0.75, 1.35], probability: 0.3 },
    { name: "random-noise", strength: [0, 0.04], probability: 0.2 },
    { name: "random-blur", sigma: [0.4, 1], probability: 0.1 },
  ] as TransformStep[];
}

/** Rare classes count more from this ratio of the largest to the smallest on. */
const IMBALANCE = 1.5;

/**
 * Weights of the classes in the loss, with mean 1 over the samples; undefined where all count the same.
 * Inverse frequencies, tempered by a square root where they are only moderately uneven: the prior is not thrown away.
 */
export function chooseClassWeights(
  asked: ImageTrainingSettings["classWeights"],
  counts: readonly number[],
): number[] | undefined {
  if (asked === "none") return undefined;
  const present = counts.filter((count) => count > 0);
  const isEven = Math.max(...present) <= IMBALANCE * Math.min(...present);
  if (asked === "auto" && isEven) return undefined;
  const power = asked === "balanced" ? 1 : 0.5;
  const raw = counts.map((count) => (count > 0 ? count ** -power : 0));
  const total = counts.reduce((sum, count) => sum + count, 0);
  const mean = raw.reduce((sum, weight, at) => sum + weight * counts[at], 0) / total;
  return raw.map((weight) => weight / mean);
}

/** However rare a finding is: a few images would else decide every step. */
const MOST_WEIGHT = 20;

/**
 * What images with each finding count against those without; undefined where none is rare. "balanced" gives both sides the
 * same sum, as CheXNet does (Rajpurkar et al., 2017, section 2.1); "auto" the root of that, from a ratio on.
 */
export function choosePositiveWeights(
  asked: ImageTrainingSettings["classWeights"],
  counts: readonly FindingCount[],
): number[] | undefined {
  if (asked === "none") return undefined;
  const weights = counts.map(({ found, absent }) => {
    if (found === 0 || absent === 0) return 1;
    const ratio = absent / found;
    if (asked === "balanced") return Math.min(MOST_WEIGHT, ratio);
    return ratio <= IMBALANCE ? 1 : Math.min(MOST_WEIGHT, Math.sqrt(ratio));
  });
  return weights.some((weight) => weight !== 1) ? weights : undefined;
}

/** Samples of each class, or with each finding, among some. */
export function countClasses(dataset: ImageDataset, rows: Uint32Array): number[] {
  const { samples, target } = dataset;
  if (target.kind === "labels") return countFindings(dataset, rows).map(({ found }) => found);
  if (target.kind !== "classes") return [];
  const counts = new Array<number>(target.classes.length).fill(0);
  for (const row of rows) counts[samples[row].target as number] += 1;
  return counts;
}

/** The preparation with other sides. */
export function resized(preparation: ImagePreparation, side: number): ImagePreparation {
  return { ...preparation, size: preparation.size.map(() => side) };
}
