// What a multi-label classification is judged from, checked at the door.

import {
  checkParameters,
  integer,
  number,
  oneOf,
  parameters,
  type SettingsOf,
} from "../../base/index.ts";
import { proportionMethods } from "../proportion.ts";
import { type RowChecks, rowChecks } from "../row-checks.ts";

/** Findings of which a case may have any number. */
export interface MultiLabelInput {
  /** Names of the labels. */
  readonly labels: readonly string[];
  /** `[rows, labels]`: 1 found, 0 not found, NaN unknown. */
  readonly truth: ArrayLike<number>;
  /** `[rows, labels]`, each in [0, 1]; rows need not add up to 1. */
  readonly probabilities: ArrayLike<number>;
  /** A label is given from this probability on: one for all, or one a label. 0.5 by default. */
  readonly thresholds?: number | readonly number[];
  /** Patient of each row: rows of one patient are resampled together. */
  readonly groups?: Int32Array;
  /** Weight of each row, 0 or more; 1 where absent. */
  readonly weights?: Float64Array;
}

/** The rules of the settings. */
const multiLabelParameters = parameters({
  /** Confidence level of the intervals. */
  level: number({ above: 0, below: 1 }).default(0.95),
  /** Bootstrap resamples. */
  resamples: integer({ min: 1, max: 1_000_000 }).default(2000),
  /** Bootstrap interval. */
  bootstrap: oneOf("bca", "percentile").default("bca"),
  /** Interval of proportions of independent rows. */
  proportions: oneOf(...proportionMethods).default("wilson"),
  /** Bins of the calibration curves. */
  bins: integer({ min: 1, max: 1000 }).default(10),
  seed: integer({ min: 0 }).default(0),
});

/** Settings with their defaults. */
export type MultiLabelSettings = SettingsOf<typeof multiLabelParameters>;

/** The input with everything filled in. */
export interface MultiLabelRows extends MultiLabelInput {
  readonly rows: number;
  /** One a label. */
  readonly thresholds: readonly number[];
}

/**
 * Refuses input that can't be judged, and fills in what is left out.
 * @throws RoentgenError "shape-mismatch" or "value-invalid"
 */
export function readMultiLabel(input: MultiLabelInput): MultiLabelRows {
  const { labels, truth, probabilities, thresholds = 0.5, groups, weights } = input;
  const check = rowChecks("judge labels");
  if (labels.length === 0) {
    check.refuse("value-invalid", { subject: "labels", expected: "one or more", found: "none" });
  }
  const rows = Math.round(truth.length / labels.length);
  const meaning = `${rows} rows of ${labels.length} labels`;
  check.length("truth", truth.length, rows * labels.length, meaning);
  check.length("probabilities", probabilities.length, truth.length, meaning);
  check.findings("truth", truth);
  check.probabilities("probabilities", probabilities);
  if (groups) check.length("groups", groups.length, rows, `one patient for each of ${rows} rows`);
  if (weights) check.weights(weights, rows);
  return { ...input, rows, thresholds: readThresholds(check, thresholds, labels) };
}

/** Checked settings. @throws RoentgenError "bad-option" */
export function readMultiLabelSettings(options: unknown): MultiLabelSettings {
  return checkParameters(multiLabelParameters, options, "judgement of labels");
}

function readThresholds(
  check: RowChecks,
  thresholds: number | readonly number[],
  labels: readonly string[],
): readonly number[] {
  const all = typeof thresholds === "number" ? labels.map(() => thresholds) : thresholds;
  check.length("thresholds", all.length, labels.length, "one for each label");
  check.probabilities("thresholds", all);
  return all;
}
