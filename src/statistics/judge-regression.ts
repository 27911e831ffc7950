// The judgement of a regression: errors, agreement and correlation with intervals and N, and the
// points of the plots.

import {
  checkParameters,
  integer,
  number,
  oneOf,
  parameters,
  type SettingsOf,
} from "../base/index.ts";
import { blandAltman } from "./bland-altman.ts";
import { bootstrap, numberUnits, type Replicates } from "./bootstrap.ts";
import { bootstrapFigure } from "./bootstrap-figure.ts";
import { concordanceInterval, pearsonInterval } from "./correlation.ts";
import { type Figure, makeFigure } from "./figure.ts";
import type { JudgementWork } from "./judgement-work.ts";
import { checkRegression, type RegressionInput } from "./regression-input.ts";
import {
  prepareRegression,
  type RegressionScore,
  regressionScores,
  scoreRegression,
  whyRegressionUndefined,
} from "./regression-scores.ts";

/** The rules of the settings. */
export const regressionParameters = parameters({
  /** Confidence level of the intervals. */
  level: number({ above: 0, below: 1 }).default(0.95),
  /** Share of differences between the limits of agreement. */
  coverage: number({ above: 0, below: 1 }).default(0.95),
  resamples: integer({ min: 1, max: 1_000_000 }).default(2000),
  bootstrap: oneOf("bca", "percentile").default("bca"),
  seed: integer({ min: 0 }).default(0),
});

/** The input and the settings in one object. */
export type RegressionToJudge = RegressionInput & Partial<SettingsOf<typeof regressionParameters>>;

/** Plain data: what is known about how well values are predicted. */
export interface RegressionJudgement {
  readonly task: "regression";
  /** Rows judged. */
  readonly n: number;
  /** Patients, where given. */
  readonly patients?: number;
  readonly level: number;
  readonly coverage: number;
  readonly resamples: number;
  readonly seed: number;
  readonly weighted: boolean;
  /** Errors are in the unit of the values. */
  readonly figures: Readonly<Record<RegressionScore, Figure>>;
  /** True and predicted value of the rows, at most 500 of them, evenly chosen. */
  readonly points: readonly { readonly truth: number; readonly predicted: number }[];
}

/**
 * Judges predicted against true values. Where rows are independent (no weights, no patient with
 * more than one row), bias and limits of agreement have Student's t intervals, Pearson's correlation
 * Fisher's, concordance Lin's; all else is resampled by patient.
 * @throws RoentgenError "shape-mismatch", "value-invalid", "bad-option" or "cancelled"
 */
export async function judgeRegression(
  { truth, predicted, groups, weights, ...options }: RegressionToJudge,
  work: JudgementWork = {},
): Promise<RegressionJudgement> {
  const input: RegressionInput = { truth, predicted, groups, weights };
  checkRegression(input);
  const settings = checkParameters(regressionParameters, options, "judgement");
  const { unitCount } = numberUnits(truth.length, groups);
  const resampled = await resampledFigures(input, settings, work);
  const figures =
    weights === undefined && unitCount === truth.length
      ? { ...resampled, ...analyticFigures(input, settings) }
      : resampled;
  return {
    task: "regression",
    n: truth.length,
    ...(groups && { patients: unitCount }),
    level: settings.level,
    coverage: settings.coverage,
    resamples: settings.resamples,
    seed: settings.seed,
    weighted: weights !== undefined,
    figures,
    points: choosePoints(input),
  };
}

type Settings = SettingsOf<typeof regressionParameters>;

async function resampledFigures(
  input: RegressionInput,
  settings: Settings,
  work: JudgementWork,
): Promise<Record<RegressionScore, Figure>> {
  const replicates = await resampleRegression(input, settings, work);
  const n = input.truth.length;
  const unit = replicates.unitCount < n ? "patient" : "row";
  const { level, bootstrap: kind } = settings;
  const figures = regressionScores.map((name, index) => {
    const undefinedBecause = whyRegressionUndefined(name, input);
    const options = { level, n, kind, unit, undefinedBecause };
    return [name, bootstrapFigure(replicates, index, options)];
  });
  return Object.fromEntries(figures);
}

function resampleRegression(
  input: RegressionInput,
  settings: Settings,
  work: JudgementWork,
): Promise<Replicates> {
  const { coverage, resamples, seed } = settings;
  const prepared = prepareRegression(input, { coverage });
  const rowCount = input.truth.length;
  return bootstrap((weights, out) => scoreRegression(prepared, weights, out), {
    rowCount,
    size: regressionScores.length,
    groups: input.groups,
    weights: input.weights,
    resamples: numberUnits(rowCount, input.groups).unitCount < 2 ? 0 : resamples,
    seed,
    purpose: "statistics/judge",
    ...work,
  });
}

function analyticFigures(
  { truth, predicted }: RegressionInput,
  { level, coverage }: Settings,
): Partial<Record<RegressionScore, Figure>> {
  const n = truth.length;
  const out = new Float64Array(regressionScores.length);
  scoreRegression(
    prepareRegression({ truth, predicted }, { coverage }),
    new Float64Array(n).fill(1),
    out,
  );
  const value = (name: RegressionScore) => out[regressionScores.indexOf(name)];
  const undefinedFor = (name: RegressionScore) =>
    Number.isNaN(value(name))
      ? whyRegressionUndefined(name, { truth, predicted })
      : "the interval needs more cases that vary";
  const { bias, lowerLimit, upperLimit } = blandAltman(truth, predicted, { level, coverage });
  return {
    bias,
    lowerLimit,
    upperLimit,
    pearson: makeFigure(value("pearson"), pearsonInterval(value("pearson"), n, level), {
      level,
      n,
      method: "Fisher's z",
      undefinedBecause: undefinedFor("pearson"),
    }),
    concordance: makeFigure(
      value("concordance"),
      concordanceInterval(truth, predicted, { level }),
      {
        level,
        n,
        method: "Lin's z",
        undefinedBecause: undefinedFor("concordance"),
      },
    ),
  };
}

const mostPoints = 500;

function choosePoints({
  truth,
  predicted,
}: RegressionInput): { truth: number; predicted: number }[] {
  const count = Math.min(mostPoints, truth.length);
  const step = count > 1 ? (truth.length - 1) / (count - 1) : 0;
  return Array.from({ length: count }, (_, index) => {
    const row = Math.round(index * step);
    return { truth: truth[row], predicted: predicted[row] };
  });
}
