// Trains and keeps the run: folder opened before the work, everything written at its end, or nothing.

import { type Column, makeTable, type WorkOptions } from "../../base/index.ts";
import {
  describeProvenance,
  openRun,
  type Run,
  type RunPaths,
  writeBundle,
} from "../../study/index.ts";
import { describeBundle, describeCard } from "./bundle-description.ts";
import { completeSettings } from "./complete-settings.ts";
import { csvText } from "./csv-text.ts";
import { predictionColumns } from "./judge.ts";
import { loadTable } from "./load.ts";
import { trainingMetrics } from "./metrics.ts";
import { type PreparedTraining, prepareTraining } from "./prepare.ts";
import { studyReport } from "./report.ts";
import type { TrainingOptions } from "./settings.ts";
import { type TrainedTable, trainPrepared } from "./train.ts";

export interface SavedTraining {
  readonly trained: TrainedTable;
  /** Paths of what was written, by what it is. */
  readonly files: RunPaths;
}

export interface SaveOptions extends WorkOptions {
  /** Whether a finished run in the folder may be replaced. */
  force?: boolean;
  /** Hears what was found in the data, before anything is learnt from them. */
  onPrepared?: (prepared: PreparedTraining) => void;
}

/**
 * Trains as `trainTable` does and keeps everything in a run folder, which is made once the data have proved fit.
 * @throws RoentgenError as `trainTable`, and where the folder can't be written or holds a finished run
 */
export async function saveTraining(
  folder: string,
  options: TrainingOptions,
  { force = false, onPrepared, ...work }: SaveOptions = {},
): Promise<SavedTraining> {
  const settings = completeSettings(options);
  const prepared = prepareTraining(await loadTable(settings, work), settings);
  const provenance = describeProvenance({ data: [...prepared.loaded.files] });
  const run = await openRun(folder, { config: settings, provenance, force });
  try {
    onPrepared?.(prepared);
    const trained = await trainPrepared(prepared, work);
    return { trained, files: await keep(run, trained) };
  } catch (error) {
    await run.log("failed", { message: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

async function keep(run: Run, trained: TrainedTable): Promise<RunPaths> {
  const { model, testVector } = trained.fitted;
  const description = describeBundle(trained);
  const card = describeCard(trained, description);
  return run.finish({
    provenance: trained.provenance,
    metrics: trainingMetrics(trained),
    predictions: csvText(predictionsTable(trained)),
    report: studyReport(trained),
    bundle: await writeBundle({ description, model, card, testVector }),
    model,
  });
}

/** One line a held-out row: its number in the data (from 1), its patient, what is true, what was predicted. */
function predictionsTable({ view, sides, fitted }: TrainedTable) {
  const { testing } = sides;
  const { target, groups } = testing;
  const row: Column = {
    kind: "number",
    name: "row",
    values: Float64Array.from(testing.rows, (position) => position + 1),
  };
  const patients: Column[] =
    groups && view.groups
      ? [
          {
            kind: "text",
            name: view.groups.column,
            values: Array.from(groups, (group) => view.groups?.names[group] ?? null),
          },
        ]
      : [];
  const truth: Column =
    target.task === "regression"
      ? { kind: "number", name: "true", values: target.values }
      : {
          kind: "text",
          name: "true",
          values: Array.from(target.labels, (label) => target.classes[label]),
        };
  return makeTable([row, ...patients, truth, ...predictionColumns(fitted.predictions)]);
}
