// A table: named columns of equal length. Numbers are typed arrays with NaN for missing,
// text (and booleans, as "true" and "false") is strings with null for missing.

import { RoentgenError } from "./errors.ts";

/** Double precision, or single where the file has that. */
export type NumberValues = Float64Array | Float32Array;

/** Numbers, one a row. */
export interface NumberColumn {
  readonly kind: "number";
  readonly name: string;
  /** NaN where missing. */
  readonly values: NumberValues;
}

/** Text, one a row. */
export interface TextColumn {
  readonly kind: "text";
  readonly name: string;
  /** null where missing. */
  readonly values: readonly (string | null)[];
}

/** A column is numbers or text, never both. */
export type Column = NumberColumn | TextColumn;

/** Columns of equal length with different names. */
export interface Table {
  readonly rowCount: number;
  /** In file order; names are unique. */
  readonly columns: readonly Column[];
}

/** Builds a table, refusing columns of unequal length and repeated names. */
export function makeTable(columns: readonly Column[]): Table {
  const rowCount = columns[0]?.values.length ?? 0;
  const names = new Set<string>();
  for (const { name, values } of columns) {
    if (names.has(name)) {
      throw new RoentgenError("value-invalid", {
        problem: "Cannot build a table",
        expected: "column names that differ",
        found: `"${name}" twice`,
        subject: name,
      });
    }
    if (values.length !== rowCount) {
      throw new RoentgenError("shape-mismatch", {
        problem: "Cannot build a table",
        expected: `${rowCount} values in column "${name}", as in "${columns[0].name}"`,
        found: `${values.length}`,
        subject: name,
      });
    }
    names.add(name);
  }
  return { rowCount, columns };
}

/** The column of that name; the error lists names that come close. */
export function getColumn(table: Table, name: string): Column {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column) return column;
  const names = table.columns.map((candidate) => candidate.name);
  const close = names.filter((candidate) => candidate.toLowerCase() === name.toLowerCase());
  const shown = listedNames(close.length > 0 ? close : names);
  throw new RoentgenError("value-missing", {
    problem: `There is no column "${name}"`,
    remedy: close.length > 0 ? `Did you mean ${shown}?` : `The columns are: ${shown}.`,
    subject: name,
  });
}

/** Most names that a message lists. */
const MOST_LISTED = 12;

/** "a, b, c"; of many the first, and how many more there are. */
function listedNames(names: readonly string[]): string {
  const more = names.length - MOST_LISTED;
  const listed = names.slice(0, MOST_LISTED).join(", ");
  return more > 0 ? `${listed} and ${more} more` : listed;
}

/** `getColumn` for many columns of one table: each is found at once, however wide the table is. */
export function columnFinder(table: Table): (name: string) => Column {
  const columns = new Map(table.columns.map((column) => [column.name, column]));
  return (name) => columns.get(name) ?? getColumn(table, name);
}

/** A table of the rows at these positions, in this order; a position may come more than once. */
export function takeRows(table: Table, rows: ArrayLike<number>): Table {
  return {
    rowCount: rows.length,
    columns: table.columns.map((column) => takeColumnRows(column, rows)),
  };
}

/** A column of the values at these positions. */
export function takeColumnRows(column: Column, rows: ArrayLike<number>): Column {
  if (column.kind === "number") {
    return { kind: "number", name: column.name, values: takeNumbers(column.values, rows) };
  }
  const values = Array.from({ length: rows.length }, (_, index) => column.values[rows[index]]);
  return { kind: "text", name: column.name, values };
}

/** The numbers at these positions, in the same precision. */
export function takeNumbers(values: NumberValues, rows: ArrayLike<number>): NumberValues {
  const taken =
    values instanceof Float32Array ? new Float32Array(rows.length) : new Float64Array(rows.length);
  for (let index = 0; index < rows.length; index++) taken[index] = values[rows[index]];
  return taken;
}

/** A column's values as text, null where missing: patient ids, groups and labels come either way. */
export function textValues(column: Column): readonly (string | null)[] {
  if (column.kind === "text") return column.values;
  return Array.from(column.values, (value) => (Number.isNaN(value) ? null : String(value)));
}

/** The table without these columns. */
export function dropColumns(table: Table, names: Iterable<string>): Table {
  const dropped = new Set(names);
  return {
    rowCount: table.rowCount,
    columns: table.columns.filter((column) => !dropped.has(column.name)),
  };
}
