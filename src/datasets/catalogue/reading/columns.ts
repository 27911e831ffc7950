// Columns from what is known of each row.

import type { Column } from "../../../base/index.ts";

/** A number, text, or nothing where it is not known. */
export type Cell = number | string | null;

/** Every row has the same names; a column whose cells are all numbers or missing is one of numbers. */
export function columnsOf(rows: readonly Readonly<Record<string, Cell>>[]): Column[] {
  return Object.keys(rows[0] ?? {}).map((name) => {
    const cells = rows.map((row) => row[name]);
    if (cells.some((cell) => typeof cell === "string")) {
      const values = cells.map((cell) => (cell === null ? null : String(cell)));
      return { kind: "text", name, values };
    }
    const values = Float64Array.from(cells, (cell) => (cell as number | null) ?? Number.NaN);
    return { kind: "number", name, values };
  });
}
