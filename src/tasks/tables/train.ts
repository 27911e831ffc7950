// Trains on a table and judges the result: the whole job, from files to everything that a report tells.

import { runtimeVersion } from "#session";
import { coreCount } from "#workers";
import { checkParameters, throwIfCancelled, type WorkOptions } from "../../base/index.ts";
import { checkLeakage, type Finding, type TableView, viewTable } from "../../datasets/index.ts";
import {
  type CrossValidation,
  type LearningCurve,
  learnerByName,
  type NestedCrossValidation,
  type SearchResult,
} from "../../learning/index.ts";
import { describeProvenance, type Provenance } from "../../study/index.ts";
import { type Explanation, explainModel } from "./explain.ts";
import { type FittedModel, fitModel, pipelinePlan } from "./fit.ts";
import {
  type Judgement,
  judgePrediction,
  judgeSubgroups,
  type Subgroups,
  subgroupColumns,
} from "./judge.ts";
import { type LoadedTable, loadTable } from "./load.ts";
import { type TrainingOptions, type TrainingSettings, trainingParameters } from "./settings.ts";
import { type Sides, splitSides } from "./sides.ts";
import { crossValidateView, curveOfTraining } from "./stability.ts";
import { tunePlan } from "./tune.ts";

export interface TrainedTable {
  readonly settings: TrainingSettings;
  readonly view: TableView;
  readonly sides: Sides;
  /** Leaks, duplicates and the like, the gravest first. */
  readonly findings: readonly Finding[];
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
  /** What was guessed, set aside or dropped, a sentence each. */
  readonly notes: readonly string[];
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
  return trainLoaded(await loadTable(settings, work), settings, work);
}

/** Every default filled in, the model's own options too, so that the settings say all that was done. */
export function completeSettings(options: TrainingOptions): TrainingSettings {
  const settings = checkParameters(trainingParameters, options, "training");
  const { parameters } = learnerByName(settings.model);
  // A forest is judged out of bag as well, since that costs little.
  const extras =
    settings.model === "forest" && settings.options.bootstrap !== false ? { outOfBag: true } : {};
  const asked = { ...extras, ...settings.options };
  const filled = checkParameters(parameters, asked, settings.model) as TrainingSettings["options"];
  return { ...settings, options: filled };
}

/** As `trainTable`, on a table that is in memory already. */
export async function trainLoaded(
  loaded: LoadedTable,
  settings: TrainingSettings,
  work: WorkOptions = {},
): Promise<TrainedTable> {
  const startedAt = new Date();
  const { level, resamples, seed } = settings;
  const judging = { level, resamples, seed };
  const seeded = { ...work, seed };
  const view = viewLoaded(loaded, settings);
  const sides = splitSides(view, { testFraction: settings.test, seed });
  const findings = checkLeakage(view, { splits: [sides.split] });
  throwIfCancelled(work.signal, "Training");
  const { training, testing } = sides;
  const { plan, search } = await tunePlan(training, pipelinePlan(settings), settings, seeded);
  const fitted = await fitModel(view, training, testing, plan, seeded);
  const judgement = await judgePrediction(testing, fitted.predictions, judging, work);
  const columns = subgroupColumns(loaded.table, settings.subgroups, testing.rows);
  const subgroups = await judgeSubgroups(testing, fitted.predictions, columns, judging, work);
  const crossValidation = await crossValidateView(view, pipelinePlan(settings), settings, seeded);
  const learningCurve = settings.learningCurve
    ? await curveOfTraining(training, plan, seeded)
    : undefined;
  return {
    settings,
    view,
    sides,
    findings,
    ...(search ? { search } : {}),
    fitted,
    judgement,
    subgroups,
    explanation: await explainModel(fitted, testing, settings, work),
    ...(crossValidation ? { crossValidation } : {}),
    ...(learningCurve ? { learningCurve } : {}),
    provenance: await stateProvenance(loaded, settings, work),
    startedAt,
    endedAt: new Date(),
    notes: [...loaded.notes, ...view.notes, ...fitted.pipeline.warnings],
  };
}

function viewLoaded({ table, target, group }: LoadedTable, settings: TrainingSettings): TableView {
  const { weight, features, positive, subgroups, drop, task, missingTarget } = settings;
  return viewTable(table, {
    target: target ?? settings.target,
    group: settings.group === false ? false : (group ?? settings.group),
    weight,
    features,
    positive,
    // Groups of patients to compare are not measurements, unless asked for by name.
    drop: [...drop, ...(features ? [] : subgroups.filter((name) => !drop.includes(name)))],
    task,
    missingTarget,
  });
}

async function stateProvenance(
  { files }: LoadedTable,
  { seed }: TrainingSettings,
  { threads = coreCount() }: WorkOptions,
): Promise<Provenance> {
  return describeProvenance({
    versions: { onnxruntime: await runtimeVersion() },
    threads,
    seed,
    data: [...files],
  });
}
