// roentgen inspect: what is in a data file, with a small histogram of every column.

import type { Command } from "commander";
import { type ColumnSummary, fourDigits, inspectFile } from "../tasks/index.ts";
import { type CommonOptions, run, withCommonOptions } from "./command.ts";
import { emit, heading, say, sayTable } from "./terminal.ts";

const EXAMPLE = `
roentgen inspect patients.csv
roentgen inspect features.mat --json
`;

/** Heights of a bar in eighths of a line. */
const BARS = " ▁▂▃▄▅▆▇█";

/** Says what the subcommand takes and does. */
export function define(command: Command): void {
  command.argument("<file>", "any data file; a bundle or a run is what `roentgen summary` shows");
  withCommonOptions(command, EXAMPLE).action((path: string, options: CommonOptions) =>
    run(options, async (work) => {
      const inspected = await inspectFile(path, work);
      if (options.json) return emit(JSON.stringify(inspected));
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
    }),
  );
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
  return [name, kind, String(missing), range, drawHistogram(histogram)];
}

function drawHistogram(counts: readonly number[]): string {
  const highest = Math.max(...counts, 1);
  return counts.map((count) => BARS[count === 0 ? 0 : Math.ceil((count / highest) * 8)]).join("");
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
