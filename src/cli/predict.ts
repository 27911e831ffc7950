// roentgen predict: a trained model's predictions for new rows, as CSV or JSON.

import type { Command } from "commander";
import { predictTables } from "../tasks/index.ts";
import { type CommonOptions, run, withCommonOptions } from "./command.ts";
import { emit, say, warn } from "./terminal.ts";

const EXAMPLE = `
roentgen predict run new-patients.csv > predictions.csv
roentgen predict model.roentgen features.npy --out predictions.csv
`;

interface PredictOptions extends CommonOptions {
  out?: string;
  force?: boolean;
}

/** Says what the subcommand takes and does. */
export function define(command: Command): void {
  command
    .argument("<model>", "run folder or .roentgen bundle")
    .argument("<data...>", "tables or features with the columns that the model was trained on")
    .option("--out <file>", "write a table (.csv .tsv .parquet .arrow) instead of CSV to stdout")
    .option("--force", "replace an existing file");
  withCommonOptions(command, EXAMPLE).action(
    (model: string, data: string[], options: PredictOptions) =>
      run(options, async (work) => {
        const { csv, rows, notes } = await predictTables(model, data, {
          ...work,
          out: options.out,
          force: options.force,
        });
        for (const note of notes) warn(note);
        if (options.json) emit(JSON.stringify(rows()));
        else if (options.out) say(`Wrote ${options.out}`);
        else emit(csv());
      }),
  );
}
