// roentgen convert: a table or arrays from one format to another.

import type { Command } from "commander";
import { convertFile } from "../tasks/index.ts";
import { type CommonOptions, run, withCommonOptions } from "./command.ts";
import { emit, say } from "./terminal.ts";

const EXAMPLE = `
roentgen convert features.mat features.npz
roentgen convert patients.csv patients.parquet
`;

interface ConvertOptions extends CommonOptions {
  force?: boolean;
}

/** Says what the subcommand takes and does. */
export function define(command: Command): void {
  command
    .argument("<in>", "file to read")
    .argument("<out>", "file to write")
    .option("--force", "replace an existing file");
  withCommonOptions(command, EXAMPLE).action((from: string, to: string, options: ConvertOptions) =>
    run(options, async (work) => {
      const { description, notes } = await convertFile(from, to, { ...work, force: options.force });
      if (options.json) return emit(JSON.stringify({ out: to, description, notes }));
      for (const note of notes) say(note);
      say(`Wrote ${to}: ${description}`);
    }),
  );
}
