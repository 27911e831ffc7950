// A data file in words: its arrays, columns, ranges and a small histogram of every column.

import { type ColumnSummary, fourDigits, type InspectedFile } from "../tasks/index.ts";
import { histogramLine } from "./histogram-line.ts";
import { heading, say, sayTable } from "./terminal.ts";

/** Says what a table or arrays hold. */
export function sayData(path: string, inspected: InspectedFile): void {
  say(`${path}: ${inspected.format}, ${inspected.description}`);
  for (const note of inspected.notes) say(note);
  if (inspected.variables.length > 0) {
    heading("Variables");
    sayTable(
      ["name", "class", "size"],
      inspected.variables.map(({ name, className, shape }) => [
        name,
        className,
        shape.join("×") || "not said",
      ]),
    );
  }
  if (inspected.arrays.length > 0) {
    heading("Arrays");
    sayTable(
      ["name", "dtype", "shape"],
      inspected.arrays.map(({ name, dtype, shape }) => [name, dtype, `[${shape.join(", ")}]`]),
    );
  }
  for (const { name, summary } of inspected.tables) {
    heading(name === undefined ? "Columns" : `Columns of ${name}`);
    sayTable(
      ["column", "kind", "missing", "values", "histogram"],
      summary.columns.map(describeColumn),
    );
  }
}

function describeColumn(column: ColumnSummary): string[] {
  const { name, kind, missing } = column;
  if (column.kind === "text") {
    const values = column.frequent.map(({ value, count }) => `${value} (${count})`).join(", ");
    const more = column.distinct > column.frequent.length ? `, … ${column.distinct} distinct` : "";
    return [name, kind, String(missing), shorten(values + more, 60), ""];
  }
  const { minimum, median, maximum, histogram } = column;
  if (minimum === null || median === null || maximum === null)
    return [name, kind, String(missing), "none", ""];
  const range = `${fourDigits(minimum)} … ${fourDigits(median)} … ${fourDigits(maximum)}`;
  return [name, kind, String(missing), range, histogramLine(histogram)];
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
