// Images to learn from, to tune on and to judge on: every patient on one side, the data set's own sides kept.

import {
  checkParameters,
  counted,
  integer,
  number,
  type OptionsOf,
  parameters,
  RoentgenError,
} from "../../base/index.ts";
import { holdOut } from "../splits/make-splits.ts";
import type { ImageDataset, ImageSide } from "./image-dataset.ts";
import { patientsOfImages } from "./image-patients.ts";
import { strataOfImages } from "./image-strata.ts";

export const imageSplitParameters = parameters({
  /** Share of the images to judge on, where the data set does not say which; 0 for none. */
  test: number({ min: 0, below: 1 }).default(0.2),
  /** Share of all but the test images to tune on, where the data set does not say which; 0 for none. */
  validation: number({ min: 0, below: 1 }).default(0.15),
  seed: integer({ min: 0 }).default(0),
});

export type ImageSplitOptions = OptionsOf<typeof imageSplitParameters> & {
  /** Samples to split, by their index; by default all. */
  samples?: ArrayLike<number>;
  /** Pairs of samples that must not be parted, such as duplicates. */
  together?: readonly (readonly [number, number])[];
};

/** Indices of samples, ascending. */
export interface ImageSplit {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
  /** What was done and why, as sentences. */
  readonly notes: readonly string[];
}

/** A validation side of fewer images a class is too small to stop by. */
const FEWEST_A_CLASS = 20;

/**
 * Splits a data set by patients (files without one are patients of their own), with its share of each class on every side as
 * nearly as the patients allow. Sides that the data set states are kept; a stated validation side that is too small to tune
 * on (fewer than 20 images a class and than 5 % of what there is to learn from) is added to the training side and drawn anew.
 * @throws RoentgenError "too-few-samples" where a side that is asked for would be empty
 */
export function splitImages(
  dataset: ImageDataset,
  { samples, together = [], ...options }: ImageSplitOptions = {},
): ImageSplit {
  const settings = checkParameters(imageSplitParameters, options, "image split");
  const notes: string[] = [];
  const all = samples ? Array.from(samples) : [...dataset.samples.keys()];
  const sides = sidesOf(dataset, all, notes);
  const groups = patientsOfImages(dataset.samples, together);
  const draw = (rows: number[], share: number, purpose: string) =>
    drawRows(dataset, { rows, share, groups, seed: settings.seed, purpose }, notes);

  let { train, validation, test } = sides;
  if (test.length === 0 && settings.test > 0) {
    if (all.some((row) => dataset.samples[row].side !== undefined))
      notes.push("The data set states no test side: it was drawn from the training side.");
    [train, test] = draw(train, settings.test, "to judge on");
  }
  if (validation.length === 0 && settings.validation > 0) {
    [train, validation] = draw(train, settings.validation, "to tune on");
  }
  const ascending = (rows: number[]) => Uint32Array.from(rows).sort();
  return {
    ...{ train: ascending(train), validation: ascending(validation), test: ascending(test) },
    notes: [...new Set(notes)],
  };
}

type Sides = Record<ImageSide, number[]>;

function sidesOf(
  { samples, target }: ImageDataset,
  rows: readonly number[],
  notes: string[],
): Sides {
  const sides: Sides = { train: [], validation: [], test: [] };
  for (const row of rows) sides[samples[row].side ?? "train"].push(row);
  const { train, validation } = sides;
  const wanted = FEWEST_A_CLASS * (target.kind === "classes" ? target.classes.length : 1);
  const isSmall = validation.length < Math.min(wanted, 0.05 * (train.length + validation.length));
  if (validation.length > 0 && isSmall) {
    notes.push(
      `The data set's own validation side has only ${counted(validation.length, "image")}; it was added to the training side and drawn anew.`,
    );
    return { ...sides, train: [...train, ...validation], validation: [] };
  }
  if (sides.train.length === 0) throw nothingToLearnFrom(sides);
  return sides;
}

interface Drawing {
  readonly rows: readonly number[];
  readonly share: number;
  readonly groups: Uint32Array;
  readonly seed: number;
  /** "to judge on". */
  readonly purpose: string;
}

/** Those that stay and those that are drawn; without regard to classes where one has too few patients for it. */
function drawRows(dataset: ImageDataset, drawing: Drawing, notes: string[]): [number[], number[]] {
  const { rows, share, groups, seed, purpose } = drawing;
  const common = {
    rowCount: rows.length,
    groups: rows.map((row) => groups[row]),
    testFraction: share,
    seed,
  };
  const pick = (positions: Uint32Array) => Array.from(positions, (position) => rows[position]);
  try {
    const { train, test } = holdOut({ ...common, ...strataOfImages(dataset, rows) });
    return [pick(train), pick(test)];
  } catch (cause) {
    if (!(cause instanceof RoentgenError) || cause.code !== "too-few-samples") throw cause;
    const { train, test } = holdOut(common);
    notes.push(`Images ${purpose} were drawn without regard to classes: ${cause.message}`);
    return [pick(train), pick(test)];
  }
}

function nothingToLearnFrom({ validation, test }: Sides): RoentgenError {
  return new RoentgenError("too-few-samples", {
    problem: "There is nothing to learn from",
    expected: "images on the training side",
    found: `${counted(validation.length, "image")} to tune on and ${test.length} to judge on`,
    remedy: "Name the folder above the sides of the split.",
    subject: "train",
  });
}
