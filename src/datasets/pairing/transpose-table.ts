// A table turned on its side.

import { makeTable, RoentgenError, type Table } from "../../base/index.ts";

/**
 * Rows become columns. Column names are lost; the new ones are x1, x2, … unless given.
 * @throws RoentgenError "type-mismatch" for a table of both numbers and text
 */
export function transposeTable(table: Table, names?: readonly string[]): Table {
  const { rowCount, columns } = table;
  const nameOf = (row: number) => names?.[row] ?? `x${row + 1}`;
  const rows = Array.from({ length: rowCount }, (_, row) => row);
  const numbers = columns.filter((column) => column.kind === "number");
  if (numbers.length === columns.length) {
    return makeTable(
      rows.map((row) => ({
        kind: "number",
        name: nameOf(row),
        values: Float64Array.from(numbers, ({ values }) => values[row]),
      })),
    );
  }
  const texts = columns.filter((column) => column.kind === "text");
  if (texts.length !== columns.length) {
    throw new RoentgenError("type-mismatch", {
      problem: "Cannot turn a table on its side",
      expected: "numbers only or text only",
      found: `${numbers.length} columns of numbers and ${texts.length} of text`,
    });
  }
  return makeTable(
    rows.map((row) => ({
      kind: "text",
      name: nameOf(row),
      values: texts.map(({ values }) => values[row]),
    })),
  );
}
