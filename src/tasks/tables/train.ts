// Trains on a table and judges the result: the whole job, from files to everything that a report tells.

import { runtimeVersion } from "#session";
import { coreCount } from "#workers";
import { throwIfCancelled, type WorkOptions } from "../../base/index.ts";
import type {
  CrossValidation,
  LearningCurve,
  NestedCrossValidation,
  SearchResult,
} from "../../learning/index.ts";
import { describeProvenance, type Provenance } from "../../study/index.ts";
import { completeSettings } from "./complete-settings.ts";
import { type Explanation, explainModel } from "./explain.ts";
import { type FittedModel, fitModel, pipelinePlan } from "./fit.ts";
import {
  type Judgement,
  judgePrediction,
  judgeSubgroups,
  type Subgroups,
  subgroupColumns,
} from "./judge.ts";
import { loadTable } from "./load.ts";
import { type PreparedTraining, prepareTraining } from "./prepare.ts";
import type { TrainingOptions } from "./settings.ts";
import { crossValidateView, curveOfTraining } from "./stability.ts";
import { tunePlan } from "./tune.ts";

export interface TrainedTable extends Omit<PreparedTraining, "loaded"> {
  readonly search?: SearchResult;
  readonly fitted: FittedModel;
  /** On the rows held out. */
  readonly judgement: Judgement;
  readonly subgroups: readonly Subgroups[];
  readonly explanation: Explanation;
  readonly crossValidation?: CrossValidation | NestedCrossValidation;
  readonly learningCurve?: LearningCurve;
  readonly provenance: Provenance;
  readonly startedAt: Date;
  readonly endedAt: Date;
}

/**
 * Trains a model on the table that the options name and judges it on rows held out.
 * @throws RoentgenError for data or options that do not fit
 */
export async function trainTable(
  options: TrainingOptions,
  work: WorkOptions = {},
): Promise<TrainedTable> {
  const settings = completeSettings(options);
  return trainPrepared(prepareTraining(await loadTable(settings, work), settings), work);
}

/** As `trainTable`, on data that were loaded and prepared before. */
export async function trainPrepared(
  given: PreparedTraining,
  work: WorkOptions = {},
): Promise<TrainedTable> {
  const { loaded, ...prepared } = given;
  const startedAt = new Date();
  const { settings, view, sides, notes } = prepared;
  const { training, testing } = sides;
  const { level, resamples, seed } = settings;
  const judging = { level, resamples, seed };
  const seeded = { ...work, seed };
  throwIfCancelled(work.signal, "Training");
  const { plan, search } = await tunePlan(training, pipelinePlan(settings), settings, seeded);
  const fitted = await fitModel(view, training, testing, plan, seeded);
  const judgement = await judgePrediction(testing, fitted.predictions, judging, work);
  const columns = subgroupColumns(loaded.table, settings.subgroups, testing.rows);
  const subgroups = await judgeSubgroups(testing, fitted.predictions, columns, judging, work);
  const crossValidation = await crossValidateView(given, pipelinePlan(settings), seeded);
  const learningCurve = settings.learningCurve
    ? await curveOfTraining(training, plan, seeded)
    : undefined;
  const explanation = await explainModel(fitted, testing, settings, work);
  return {
    ...prepared,
    ...(search ? { search } : {}),
    fitted,
    judgement,
    subgroups,
    explanation,
    ...(crossValidation ? { crossValidation } : {}),
    ...(learningCurve ? { learningCurve } : {}),
    provenance: await stateProvenance(loaded.files, seed, work),
    startedAt,
    endedAt: new Date(),
    notes: [...notes, ...fitted.pipeline.warnings],
  };
}

async function stateProvenance(
  files: Provenance["data"],
  seed: number,
  { threads = coreCount() }: WorkOptions,
): Promise<Provenance> {
  const versions = { onnxruntime: await runtimeVersion() };
  return describeProvenance({ versions, threads, seed, data: [...files] });
}
