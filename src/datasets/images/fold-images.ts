// Folds of the images that are learnt from, for several networks of which each leaves out another one: every patient in one
// fold, each class in every fold.

import {
  checkParameters,
  counted,
  integer,
  type OptionsOf,
  parameters,
  RoentgenError,
} from "../../base/index.ts";
import { makeSplits, type SplitRows } from "../splits/make-splits.ts";
import type { Split } from "../splits/split.ts";
import type { ImageDataset } from "./image-dataset.ts";
import { patientsOfImages } from "./image-patients.ts";
import { strataOfImages } from "./image-strata.ts";

export const imageFoldParameters = parameters({
  folds: integer({ min: 2 }),
  seed: integer({ min: 0 }).default(0),
});

export type ImageFoldOptions = OptionsOf<typeof imageFoldParameters> & {
  /** Pairs of samples that must not be parted, such as duplicates. */
  together?: readonly (readonly [number, number])[];
};

/** Indices of samples, ascending. */
export interface ImageFold {
  /** All but those of the fold. */
  readonly train: Uint32Array;
  /** Those of the fold. */
  readonly validation: Uint32Array;
}

export interface ImageFolds {
  readonly folds: readonly ImageFold[];
  /** What was done and why, as sentences. */
  readonly notes: readonly string[];
}

/**
 * Puts samples into folds of nearly equal size, each with its share of each class as nearly as the patients allow; without
 * regard to classes where one has fewer patients than there are folds.
 * @param rows samples of the data set
 * @throws RoentgenError "too-few-samples" for more folds than patients
 */
export function foldImages(
  dataset: ImageDataset,
  rows: Uint32Array,
  { together = [], ...options }: ImageFoldOptions,
): ImageFolds {
  const { folds, seed } = checkParameters(imageFoldParameters, options, "folds of images");
  const patients = patientsOfImages(dataset.samples, together);
  const notes: string[] = [];
  const common = { rowCount: rows.length, groups: Array.from(rows, (row) => patients[row]) };
  const draw = (strata: Partial<SplitRows>) =>
    makeSplits({ ...common, ...strata, kind: "k-fold", folds, seed });
  let splits: Split[];
  try {
    splits = draw(strataOfImages(dataset, [...rows]));
  } catch (cause) {
    if (!(cause instanceof RoentgenError) || cause.code !== "too-few-samples") throw cause;
    splits = draw({});
    notes.push(`${counted(folds, "fold")} were drawn without regard to classes: ${cause.message}`);
  }
  const pick = (positions: Uint32Array) => positions.map((position) => rows[position]);
  return {
    folds: splits.map(({ train, test }) => ({ train: pick(train), validation: pick(test) })),
    notes,
  };
}
