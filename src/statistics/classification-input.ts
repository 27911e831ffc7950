// What a classification is judged from, checked at the door.

import {
  checkParameters,
  integer,
  number,
  oneOf,
  parameters,
  RoentgenError,
  words,
} from "../base/index.ts";
import { proportionMethods } from "./proportion.ts";

/** True classes and predicted probabilities of the same rows. */
export interface ClassificationInput {
  /** Names of the classes, two or more. */
  readonly classes: readonly string[];
  /** True class of each row, 0 … classes.length − 1. */
  readonly labels: Int32Array;
  /** `[rows, classes]` in row-major order; each row sums to 1. */
  readonly probabilities: Float64Array;
  /** Patient of each row, as any index: rows of one patient are resampled together. */
  readonly groups?: Int32Array;
  /** Weight of each row, 0 or more; 1 where absent. */
  readonly weights?: Float64Array;
}

/** The rules of the settings. */
export const judgementParameters = parameters({
  /** Of two classes the positive one; the second by default. */
  positiveClass: words().optional(),
  /** Two classes: positive where its probability is at least this. By default the more probable class wins, the first of equals. */
  threshold: number({ above: 0, below: 1 }).optional(),
  /** Confidence level of the intervals. */
  level: number({ above: 0, below: 1 }).default(0.95),
  /** Bootstrap resamples. */
  resamples: integer({ min: 1, max: 1_000_000 }).default(2000),
  /** Bootstrap interval. */
  bootstrap: oneOf("bca", "percentile").default("bca"),
  /** Draw patients within classes, so that every resample has as many of each class. */
  stratify: oneOf("none", "class").default("none"),
  /** Interval of proportions. */
  proportions: oneOf(...proportionMethods).default("wilson"),
  /** Bins of the calibration curve and errors. */
  bins: integer({ min: 1, max: 1000 }).default(10),
  seed: integer({ min: 0 }).default(0),
});

/**
 * Refuses input that can't be judged.
 * @throws RoentgenError "shape-mismatch" or "value-invalid"
 */
export function checkClassification(input: ClassificationInput): void {
  const { classes, labels, probabilities, groups, weights } = input;
  if (classes.length < 2) {
    refuse("value-invalid", "two classes or more", `${classes.length}`, "classes");
  }
  const rows = labels.length;
  checkLength(
    "probabilities",
    probabilities.length,
    rows * classes.length,
    `${rows} rows of ${classes.length} classes`,
  );
  if (groups) checkLength("groups", groups.length, rows, `one patient for each of ${rows} rows`);
  if (weights) checkWeights(weights, rows);
  for (let row = 0; row < rows; row++) {
    if (!(labels[row] >= 0 && labels[row] < classes.length)) {
      refuse(
        "value-invalid",
        `labels 0 … ${classes.length - 1}`,
        `${labels[row]} in row ${row + 1}`,
        "labels",
      );
    }
  }
  checkProbabilities(probabilities, classes.length);
}

/** Refuses weights that are negative or not numbers. */
export function checkWeights(weights: Float64Array, rows: number): void {
  checkLength("weights", weights.length, rows, `one weight for each of ${rows} rows`);
  const bad = weights.findIndex((weight) => !(weight >= 0 && weight < Number.POSITIVE_INFINITY));
  if (bad >= 0)
    refuse("value-invalid", "weights of 0 or more", `${weights[bad]} in row ${bad + 1}`, "weights");
}

/** Refuses an array that does not match the rows. */
export function checkLength(
  subject: string,
  found: number,
  expected: number,
  meaning: string,
): void {
  if (found !== expected) {
    refuse("shape-mismatch", `${expected} values (${meaning})`, `${found}`, subject);
  }
}

function checkProbabilities(probabilities: Float64Array, classCount: number): void {
  for (let start = 0; start < probabilities.length; start += classCount) {
    let sum = 0;
    for (let index = start; index < start + classCount; index++) {
      const p = probabilities[index];
      if (!(p >= -1e-6 && p <= 1 + 1e-6)) {
        refuse(
          "value-invalid",
          "probabilities in [0, 1]",
          `${p} in row ${start / classCount + 1}`,
          "probabilities",
        );
      }
      sum += p;
    }
    if (!(Math.abs(sum - 1) <= 1e-3)) {
      const found = `a sum of ${sum} in row ${start / classCount + 1}`;
      refuse("value-invalid", "probabilities that sum to 1 in each row", found, "probabilities");
    }
  }
}

/** The settings with defaults, and the index of the positive class (undefined for more than two). */
export function checkSettings(options: unknown, classes: readonly string[]) {
  const settings = checkParameters(judgementParameters, options, "judgement");
  const { positiveClass, threshold } = settings;
  if (classes.length > 2 && (positiveClass !== undefined || threshold !== undefined)) {
    const name = threshold === undefined ? "positiveClass" : "threshold";
    throw new RoentgenError("bad-option", {
      problem: `Option "${name}" of the judgement needs two classes`,
      found: `${classes.length} classes`,
      remedy: "Leave it out: with more classes the most probable one is predicted.",
      subject: name,
    });
  }
  const positive =
    classes.length > 2
      ? undefined
      : positiveClass === undefined
        ? 1
        : classes.indexOf(positiveClass);
  if (positive === -1) {
    refuse("bad-option", `one of ${classes.join(", ")}`, `"${positiveClass}"`, "positiveClass");
  }
  return { ...settings, positive };
}

function refuse(
  code: "shape-mismatch" | "value-invalid" | "bad-option",
  expected: string,
  found: string,
  subject: string,
): never {
  throw new RoentgenError(code, {
    problem: `Cannot judge predictions: ${subject}`,
    expected,
    found,
    subject,
  });
}
