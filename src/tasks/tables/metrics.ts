// metrics.json: every figure with its interval, N and method, and nothing that differs between equal runs.

import type { Judgement, Subgroups } from "./judge.ts";
import { outOfBagFigure } from "./out-of-bag.ts";
import type { TrainedTable } from "./train.ts";

/** Plain JSON. */
export type Metrics = Readonly<Record<string, unknown>>;

/** All that a training found, in figures. */
export function trainingMetrics(trained: TrainedTable): Metrics {
  const { sides, judgement, subgroups, explanation, findings, search, learningCurve, fitted } =
    trained;
  const { permutation, impurity } = explanation;
  return {
    split: { train: sides.training.features.rowCount, test: sides.testing.features.rowCount },
    ...judgementMetrics(judgement, subgroups),
    crossValidation: trained.crossValidation && {
      summary: trained.crossValidation.summary,
      folds: trained.crossValidation.folds,
      repeats: trained.crossValidation.repeats.map(({ repeat, scores }) => ({ repeat, scores })),
      ...("chosen" in trained.crossValidation ? { chosen: trained.crossValidation.chosen } : {}),
    },
    outOfBag: outOfBagFigure(trained),
    search: search && { metric: search.metric, best: search.best, candidates: search.candidates },
    learningCurve,
    importance: {
      permutation,
      impurity: impurity?.names.map((column, index) => ({
        column,
        value: impurity.values[index],
        standardDeviation: impurity.deviations[index],
      })),
    },
    findings,
    exportDifference: fitted.parity,
  };
}

/** The figures of a judgement; the points of its curves are left to the report. */
export function judgementMetrics(judgement: Judgement, subgroups: readonly Subgroups[]): Metrics {
  const {
    curves: _curves,
    points: _points,
    ...figures
  } = judgement as Judgement & {
    curves?: unknown;
    points?: unknown;
  };
  return { test: figures, subgroups };
}
