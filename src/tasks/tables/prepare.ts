// What is settled before anything is learnt: which columns teach what, which rows are held out, what looks wrong.

import { getColumn } from "../../base/index.ts";
import {
  checkLeakage,
  type Finding,
  makeSplits,
  type Split,
  type TableView,
  viewTable,
} from "../../datasets/index.ts";
import type { LoadedTable } from "./load.ts";
import type { TrainingSettings } from "./settings.ts";
import { rowsOfView, type Sides, splitSides } from "./sides.ts";

export interface PreparedTraining {
  readonly settings: TrainingSettings;
  readonly loaded: LoadedTable;
  readonly view: TableView;
  readonly sides: Sides;
  /** Splits of all rows, where a cross-validation is asked for. */
  readonly folds: readonly Split[];
  /** Leaks, duplicates and the like, the gravest first. */
  readonly findings: readonly Finding[];
  /** What was guessed, set aside or dropped, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Views the table, holds rows out, and looks for leaks.
 * @throws RoentgenError for data that do not fit the settings, before any time is spent on them
 */
export function prepareTraining(loaded: LoadedTable, settings: TrainingSettings): PreparedTraining {
  for (const name of settings.subgroups) getColumn(loaded.table, name);
  const view = viewLoaded(loaded, settings);
  const sides = splitSides(view, { testFraction: settings.test, seed: settings.seed });
  const { folds: count, repeats, seed } = settings;
  const folds = count === 0 ? [] : makeSplits({ ...rowsOfView(view), folds: count, repeats, seed });
  const findings = checkLeakage(view, { splits: [sides.split] });
  return {
    settings,
    loaded,
    view,
    sides,
    folds,
    findings,
    notes: [...loaded.notes, ...view.notes, ...weightNote(settings)],
  };
}

function viewLoaded({ table, target, group }: LoadedTable, settings: TrainingSettings): TableView {
  const { weight, features, positive, drop, task, missingTarget } = settings;
  return viewTable(table, {
    target: target ?? settings.target,
    group: settings.group === false ? false : (group ?? settings.group),
    weight,
    features,
    positive,
    drop,
    task,
    missingTarget,
  });
}

function weightNote({ weight }: TrainingSettings): string[] {
  return weight === undefined ? [] : [`Rows count by "${weight}", in the fit and in all figures.`];
}
