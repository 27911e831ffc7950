// What should be known of images before a network learns from them: duplicates, patients on two sides, shortcuts, imbalance.

import {
  checkParameters,
  integer,
  type OptionsOf,
  parameters,
  type WorkOptions,
} from "../../../base/index.ts";
import type { ImageDataset, ImagePreparation, ImageSide } from "../image-dataset.ts";
import type { ImageSplit } from "../split-images.ts";
import type { StoredImages } from "../store/stored-images.ts";
import { balanceFindings, type ClassCount, countClasses } from "./class-balance.ts";
import {
  conflictFindings,
  duplicateFindings,
  patientFindings,
  type SideOf,
} from "./duplicate-findings.ts";
import { type DuplicatePair, findDuplicates } from "./find-duplicates.ts";
import { gravestImagesFirst, type ImageFinding } from "./image-finding.ts";
import { type LookedAt, lookForMarks } from "./look-for-marks.ts";
import { markFindings, sizeFindings } from "./shortcut-findings.ts";
import { type GroupIntensity, groupIntensities, siteFindings } from "./site-intensity.ts";

export const imageCheckParameters = parameters({
  /** Originals that are looked at in full size for burnt-in marks; 0 for none. */
  look: integer({ min: 0 }).default(200),
  seed: integer({ min: 0 }).default(0),
});

export type ImageCheckOptions = OptionsOf<typeof imageCheckParameters> &
  WorkOptions & {
    /** How the store was prepared; marks are looked for with its intensity. */
    preparation: ImagePreparation;
    /** The split to be used; without it the sides that the data set states. */
    split?: Pick<ImageSplit, ImageSide>;
    /** Samples that count; by default all that the store holds. */
    samples?: ArrayLike<number>;
  };

export interface ImageChecks {
  /** The gravest first; none where all is well. */
  readonly findings: readonly ImageFinding[];
  /** Give them to `splitImages` as `together`, as pairs, to keep them on one side. */
  readonly duplicates: readonly DuplicatePair[];
  readonly balance: readonly ClassCount[];
  readonly intensities: readonly GroupIntensity[];
  /** Originals that were looked at, with their marks. */
  readonly looked: readonly LookedAt[];
}

/**
 * Looks for equal and nearly equal images, on two sides or with two labels; patients on two sides; burnt-in writing and side
 * markers; sites and sizes that tell the class; classes with few images.
 */
export async function checkImages(
  dataset: ImageDataset,
  store: StoredImages & { readonly failed?: readonly { readonly sample: number }[] },
  { preparation, split, samples, threads, signal, onProgress, ...options }: ImageCheckOptions,
): Promise<ImageChecks> {
  const { look, seed } = checkParameters(imageCheckParameters, options, "check of images");
  const failed = new Set(store.failed?.map(({ sample }) => sample));
  const all = samples ? Array.from(samples) : [...dataset.samples.keys()];
  const chosen = all.filter((sample) => !failed.has(sample));
  const sideOf = sidesOf(dataset, split);
  const fileOf = (sample: number) => {
    const { path, array, patient, frame } = dataset.samples[sample];
    return array === undefined ? (patient ?? path) : `${path}|${array}|${frame}`;
  };
  const likenesses = findDuplicates(store, { samples: chosen, fileOf, signal, onProgress });
  const { intensity } = preparation;
  const work = { threads, signal, onProgress };
  const looked = await lookForMarks(dataset, chosen, { intensity, most: look, seed, ...work });
  const balance = countClasses(dataset, chosen, sideOf);
  const intensities = groupIntensities(dataset, likenesses);
  const findings = gravestImagesFirst([
    ...duplicateFindings(likenesses.duplicates, sideOf),
    ...conflictFindings(dataset, likenesses.duplicates),
    ...patientFindings(dataset, chosen, sideOf),
    ...markFindings(dataset, looked),
    ...sizeFindings(dataset, looked),
    ...siteFindings(dataset, likenesses, intensities),
    ...balanceFindings(balance, dataset.target),
  ]);
  return { findings, duplicates: likenesses.duplicates, balance, intensities, looked };
}

function sidesOf(
  { samples }: ImageDataset,
  split: Pick<ImageSplit, ImageSide> | undefined,
): SideOf {
  if (!split) return (sample) => samples[sample].side;
  const sides = new Map<number, ImageSide>();
  for (const side of ["train", "validation", "test"] as const) {
    for (const sample of split[side]) sides.set(sample, side);
  }
  return (sample) => sides.get(sample);
}
