// Two classifiers on the same cases: every score of both, the difference with its interval, and the
// tests that apply.

import type { SettingsOf } from "../base/index.ts";
import { bootstrap, type Replicates, replicatesOf, type WeightedStatistic } from "./bootstrap.ts";
import { bootstrapFigure } from "./bootstrap-figure.ts";
import {
  type ClassificationInput,
  checkClassification,
  checkSettings,
  type judgementParameters,
} from "./classification-input.ts";
import { scoreClassification } from "./classification-scores.ts";
import { columnOf } from "./columns.ts";
import { type AucComparison, compareAucPaired } from "./compare-auc.ts";
import type { Figure, TestResult } from "./figure.ts";
import type { JudgementWork } from "./judgement-work.ts";
import { countDiscordance, mcnemarTest } from "./mcnemar.ts";
import { type PreparedClassification, prepareClassification } from "./prepared-classification.ts";
import { type ClassScore, headlineScores, type OverallScore, scoreCount } from "./score-names.ts";

/** The probabilities of two classifiers for the same rows. */
export type ClassifiersToCompare = Omit<ClassificationInput, "probabilities"> & {
  /** `[rows, classes]` in row-major order. */
  readonly first: Float64Array;
  readonly second: Float64Array;
} & Partial<SettingsOf<typeof judgementParameters>>;

/** A score of both classifiers on the same cases; null where it is undefined. */
export interface ScoreComparison {
  readonly first: number | null;
  readonly second: number | null;
  /** First − second, with the interval of the paired bootstrap. */
  readonly difference: Figure;
  /** Two-sided p value of the paired bootstrap that there is no difference; null where undefined. */
  readonly pValue: number | null;
}

/** Plain data. */
export interface ClassifierComparison {
  readonly n: number;
  readonly patients?: number;
  readonly classes: readonly string[];
  readonly level: number;
  readonly resamples: number;
  readonly seed: number;
  readonly scores: Readonly<Partial<Record<OverallScore | ClassScore, ScoreComparison>>>;
  /** Of right and wrong predictions; needs independent rows. */
  readonly mcnemar: TestResult;
  /** Of two classes: DeLong's paired test of the areas; needs independent rows. */
  readonly delong?: AucComparison;
}

/**
 * Compares two classifiers on the same rows. Both are scored on the same resamples of patients.
 * McNemar's and DeLong's tests are given where rows are independent.
 * @throws RoentgenError as `judgeClassification`
 */
export async function compareClassifiers(
  { classes, labels, first, second, groups, weights, ...options }: ClassifiersToCompare,
  work: JudgementWork = {},
): Promise<ClassifierComparison> {
  const inputs = [first, second].map((probabilities) => {
    const input: ClassificationInput = { classes, labels, probabilities, groups, weights };
    checkClassification(input);
    return input;
  });
  const settings = checkSettings(options, classes);
  const { positive, level, resamples, seed, stratify } = settings;
  const prepared = inputs.map((input) => prepareClassification(input, settings));
  const size = scoreCount(classes.length);
  const replicates = await bootstrap(pairedStatistic(prepared, size), {
    rowCount: labels.length,
    size: 3 * size,
    groups,
    weights,
    strata: stratify === "class" ? labels : undefined,
    resamples,
    seed,
    purpose: "statistics/compare",
    ...work,
  });
  const independent = weights === undefined && replicates.unitCount === labels.length;
  const predicted = prepared.map((one) => one.predicted);
  return {
    n: labels.length,
    ...(groups && { patients: replicates.unitCount }),
    classes,
    level,
    resamples,
    seed,
    scores: compareScores(replicates, size, settings, labels.length),
    mcnemar: independent
      ? mcnemarTest(countDiscordance(labels, predicted[0], predicted[1]))
      : dependent("McNemar, exact with mid-p", labels.length),
    ...(positive !== undefined && independent && { delong: compareAreas(inputs, positive, level) }),
  };
}

/** A vector of the first's scores, the second's, and their differences. */
function pairedStatistic(
  prepared: readonly PreparedClassification[],
  size: number,
): WeightedStatistic {
  return (weights, out) => {
    prepared.forEach((one, side) => {
      scoreClassification(one, weights, out.subarray(side * size, (side + 1) * size));
    });
    for (let at = 0; at < size; at++) out[2 * size + at] = out[at] - out[size + at];
  };
}

function compareScores(
  replicates: Replicates,
  size: number,
  { positive, level, bootstrap: kind }: ReturnType<typeof checkSettings>,
  n: number,
): ClassifierComparison["scores"] {
  const unit = replicates.unitCount < n ? "patient" : "row";
  const entries = headlineScores(positive).map(({ name, at }) => {
    const index = 2 * size + at;
    const [first, second] = [replicates.estimate[at], replicates.estimate[size + at]].map(finite);
    const undefinedBecause = whyNoDifference(first, second);
    const difference = bootstrapFigure(replicates, index, {
      level,
      n,
      kind,
      unit,
      undefinedBecause,
    });
    const pValue = difference.value === null ? null : pairedPValue(replicatesOf(replicates, index));
    return [name, { first, second, difference, pValue }];
  });
  return Object.fromEntries(entries);
}

/** Twice the smaller share of resamples on either side of 0, counting the data themselves. Efron & Tibshirani 1993, section 15.4. */
function pairedPValue(differences: Float64Array): number | null {
  if (differences.length === 0) return null;
  let below = 1;
  let above = 1;
  for (const value of differences) {
    if (value <= 0) below += 1;
    if (value >= 0) above += 1;
  }
  return Math.min(1, (2 * Math.min(below, above)) / (differences.length + 1));
}

function whyNoDifference(first: number | null, second: number | null): string {
  if (first === null && second === null) return "undefined or infinite for both";
  return `undefined or infinite for the ${first === null ? "first" : "second"}`;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function compareAreas(
  inputs: readonly ClassificationInput[],
  positive: number,
  level: number,
): AucComparison {
  const truth = inputs[0].labels.map((label) => +(label === positive));
  const [first, second] = inputs.map(({ probabilities }) => columnOf(probabilities, positive, 2));
  return compareAucPaired(truth, first, second, { level });
}

function dependent(method: string, n: number): TestResult {
  const undefinedBecause =
    "rows are weighted or patients have several: the test needs independent rows";
  return { statistic: null, pValue: null, n, method, undefinedBecause };
}
