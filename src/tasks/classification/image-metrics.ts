// metrics.json of a training on images: every figure with its interval, N and method, and nothing that differs between equal runs.

import type { Unusualness } from "../../statistics/index.ts";
import type { Metrics } from "../tables/metrics.ts";
import { imageJudgementMetrics } from "./judgement-metrics.ts";
import type { LearntMember } from "./learn-member.ts";
import type { TrainedImages } from "./train-images.ts";

/** Plain JSON. */
export function imageMetrics(trained: TrainedImages): Metrics {
  const { split, folds, judgement, calibration, unusual, members, plan, dataset } = trained;
  return {
    split: {
      train: split.train.length,
      validation: split.validation.length,
      test: split.test.length,
      ...(folds.length > 1 && { folds: folds.map(({ validation }) => validation.length) }),
    },
    plan,
    training: members.length === 1 ? courseOf(members[0]) : members.map(courseOf),
    ...imageJudgementMetrics(judgement),
    calibration,
    unusual: unusual && unusualMetrics(unusual),
    findings: trained.findings,
    unreadable: trained.unreadable.map(({ path, reason }) => ({ path, reason })),
    problems: dataset.problems.map(({ kind, message, count }) => ({ kind, message, count })),
  };
}

function courseOf({ stages, history, bestEpoch, stopped }: LearntMember): Metrics {
  const figures = stages.map(({ memoryNote: _note, ...stage }) => stage);
  return { stages: figures, history, bestEpoch, stopped };
}

function unusualMetrics({ scores: _scores, ...figures }: Unusualness): Metrics {
  return figures;
}
