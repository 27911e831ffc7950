// The columns to learn from: all that measure something, or those that the caller names.

import { type Column, getColumn, RoentgenError, type Table } from "../../base/index.ts";
import { countsRows, namesIdentifier } from "./identifiers.ts";
import { meantAsNumbers, parseNumbers } from "./numeric-text.ts";
import { rowsInWords } from "./rows-in-words.ts";
import { notNumbers } from "./target.ts";

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
  const present = presentValues(column);
  if (present.length === 0) return "it has no values";
  const distinct = new Set<string | number>(present).size;
  if (distinct === 1 && column.values.length > 1) {
    const missing = column.values.length - present.length;
    // Where some values are missing, "measured or not" may still tell something; that is a leak, not a feature.
    return `every row has the same value, ${JSON.stringify(present[0])}${missing ? `, or none (${missing})` : ""}`;
  }
  if (namesIdentifier(column.name)) return "its name says that it identifies rows";
  if (countsRows(column)) return "it counts the rows";
  if (column.kind === "text") return reasonOfText(column, present.length, distinct);
  return undefined;
}

/** Free text, names and dates: hardly a value comes twice, so there is nothing to learn from one. */
function reasonOfText(
  column: Extract<Column, { kind: "text" }>,
  present: number,
  distinct: number,
): string | undefined {
  if (present < 10 || meantAsNumbers(parseNumbers(column))) return undefined;
  if (distinct === present) return "its text differs in every row, as an identifier's does";
  if (distinct > 20 && distinct * 2 > present) {
    return `its text hardly repeats (${distinct} different values in ${present} rows)`;
  }
  return undefined;
}

function presentValues(column: Column): (string | number)[] {
  if (column.kind === "text") return column.values.filter((value) => value !== null);
  return Array.from(column.values).filter((value) => !Number.isNaN(value));
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
