// One table of features and labels that came apart: in two files, or as two arrays of one.

import { type Column, makeTable, RoentgenError, type Table } from "../../base/index.ts";
import { guessTargetName } from "../view/target-name.ts";
import { matchRows } from "./match-rows.ts";
import { transposeTable } from "./transpose-table.ts";

/** Options of `joinFeaturesAndLabels`. */
export interface JoinOptions {
  /** Column of the label table that is to be predicted, where it has several. */
  target?: string;
  /** What to call the label column; its own name by default, or "label" where that clashes. */
  targetName?: string;
  /** What to call the two in messages: "features.npy". */
  featuresFrom?: string;
  labelsFrom?: string;
}

/** Features and labels as one table, row by row. */
export interface JoinedTable {
  /** Features, then all columns of the label table. */
  readonly table: Table;
  /** Name of the column to predict. */
  readonly target: string;
  /** What was turned or reordered, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Puts features and labels side by side.
 *
 * Rows belong together by position, or by an identifier (patient_id …) that both tables have. Labels may be a
 * column, a row (1 × N), or one column a class (each row a single 1). Features that come as columns × rows are
 * turned if only then they fit, and `notes` says so.
 *
 * @throws RoentgenError "shape-mismatch" where the rows don't match the labels
 */
export function joinFeaturesAndLabels(
  features: Table,
  labels: Table,
  options: JoinOptions = {},
): JoinedTable {
  const { featuresFrom = "the features", labelsFrom = "the labels" } = options;
  const notes: string[] = [];
  const upright = labelColumns(labels, options, notes);
  const matched = matchRows(features, upright, notes);
  const rowCount = matched.labels.rowCount;
  const turned = turnToFit(matched.features, rowCount, { featuresFrom, labelsFrom }, notes);
  const labelled = matched.labels;
  const chosen = options.target ?? targetOf(labelled, notes);
  const target = options.targetName ?? freeName(chosen, turned);
  const renamed = labelled.columns.map((column) =>
    column.name === chosen ? { ...column, name: target } : column,
  );
  return { table: makeTable([...turned.columns, ...renamed]), target, notes };
}

/** The label table with one row a sample. */
function labelColumns(labels: Table, { target }: JoinOptions, notes: string[]): Table {
  if (labels.rowCount === 1 && labels.columns.length > 1) {
    notes.push(`The labels came as a row of ${labels.columns.length} and were turned.`);
    return transposeTable(labels, ["label"]);
  }
  const classes = target === undefined ? oneColumnAClass(labels) : undefined;
  if (!classes) return labels;
  notes.push(`Read ${labels.columns.length} columns of 0 and 1 as one class each.`);
  return makeTable([classes]);
}

/** Columns of 0 and 1 with a single 1 in each row, as the names of the columns. */
function oneColumnAClass({ columns, rowCount }: Table): Column | undefined {
  if (columns.length < 2) return undefined;
  const names = new Array<string>(rowCount);
  for (let row = 0; row < rowCount; row++) {
    const set = columns.filter(({ values }) => values[row] === 1);
    const rest = columns.filter(({ values }) => values[row] === 0);
    if (set.length !== 1 || rest.length !== columns.length - 1) return undefined;
    names[row] = set[0].name;
  }
  return { kind: "text", name: "label", values: names };
}

function turnToFit(
  features: Table,
  rowCount: number,
  { featuresFrom, labelsFrom }: { featuresFrom: string; labelsFrom: string },
  notes: string[],
): Table {
  if (features.rowCount === rowCount) return features;
  const numeric = features.columns.every(({ kind }) => kind === "number");
  if (features.columns.length === rowCount && numeric) {
    const size = `${features.rowCount} × ${rowCount}`;
    notes.push(`Turned ${featuresFrom} (${size}), since only its columns match the labels.`);
    return transposeTable(features);
  }
  throw new RoentgenError("shape-mismatch", {
    problem: "Rows don't match labels",
    expected: `one label for each of the ${features.rowCount} rows of ${featuresFrom}`,
    found: `${rowCount} in ${labelsFrom}`,
    remedy: "Export both again from the same cases, in the same order.",
  });
}

function targetOf(labels: Table, notes: string[]): string {
  return labels.columns.length === 1 ? labels.columns[0].name : guessTargetName(labels, notes);
}

function freeName(wanted: string, features: Table): string {
  const taken = new Set(features.columns.map(({ name }) => name));
  let name = wanted;
  for (let n = 1; taken.has(name); n++) name = n === 1 ? "label" : `label_${n}`;
  return name;
}
