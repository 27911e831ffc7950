// roentgen summary: what a model is made of, takes and gives.

import type { Command } from "commander";
import { summariseModel } from "../tasks/index.ts";
import { type CommonOptions, run, withCommonOptions } from "./command.ts";
import { emit, heading, say, sayTable } from "./terminal.ts";

const EXAMPLE = `
roentgen summary run
roentgen summary model.onnx
`;

/** Says what the subcommand takes and does. */
export function define(command: Command): void {
  command.argument("<model>", "run folder, .roentgen bundle or .onnx file");
  withCommonOptions(command, EXAMPLE).action((path: string, options: CommonOptions) =>
    run(options, async () => {
      const summary = await summariseModel(path);
      if (options.json) return emit(JSON.stringify(summary));
      say(summary.title);
      heading("Takes");
      sayTable(["name", "type", "shape"], summary.inputs);
      heading("Gives");
      sayTable(["name", "type", "shape"], summary.outputs);
      heading("Made of");
      sayTable(["operator", "name", "holds", "gives", "parameters"], summary.layers);
      say(`  ${summary.parameterCount.toLocaleString("en")} parameters`);
      if (summary.columns.length > 0) {
        heading("Columns");
        sayTable(["column", "kind", "in training"], summary.columns);
      }
      if (summary.metrics.length > 0) {
        heading("On rows it was not trained on");
        sayTable(["figure", "value", "interval", "N"], summary.metrics);
      }
    }),
  );
}
