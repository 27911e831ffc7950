// A table as learning sees it: what to predict, from which columns, in which groups, with which weights.

import {
  anyOf,
  checkParameters,
  dropColumns,
  getColumn,
  type OptionsOf,
  oneOf,
  parameters,
  parseNumbers,
  RoentgenError,
  rules,
  type SettingsOf,
  type Table,
  type Target,
  takeRows,
  words,
} from "../../base/index.ts";
import { guessedFeatures, namedFeatures } from "./feature-columns.ts";
import { findGroups, findPersons, type Groups } from "./groups.ts";
import { rowsInWords } from "./rows-in-words.ts";
import { makeTarget } from "./target.ts";
import { guessTargetName } from "./target-name.ts";

const names = () => rules.array(words(), { error: "a list of column names" });

/** What is to be predicted, from what, in which groups; what is left out is guessed from the table. */
export const viewParameters = parameters({
  /** Column to predict; by default the one whose name says so (diagnosis, label, target, y, class …). */
  target: words().optional(),
  /** Column of patients or other groups. By default a column named for patients whose values repeat; false for none. */
  group: anyOf("a column name or false", words(), rules.literal(false)).optional(),
  /** Column of row weights, non-negative. */
  weight: words().optional(),
  /** Columns to leave out. */
  drop: names().default([]),
  /** Exactly these columns, in this order; nothing is set aside then. */
  features: names().optional(),
  task: oneOf("auto", "classification", "regression").default("auto"),
  /** Order of the classes; of two, the second is the positive one. */
  classes: names().optional(),
  /** The positive one of two classes. */
  positive: words().optional(),
  /** What to do with rows that lack the target. */
  missingTarget: oneOf("error", "drop").default("error"),
});

/** Options of `viewTable`. */
export type ViewOptions = OptionsOf<typeof viewParameters>;
type ViewSettings = SettingsOf<typeof viewParameters>;

/** A table taken apart; everything in it has the same rows in the same order. */
export interface TableView {
  readonly task: Target["task"];
  readonly targetName: string;
  /** Number and text columns to learn from. */
  readonly features: Table;
  readonly target: Target;
  /** Class names in order (of two, the second is positive); empty for a regression. */
  readonly classes: readonly string[];
  readonly groups?: Groups;
  /** Patients that columns name again and again, but by whom the rows are not grouped; a leakage check looks at them. */
  readonly ungrouped?: readonly Groups[];
  /** Weight of each row, non-negative. */
  readonly weights?: Float64Array;
  /** Position in the source table of each row here. */
  readonly rows: Uint32Array;
  /** What was guessed, set aside or dropped, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Takes a table apart into features, target, groups and weights, guessing as a person would and saying so.
 *
 * The task is classification where the target is text, two values, or at most ten whole numbers that repeat;
 * else regression. Classes are sorted, numbers by value; of two, the clinically positive one comes second
 * where the names tell (see `orderClasses`).
 *
 * @throws RoentgenError "value-missing" for missing targets or groups, "too-few-samples" for a single class,
 *   "type-mismatch" for text where numbers belong, "value-invalid" for negative weights or infinite values
 */
export function viewTable(table: Table, options: ViewOptions = {}): TableView {
  const settings = checkParameters(viewParameters, options, "table view");
  const notes: string[] = [];
  const targetName = settings.target ?? guessTargetName(table, notes);
  const rows = rowsWithTarget(table, targetName, settings, notes);
  const kept = rows.length === table.rowCount ? table : takeRows(table, rows);
  const target = makeTarget(getColumn(kept, targetName), settings, notes);
  const groups = findGroups(kept, { ...settings, except: [targetName, ...settings.drop] }, notes);
  const ungrouped = findPersons(kept, [targetName, groups?.column]);
  const weights = settings.weight === undefined ? undefined : readWeights(kept, settings.weight);
  const features = chooseFeatures(kept, targetName, groups?.column, settings, notes);
  return {
    task: target.task,
    targetName,
    features,
    target,
    classes: target.task === "classification" ? target.classes : [],
    ...(groups && { groups }),
    ...(ungrouped.length > 0 && { ungrouped }),
    ...(weights && { weights }),
    rows,
    notes,
  };
}

function rowsWithTarget(
  table: Table,
  name: string,
  { missingTarget }: ViewSettings,
  notes: string[],
): Uint32Array {
  const column = getColumn(table, name);
  const present: number[] = [];
  const missing: number[] = [];
  for (let row = 0; row < table.rowCount; row++) {
    const value = column.values[row];
    (value === null || Number.isNaN(value) ? missing : present).push(row);
  }
  if (missing.length > 0 && missingTarget === "error") {
    throw new RoentgenError("value-missing", {
      problem: `The target "${name}" is missing in ${missing.length} of ${table.rowCount} rows`,
      found: `no value in ${rowsInWords(missing)}`,
      remedy:
        'Fill these in, or leave such rows out: `--drop-missing-target`, in a program missingTarget "drop".',
      subject: name,
    });
  }
  if (present.length === 0) {
    throw new RoentgenError("too-few-samples", {
      problem: `There are no rows with a target "${name}"`,
      subject: name,
    });
  }
  if (missing.length > 0) notes.push(`Dropped ${missing.length} rows without "${name}".`);
  return Uint32Array.from(present);
}

function readWeights(table: Table, name: string): Float64Array {
  const column = getColumn(table, name);
  const values =
    column.kind === "number" ? Float64Array.from(column.values) : parseNumbers(column).numbers;
  const bad = values.findIndex((value) => !(value >= 0 && value < Number.POSITIVE_INFINITY));
  if (bad < 0 && values.some((value) => value > 0)) return values;
  throw new RoentgenError("value-invalid", {
    problem: `Column "${name}" cannot weight the rows`,
    expected: "a finite number of at least 0 in every row, and some above 0",
    found: bad < 0 ? "0 in every row" : `${column.values[bad]} in row ${bad + 1}`,
    subject: name,
  });
}

function chooseFeatures(
  table: Table,
  targetName: string,
  groupName: string | undefined,
  { weight, drop, features }: ViewSettings,
  notes: string[],
): Table {
  for (const name of drop) getColumn(table, name);
  const special = [targetName, groupName, weight].filter((name) => name !== undefined);
  const misused = features?.find((name) => special.includes(name) || drop.includes(name));
  if (misused !== undefined) {
    throw new RoentgenError("bad-option", {
      problem: `Column "${misused}" cannot be a feature`,
      found: "it is also the target, the group, the weight or a column to drop",
      subject: misused,
    });
  }
  const columns = features
    ? namedFeatures(table, features)
    : guessedFeatures(dropColumns(table, [...special, ...drop]), notes);
  if (columns.length > 0) return { rowCount: table.rowCount, columns };
  throw new RoentgenError("value-missing", {
    problem: "There are no columns to learn from",
    expected: "at least one beside the target that measures something",
    found: table.columns.map(({ name }) => name).join(", "),
    remedy: notes.join(" ") || undefined,
  });
}
