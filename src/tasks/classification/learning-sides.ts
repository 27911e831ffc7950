// Who learns from which images: one network, which a validation side chooses and calibrates, or one for each fold of all
// images that are not judged on.

import {
  foldImages,
  type ImageDataset,
  type ImageFold,
  type ImageFoldOptions,
  type ImageSplit,
  type ImageSplitOptions,
  splitImages,
} from "../../datasets/index.ts";

export interface LearningSides {
  /** With several folds all images that are learnt from are on the training side, none on that of validation. */
  readonly split: ImageSplit;
  /** For each network what it learns from, and what chooses its weights; one where there are no folds. */
  readonly folds: readonly ImageFold[];
}

/** Splits the data set; images judged on are the same however many folds there are. */
export function learningSides(
  dataset: ImageDataset,
  { folds, ...options }: ImageSplitOptions & { folds: number },
): LearningSides {
  if (folds === 1) {
    const split = splitImages(dataset, options);
    return { split, folds: [split] };
  }
  const { seed, together } = options;
  return inFolds(dataset, splitImages(dataset, { ...options, validation: 0 }), {
    ...{ folds, seed, together },
  });
}

/** All samples that some network learns from or is calibrated on, ascending. */
export function learntRows(folds: readonly ImageFold[]): Uint32Array {
  const all = folds.flatMap(({ train, validation }) => [...train, ...validation]);
  return Uint32Array.from(new Set(all)).sort();
}

/** Folds of all that is not judged on; a validation side that the data name is among them. */
function inFolds(
  dataset: ImageDataset,
  { train, validation, test, notes }: ImageSplit,
  options: ImageFoldOptions,
): LearningSides {
  const rows = Uint32Array.from([...train, ...validation]).sort();
  const { folds, notes: ofFolds } = foldImages(dataset, rows, options);
  const merged = `The data set's own validation side is learnt from, too: each of ${options.folds} networks leaves out another fold of all ${rows.length} images.`;
  const all = [...notes, ...(validation.length > 0 ? [merged] : []), ...ofFolds];
  return { split: { train: rows, validation: new Uint32Array(), test, notes: all }, folds };
}
