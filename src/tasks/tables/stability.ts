// Whether the result holds: cross-validation over all rows and the learning curve of the training side.

import type { WorkOptions } from "../../base/index.ts";
import { makeSplits, rowsToSplit, type SplitRows } from "../../datasets/index.ts";
import {
  type CrossValidation,
  crossValidate,
  type LearningCurve,
  learningCurve,
  type NestedCrossValidation,
  nestedCrossValidate,
  type PipelinePlan,
} from "../../learning/index.ts";
import type { PreparedTraining } from "./prepare.ts";
import type { Side } from "./sides.ts";
import { searchPlan } from "./tune.ts";

/** Up to so many rows the learning curve is averaged over folds; beyond, one split is steady enough. */
const FEW_ROWS = 3000;
const CURVE_FOLDS = 5;

/** Cross-validates the whole procedure, search included, over all rows; undefined where not asked for. */
export async function crossValidateView(
  { view, folds: splits, settings }: PreparedTraining,
  plan: PipelinePlan,
  work: WorkOptions & { seed: number },
): Promise<CrossValidation | NestedCrossValidation | undefined> {
  if (splits.length === 0) return undefined;
  const { features, target, weights, groups } = view;
  const planned = { ...plan, weights, groups: groups?.index, splits };
  const search = searchPlan(settings);
  if (!search) return crossValidate(features, target, planned, work);
  const nested = { ...planned, ...search, folds: settings.searchFolds };
  return nestedCrossValidate(features, target, nested, work);
}

/** How the score on unseen rows grows with the rows learnt from, within the training side. */
export async function curveOfTraining(
  { features, target, weights, groups }: Side,
  plan: PipelinePlan,
  work: WorkOptions & { seed: number },
): Promise<LearningCurve> {
  const few = features.rowCount <= FEW_ROWS;
  const facts = rowsToSplit(features.rowCount, { target, groups });
  const splits = makeSplits({
    ...facts,
    ...(few ? { folds: foldsFor(facts) } : { testFraction: 1 / CURVE_FOLDS }),
    seed: work.seed,
  });
  return learningCurve(features, target, { ...plan, weights, groups, splits }, work);
}

/** As many folds as the rarest class and the groups allow, five at most. */
function foldsFor({ labels, groups, rowCount }: SplitRows): number {
  const members = new Map<number, number>();
  for (const label of Array.from(labels ?? [])) members.set(label, (members.get(label) ?? 0) + 1);
  const groupCount = groups ? new Set(Array.from(groups)).size : rowCount;
  return Math.max(2, Math.min(CURVE_FOLDS, groupCount, ...members.values()));
}
