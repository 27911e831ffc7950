// Predicts new rows with a bundle, and says which of them lie outside what the model has seen.

import {
  type Column,
  columnFinder,
  makeTable,
  type Prediction,
  RoentgenError,
  type Table,
  throwIfCancelled,
  type WorkOptions,
} from "../../base/index.ts";
import type { BundleInput } from "../../study/index.ts";
import { checkTarget } from "../check-target.ts";
import { writePath } from "./convert.ts";
import { csvText } from "./csv-text.ts";
import { openModel } from "./deployed-model.ts";
import { fourDigits } from "./four-digits.ts";
import { predictionColumns } from "./judge.ts";
import { loadFeatures } from "./load.ts";

export interface Predicted {
  /** file (where there are several), row (from 1), predicted, and a probability for each class. */
  readonly table: Table;
  /** The table as CSV text. */
  csv(): string;
  /** The table as one object a row; missing is null. */
  rows(): Record<string, number | string | null>[];
  /** Values outside the range of the training rows, unknown categories, missing values; a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Predicts the rows of one or more tables.
 * @param options.out a file to write the predictions to, its format by its ending; an existing one needs `force`
 * @throws RoentgenError where model or tables can't be read, or columns are absent
 */
export async function predictTables(
  modelPath: string,
  dataPaths: readonly string[],
  { out, force = false, ...work }: WorkOptions & { out?: string; force?: boolean } = {},
): Promise<Predicted> {
  const target = { force, inputs: [modelPath, ...dataPaths] };
  if (out !== undefined) await checkTarget(out, target);
  const model = await openModel(modelPath, work);
  try {
    const { inputs } = model.bundle.manifest;
    const parts: Table[] = [];
    const notes: string[] = [];
    for (const path of dataPaths) {
      throwIfCancelled(work.signal, "Predicting");
      const table = matchColumns(await loadFeatures(path, work), inputs, path);
      parts.push(
        numberRows(await model.predict(table), table, dataPaths.length > 1 ? path : undefined),
      );
      notes.push(...outsideTraining(table, inputs).map((note) => `${path}: ${note}`));
    }
    const table = joinTables(parts);
    if (out !== undefined) await writePath(out, { kind: "table", table }, target);
    return { table, csv: () => csvText(table), rows: () => rowsOf(table), notes };
  } finally {
    await model.close();
  }
}

/**
 * The table with the model's columns. Columns without names of their own (from a bare matrix) are taken
 * in the order of the model's columns, if there are as many.
 */
export function matchColumns(
  { table, named }: { table: Table; named: boolean },
  inputs: readonly BundleInput[],
  path: string,
): Table {
  const known = new Set(table.columns.map(({ name }) => name));
  const absent = inputs.filter(({ name }) => !known.has(name));
  if (absent.length === 0) return table;
  const numbers = inputs.every(({ kind }) => kind === "number");
  if (!named && numbers && table.columns.length === inputs.length) {
    return makeTable(
      table.columns.map((column, index) => ({ ...column, name: inputs[index].name })),
    );
  }
  const names = absent.map(({ name }) => `"${name}"`);
  const shown = names.length > 8 ? [...names.slice(0, 8), "…"] : names;
  throw new RoentgenError("value-missing", {
    problem: `${path} lacks ${absent.length} of the ${inputs.length} columns that the model takes`,
    expected: shown.join(", "),
    found: `the columns ${table.columns
      .slice(0, 8)
      .map(({ name }) => `"${name}"`)
      .join(", ")}${table.columns.length > 8 ? ", …" : ""}`,
    remedy: "Give a table with the columns of the training table; `roentgen summary` lists them.",
    subject: path,
  });
}

/** Columns outside training that are named one by one; more are counted. */
const MOST_NAMED = 5;

/** Sentences on values that the training rows did not have. */
export function outsideTraining(table: Table, inputs: readonly BundleInput[]): string[] {
  const find = columnFinder(table);
  const notes = inputs.flatMap((input) => {
    const outside = countOutside(find(input.name), input);
    if (outside === 0) return [];
    const { name } = input;
    return [
      `"${name}" is outside ${seenInTraining(input)}, in ${outside} of ${table.rowCount} rows.`,
    ];
  });
  if (notes.length <= MOST_NAMED) return notes;
  const others = notes.length - MOST_NAMED + 1;
  return [...notes.slice(0, MOST_NAMED - 1), `So are ${others} other columns, in some rows.`];
}

function seenInTraining(input: BundleInput): string {
  if (input.kind === "category") return "the categories of training";
  const [low, high] = [input.minimum, input.maximum].map((bound) =>
    fourDigits(bound ?? Number.NaN),
  );
  return `the range of training, ${low} to ${high}`;
}

function countOutside(column: Column, input: BundleInput): number {
  let outside = 0;
  if (input.kind === "category") {
    const categories = new Set(input.categories);
    for (const value of column.values)
      if (value !== null && !categories.has(String(value))) outside += 1;
    return outside;
  }
  const { minimum, maximum } = input;
  if (minimum === null || maximum === null) return 0;
  for (const value of column.values) {
    if (typeof value === "number" && (value < minimum || value > maximum)) outside += 1;
  }
  return outside;
}

function numberRows(prediction: Prediction, { rowCount }: Table, file: string | undefined): Table {
  const row: Column = {
    kind: "number",
    name: "row",
    values: Float64Array.from({ length: rowCount }, (_, index) => index + 1),
  };
  const files: Column[] =
    file === undefined
      ? []
      : [{ kind: "text", name: "file", values: new Array(rowCount).fill(file) }];
  return makeTable([...files, row, ...predictionColumns(prediction)]);
}

function joinTables(parts: readonly Table[]): Table {
  if (parts.length === 1) return parts[0];
  const columns = parts[0].columns.map((column, index): Column => {
    const values = parts.flatMap((part) =>
      Array.from<number | string | null>(part.columns[index].values),
    );
    return column.kind === "number"
      ? { ...column, values: Float64Array.from(values as number[]) }
      : { ...column, values: values as (string | null)[] };
  });
  return makeTable(columns);
}

function rowsOf({ rowCount, columns }: Table): Record<string, number | string | null>[] {
  return Array.from({ length: rowCount }, (_, row) =>
    Object.fromEntries(
      columns.map(({ name, values }) => {
        const value = values[row];
        return [name, typeof value === "number" && Number.isNaN(value) ? null : value];
      }),
    ),
  );
}
