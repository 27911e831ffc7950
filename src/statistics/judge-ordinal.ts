// The judgement of grades, such as those of retinopathy or of breast density: a grade further off counts more.
// Quadratic-weighted kappa: Cohen, Psychol Bull 1968;70:213–220.

import {
  checkParameters,
  integer,
  number,
  oneOf,
  parameters,
  type SettingsOf,
} from "../base/index.ts";
import { accuracy, cohenKappa } from "./agreement.ts";
import { bootstrap, numberUnits, type Replicates } from "./bootstrap.ts";
import { bootstrapFigure } from "./bootstrap-figure.ts";
import { clusteredShare } from "./clustered.ts";
import { type ConfusionMatrix, confusionMatrix, confusionRows } from "./confusion.ts";
import type { Figure } from "./figure.ts";
import type { JudgementWork } from "./judgement-work.ts";
import { proportionFigure } from "./proportion.ts";
import { rowChecks } from "./row-checks.ts";

const ordinalParameters = parameters({
  /** Confidence level of the intervals. */
  level: number({ above: 0, below: 1 }).default(0.95),
  /** Bootstrap resamples. */
  resamples: integer({ min: 1, max: 1_000_000 }).default(2000),
  /** Bootstrap interval. */
  bootstrap: oneOf("bca", "percentile").default("bca"),
  seed: integer({ min: 0 }).default(0),
});

/** True and given grades of the same rows. */
interface OrdinalInput {
  /** Names of the grades, from the least to the most. */
  readonly grades: readonly string[];
  /** True grade of each row, 0 … grades.length − 1. */
  readonly labels: ArrayLike<number>;
  /** Grade given to each row; `predictedGrades` decides from probabilities. */
  readonly predicted: ArrayLike<number>;
  /** Patient of each row. */
  readonly groups?: ArrayLike<number>;
  /** Weight of each row; 1 where absent. */
  readonly weights?: ArrayLike<number>;
}

/** The input and the settings in one object. */
export type OrdinalToJudge = OrdinalInput & Partial<SettingsOf<typeof ordinalParameters>>;

const ordinalScores = [
  "quadraticKappa",
  "linearKappa",
  "meanAbsoluteError",
  "meanError",
  "accuracy",
  "withinOne",
] as const;

/**
 * "meanAbsoluteError" and "meanError" (given − true) are in grades, "withinOne" is the share of rows that are given
 * their grade or one next to it.
 */
export type OrdinalScore = (typeof ordinalScores)[number];

/** Plain data: what is known about how well grades are given. */
export interface OrdinalJudgement {
  readonly task: "ordinal";
  readonly n: number;
  /** Patients, where given. */
  readonly patients?: number;
  readonly grades: readonly string[];
  /** Rows of each true grade. */
  readonly counts: readonly number[];
  readonly level: number;
  readonly resamples: number;
  readonly seed: number;
  readonly weighted: boolean;
  /** `[true grade][given grade]`, by weight where rows are weighted. */
  readonly confusion: readonly (readonly number[])[];
  readonly figures: Readonly<Record<OrdinalScore, Figure>>;
}

/**
 * Judges grades. Shares have Wilson's interval where rows are independent, Korn and Graubard's where they share
 * patients; all else has bootstrap intervals with patients resampled whole.
 * @throws RoentgenError "shape-mismatch", "value-invalid", "bad-option" or "cancelled"
 */
export async function judgeOrdinal(
  { grades, labels, predicted, groups, weights, ...options }: OrdinalToJudge,
  work: JudgementWork = {},
): Promise<OrdinalJudgement> {
  const input = { grades, labels, predicted, groups, weights };
  const settings = checkParameters(ordinalParameters, options, "judgement of grades");
  checkOrdinal(input);
  const { level, resamples, seed } = settings;
  const replicates = await resample(input, settings, work);
  const classCount = grades.length;
  const rowMatrix = confusionMatrix(labels, predicted, { classCount });
  return {
    task: "ordinal",
    n: labels.length,
    ...(groups && { patients: replicates.unitCount }),
    grades,
    counts: confusionRows(rowMatrix).map((row) => row.reduce((sum, count) => sum + count, 0)),
    level,
    resamples,
    seed,
    weighted: weights !== undefined,
    confusion: confusionRows(confusionMatrix(labels, predicted, { classCount, weights })),
    figures: Object.fromEntries(
      ordinalScores.map((score) => [score, figureOf(score, { input, settings, replicates })]),
    ) as Record<OrdinalScore, Figure>,
  };
}

/**
 * The grade of each row from the probabilities of all grades: the most probable, or the median, which lies closest
 * to the true grade on average if the probabilities are right.
 * @param probabilities `[rows, gradeCount]`
 */
export function predictedGrades(
  probabilities: ArrayLike<number>,
  {
    gradeCount,
    decision = "most-probable",
  }: { gradeCount: number; decision?: "most-probable" | "median" },
): Int32Array {
  return Int32Array.from({ length: probabilities.length / gradeCount }, (_, row) => {
    let chosen = 0;
    let reached = 0;
    for (let grade = 0; grade < gradeCount; grade++) {
      const p = probabilities[row * gradeCount + grade];
      if (decision === "median") {
        if (reached >= 0.5 - 1e-12) break;
        reached += p;
        chosen = grade;
      } else if (p > probabilities[row * gradeCount + chosen]) chosen = grade;
    }
    return chosen;
  });
}

interface JudgedOrdinal {
  readonly input: OrdinalInput;
  readonly settings: SettingsOf<typeof ordinalParameters>;
  readonly replicates: Replicates;
}

async function resample(
  { grades, labels, predicted, groups, weights }: OrdinalInput,
  { resamples, seed }: SettingsOf<typeof ordinalParameters>,
  work: JudgementWork,
): Promise<Replicates> {
  const { unitCount } = numberUnits(labels.length, groups);
  const statistic = (rowWeights: Float64Array, out: Float64Array) =>
    scoreGrades(
      confusionMatrix(labels, predicted, { classCount: grades.length, weights: rowWeights }),
      out,
    );
  return bootstrap(statistic, {
    rowCount: labels.length,
    size: ordinalScores.length,
    groups,
    weights,
    resamples: unitCount < 2 ? 0 : resamples,
    seed,
    purpose: "statistics/judge-grades",
    ...work,
  });
}

/** In the order of `ordinalScores`. */
function scoreGrades(matrix: ConfusionMatrix, out: Float64Array): void {
  const { classCount, counts } = matrix;
  let [total, absolute, signed, near] = [0, 0, 0, 0];
  for (let truth = 0; truth < classCount; truth++) {
    for (let given = 0; given < classCount; given++) {
      const count = counts[truth * classCount + given];
      total += count;
      signed += count * (given - truth);
      absolute += count * Math.abs(given - truth);
      if (Math.abs(given - truth) <= 1) near += count;
    }
  }
  out[0] = cohenKappa(matrix, { weighting: "quadratic" });
  out[1] = cohenKappa(matrix, { weighting: "linear" });
  out[2] = absolute / total;
  out[3] = signed / total;
  out[4] = accuracy(matrix);
  out[5] = near / total;
}

function figureOf(score: OrdinalScore, { input, settings, replicates }: JudgedOrdinal): Figure {
  const { labels, predicted, groups, weights } = input;
  const { level, bootstrap: kind } = settings;
  const n = labels.length;
  const undefinedBecause = whyUndefined(score, input);
  if (!weights && (score === "accuracy" || score === "withinOne")) {
    const reach = score === "accuracy" ? 0 : 1;
    const hits = Array.from(labels, (label, row) => +(Math.abs(predicted[row] - label) <= reach));
    if (replicates.unitCount < n) return clusteredShare(hits, { groups, level, undefinedBecause });
    const successes = hits.reduce((sum, hit) => sum + hit, 0);
    return proportionFigure(successes, n, { level, undefinedBecause });
  }
  const unit = replicates.unitCount < n ? "patient" : "row";
  const about = { level, n, kind, unit, undefinedBecause };
  return bootstrapFigure(replicates, ordinalScores.indexOf(score), about);
}

function whyUndefined(score: OrdinalScore, { labels, weights }: OrdinalInput): string {
  if (labels.length === 0) return "there are no cases";
  const used = Array.from(labels).some((_, row) => weights?.[row] !== 0);
  if (!used) return "all cases have weight 0";
  return score.endsWith("Kappa") ? "all cases are of one grade and were given it" : "not defined";
}

function checkOrdinal({ grades, labels, predicted, groups, weights }: OrdinalInput): void {
  const check = rowChecks("judge grades");
  const rows = labels.length;
  if (grades.length < 2) {
    const what = { subject: "grades", expected: "two or more", found: `${grades.length}` };
    check.refuse("value-invalid", what);
  }
  check.length("predicted", predicted.length, rows, `a grade for each of ${rows} rows`);
  check.classes(labels, grades.length);
  check.classes(predicted, grades.length, "predicted");
  if (groups) check.length("groups", groups.length, rows, `one patient for each of ${rows} rows`);
  if (weights) check.weights(weights, rows);
}
