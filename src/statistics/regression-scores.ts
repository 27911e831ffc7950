// Every score of a regression under any row weights: what the bootstrap repeats.

import { concordanceOfMoments, rankCorrelation } from "./correlation.ts";
import { normalQuantile } from "./distributions/normal.ts";
import { momentsOf } from "./moments.ts";
import { type Ranking, rankDescending } from "./ranking.ts";
import { weightedMedian } from "./regression-errors.ts";
import type { RegressionInput } from "./regression-input.ts";

export const regressionScores = [
  "mae",
  "rmse",
  "medianAbsoluteError",
  "r2",
  "pearson",
  "spearman",
  "concordance",
  "bias",
  "lowerLimit",
  "upperLimit",
] as const;

/** mae and rmse: mean absolute and root mean squared error; lowerLimit and upperLimit: of agreement. */
export type RegressionScore = (typeof regressionScores)[number];

/** Everything that does not change with the weights. */
export interface PreparedRegression {
  readonly truth: Float64Array;
  readonly predicted: Float64Array;
  readonly errors: Float64Array;
  readonly absolute: Float64Array;
  readonly absoluteRanking: Ranking;
  readonly truthRanking: Ranking;
  readonly predictedRanking: Ranking;
  /** Standard deviations from the bias to a limit of agreement. */
  readonly reach: number;
}

export function prepareRegression(
  { truth, predicted }: Pick<RegressionInput, "truth" | "predicted">,
  { coverage }: { coverage: number },
): PreparedRegression {
  const errors = truth.map((value, row) => predicted[row] - value);
  const absolute = errors.map(Math.abs);
  return {
    truth,
    predicted,
    errors,
    absolute,
    absoluteRanking: rankDescending(absolute),
    truthRanking: rankDescending(truth),
    predictedRanking: rankDescending(predicted),
    reach: normalQuantile(0.5 + coverage / 2),
  };
}

/** Computes every score under the weights into `out`, in the order of `regressionScores`; NaN where undefined. */
export function scoreRegression(
  prepared: PreparedRegression,
  weights: Float64Array,
  out: Float64Array,
): void {
  const { truth, predicted, errors, absolute, reach } = prepared;
  const values = momentsOf(truth, predicted, weights);
  const { total, squaresTruth, squaresPredicted, products } = values;
  // Of errors the sums about their mean serve bias and limits, of absolute errors the mean alone.
  const deviations = momentsOf(errors, absolute, weights);
  const meanSquare = deviations.squaresTruth / total + deviations.meanTruth ** 2;
  const deviation = total > 1 ? Math.sqrt(deviations.squaresTruth / (total - 1)) : Number.NaN;
  const correlation = products / (Math.sqrt(squaresTruth) * Math.sqrt(squaresPredicted));
  const scores: Record<RegressionScore, number> = {
    mae: deviations.meanPredicted,
    rmse: Math.sqrt(meanSquare),
    medianAbsoluteError: weightedMedian(absolute, prepared.absoluteRanking, weights),
    r2: squaresTruth === 0 ? Number.NaN : 1 - (total * meanSquare) / squaresTruth,
    pearson: Math.min(1, Math.max(-1, correlation)),
    spearman: rankCorrelation(prepared.truthRanking, prepared.predictedRanking, weights),
    concordance: concordanceOfMoments(values),
    bias: deviations.meanTruth,
    lowerLimit: deviations.meanTruth - reach * deviation,
    upperLimit: deviations.meanTruth + reach * deviation,
  };
  for (let index = 0; index < regressionScores.length; index++) {
    out[index] = scores[regressionScores[index]];
  }
}

/** The reason for a score, should it be undefined. */
export function whyRegressionUndefined(
  name: RegressionScore,
  { truth, predicted }: Pick<RegressionInput, "truth" | "predicted">,
): string {
  const constant = (values: Float64Array) => values.every((value) => value === values[0]);
  if (truth.length === 0) return "there are no cases";
  if (name === "lowerLimit" || name === "upperLimit") {
    return "limits of agreement need two cases or more";
  }
  if (truth.length === 1) return "one case does not vary";
  if (name === "concordance") return "neither true nor predicted values vary";
  if (constant(truth)) return "all true values are equal";
  if (constant(predicted)) return "all predicted values are equal";
  return "all cases have weight 0";
}
