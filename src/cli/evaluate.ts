// roentgen evaluate: judge a trained model on new data.

import type { Command } from "commander";
import type { WorkOptions } from "../base/index.ts";
import { bundleKind, evaluateTable } from "../tasks/index.ts";
import { type CommonOptions, names, run, withCommonOptions } from "./command.ts";
import { evaluateOnImages } from "./evaluate-images.ts";
import { emit, say } from "./terminal.ts";
import { sayJudgement, saySubgroups } from "./training-summary.ts";

const EXAMPLE = `
roentgen evaluate run new-patients.csv
roentgen evaluate model.roentgen features.npy --labels labels.npy --json
roentgen evaluate model.roentgen films/
`;

export interface EvaluateOptions extends CommonOptions {
  labels?: string;
  target?: string;
  group?: string | false;
  subgroup?: string[];
}

/** Says what the subcommand takes and does. */
export function define(command: Command): void {
  command
    .argument("<model>", "run folder or .roentgen bundle")
    .argument(
      "<data>",
      "table or features with the columns that the model was trained on; of a model of images a folder with a folder a class, a table of paths and labels, or MedMNIST arrays",
    )
    .option("--labels <file>", "labels, where they are in a file of their own")
    .option(
      "--target <column>",
      "column of what is true (default: the one the model was trained on)",
    )
    .option("--group <column>", "column of patients, for intervals (default: guessed and said)")
    .option("--no-group", "rows are independent")
    .option(
      "--subgroup <columns>",
      "show the results apart for each value of these columns",
      names,
    );
  withCommonOptions(command, EXAMPLE).action(
    (model: string, data: string, options: EvaluateOptions) =>
      run(options, async (work) =>
        (await bundleKind(model)) === "image"
          ? evaluateOnImages(model, data, options, work)
          : evaluateOnTable(model, data, options, work),
      ),
  );
}

async function evaluateOnTable(
  model: string,
  data: string,
  { labels, target, group, subgroup = [], seed, json }: EvaluateOptions,
  work: WorkOptions,
): Promise<void> {
  const evaluated = await evaluateTable(
    model,
    {
      data,
      ...(labels === undefined ? {} : { labels }),
      ...(target === undefined ? {} : { target }),
      ...(group === false || typeof group === "string" ? { group } : {}),
      subgroups: subgroup,
      seed,
    },
    work,
  );
  if (json) return emit(JSON.stringify(evaluated.metrics));
  for (const note of evaluated.notes) say(note);
  sayJudgement(evaluated.judgement, `Judged on ${evaluated.judgement.n} rows`);
  saySubgroups(evaluated.subgroups, evaluated.judgement.task);
}
