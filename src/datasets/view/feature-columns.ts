// The columns to learn from: all that measure something, or those that the caller names.

import {
  type Column,
  getColumn,
  parseNumbers,
  RoentgenError,
  type Table,
  type TextColumn,
} from "../../base/index.ts";
import { countsRows, namesIdentifier } from "./identifiers.ts";
import { meantAsNumbers, notNumbers } from "./numeric-text.ts";
import { rowsInWords } from "./rows-in-words.ts";

/** The columns named, exactly these and in this order. */
export function namedFeatures(table: Table, names: readonly string[]): Column[] {
  return names.map((name) => readableColumn(getColumn(table, name), []));
}

/**
 * Every column that measures something. Set aside, with a note each: columns that identify rows,
 * columns without any value, and columns of a single value.
 * @throws RoentgenError "type-mismatch" for text among numbers, "value-invalid" for infinite numbers
 */
export function guessedFeatures(table: Table, notes: string[]): Column[] {
  const kept: Column[] = [];
  for (const column of table.columns) {
    const reason = reasonToSetAside(column);
    if (reason) notes.push(`Set aside "${column.name}": ${reason}.`);
    else kept.push(readableColumn(column, notes));
  }
  return kept;
}

function reasonToSetAside(column: Column): string | undefined {
  const only = singleValue(column);
  if (only === null) return "it has no values";
  if (only !== undefined && column.values.length > 1) {
    return `every value that it has is ${JSON.stringify(only)}`;
  }
  if (namesIdentifier(column.name)) return "its name says that it identifies rows";
  if (countsRows(column)) return "it counts the rows";
  return column.kind === "text" ? reasonOfText(column) : undefined;
}

/** The value that all rows have that have any, null where none has, undefined where they differ. */
function singleValue({ values }: Column): string | number | null | undefined {
  let first: string | number | null = null;
  for (const value of values) {
    if (value === null || Number.isNaN(value) || value === first) continue;
    if (first !== null) return undefined;
    first = value;
  }
  return first;
}

/** Free text, names and dates: hardly a value comes twice, so there is nothing to learn from one. */
function reasonOfText(column: TextColumn): string | undefined {
  const present = column.values.filter((value) => value !== null);
  const distinct = new Set(present).size;
  if (present.length < 10 || meantAsNumbers(parseNumbers(column))) return undefined;
  if (distinct === present.length) return "its text differs in every row, as an identifier's does";
  if (distinct > 20 && distinct * 2 > present.length) {
    return `its text hardly repeats (${distinct} different values in ${present.length} rows)`;
  }
  return undefined;
}

/** Numbers as numbers; refuses text among numbers and infinite values. */
function readableColumn(column: Column, notes: string[]): Column {
  if (column.kind === "number") {
    refuseInfinite(column);
    return column;
  }
  const parsed = parseNumbers(column);
  if (!meantAsNumbers(parsed)) return column;
  if (parsed.unreadable.length > 0) throw notNumbers(column.name, parsed.unreadable, column);
  notes.push(`Read "${column.name}" as numbers.`);
  return { kind: "number", name: column.name, values: parsed.numbers };
}

function refuseInfinite({ name, values }: Extract<Column, { kind: "number" }>): void {
  const rows: number[] = [];
  for (let row = 0; row < values.length; row++) {
    if (Math.abs(values[row]) === Number.POSITIVE_INFINITY) rows.push(row);
  }
  if (rows.length === 0) return;
  throw new RoentgenError("value-invalid", {
    problem: `Column "${name}" cannot be learnt from`,
    expected: "finite numbers, or empty where missing",
    found: `infinity in ${rowsInWords(rows)}`,
    remedy: "A division by zero may have made it; correct it or leave it empty.",
    subject: name,
  });
}
