// roentgen demo: a whole story on lesions that Roentgen draws itself, with no download.

import type { Command } from "commander";
import { saveDemo, trainingMetrics } from "../tasks/index.ts";
import { type CommonOptions, positiveWholeNumber, run, withCommonOptions } from "./command.ts";
import { emit, say } from "./terminal.ts";
import { sayPrepared, sayTraining } from "./training-summary.ts";

const EXAMPLE = `
roentgen demo
roentgen demo --patients 500 --seed 1 --out my-demo
`;

interface DemoOptions extends CommonOptions {
  patients: number;
  out: string;
}

/** Says what the subcommand takes and does. */
export function define(command: Command): void {
  command
    .option("--patients <number>", "patients to draw", positiveWholeNumber, 300)
    .option(
      "--out <folder>",
      "where the run is kept; an earlier demo there is replaced",
      "run-demo",
    );
  withCommonOptions(command, EXAMPLE).action((options: DemoOptions) =>
    run(options, async (work) => {
      const { patients, seed, out } = options;
      const demoWork = options.json ? work : { ...work, onPrepared: sayPrepared };
      const { trained, files } = await saveDemo(out, { patients, seed }, demoWork);
      if (options.json) return emit(JSON.stringify({ metrics: trainingMetrics(trained), files }));
      sayTraining(trained);
      say();
      say(`Data    ${files.data}`);
      say(`Model   ${files.bundle}`);
      say(`Report  ${files.report}   (open it in a browser)`);
    }),
  );
}
