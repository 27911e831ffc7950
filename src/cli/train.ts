// roentgen train: learn from a table, judge the result, keep the run.

import { type Command, Option } from "commander";
import { RoentgenError } from "../base/index.ts";
import { learnerNames } from "../learning/index.ts";
import { readRun } from "../study/index.ts";
import {
  saveTraining,
  type TrainedTable,
  type TrainingOptions,
  trainingMetrics,
} from "../tasks/index.ts";
import {
  assignment,
  type CommonOptions,
  fraction,
  names,
  positiveWholeNumber,
  run,
  wholeNumber,
  withCommonOptions,
} from "./command.ts";
import { modelOptionsHelp } from "./model-options.ts";
import { emit, say } from "./terminal.ts";
import { sayPrepared, sayTraining } from "./training-summary.ts";

const EXAMPLE = `
roentgen train features.npy --labels labels.npy --model forest --test 0.2 --out run
roentgen train patients.csv --target diagnosis --group patient_id --subgroup site,sex --out run
roentgen train patients.csv --target size_mm --model elastic-net --folds 10 --repeats 5 --out run
roentgen train patients.csv --search 'minSamplesLeaf=[1,5,20]' --search 'maxFeatures=["sqrt",0.5]' --out run
roentgen train --config run/config.json --out again
`;

interface TrainOptions extends CommonOptions {
  labels?: string;
  target?: string;
  group?: string | false;
  weight?: string;
  subgroup?: string[];
  drop?: string[];
  features?: string[];
  task?: "auto" | "classification" | "regression";
  positive?: string;
  dropMissingTarget?: boolean;
  model?: TrainingOptions["model"];
  set?: Record<string, unknown>;
  prepare?: Record<string, unknown>;
  test?: number;
  folds?: number;
  repeats?: number;
  search?: Record<string, unknown>;
  draws?: number;
  searchFolds?: number;
  permutations?: number;
  learningCurve: boolean;
  out: string;
  force?: boolean;
  config?: string;
}

/** Says what the subcommand takes and does. */
export function define(command: Command): void {
  command
    .argument("[data]", "table (.csv .tsv .parquet .arrow) or features (.npy .npz .mat)")
    .option("--labels <file>", "labels, where they are in a file of their own")
    .option("--target <column>", "column to predict (default: guessed and said)")
    .option(
      "--group <column>",
      "column of patients, never parted by a split (default: guessed and said)",
    )
    .option("--no-group", "rows are independent, whatever the columns are called")
    .option("--weight <column>", "column of row weights")
    .option(
      "--subgroup <columns>",
      "show the results apart for each value of these columns (learnt from too, unless dropped)",
      names,
    )
    .option("--drop <columns>", "columns to leave out", names)
    .option("--features <columns>", "learn from exactly these columns", names)
    .addOption(
      new Option("--task <task>", "what to learn").choices([
        "auto",
        "classification",
        "regression",
      ]),
    )
    .option("--positive <class>", "the positive one of two classes")
    .option("--drop-missing-target", "leave out rows without a target instead of refusing them")
    .addOption(new Option("--model <name>", "learner (default: forest)").choices(learnerNames))
    .option(
      "--set <name=value>",
      "option of the model, such as trees=500; may be repeated",
      assignment,
    )
    .option(
      "--prepare <name=value>",
      "option of the preprocessing, such as impute=mean",
      assignment,
    )
    .option("--test <fraction>", "share of the rows held out to judge on (default: 0.2)", fraction)
    .option("--folds <number>", "cross-validate besides, in this many folds", positiveWholeNumber)
    .option("--repeats <number>", "repeat the cross-validation", positiveWholeNumber)
    .option(
      "--search <name=[…]>",
      "values of a model option to choose from by inner cross-validation",
      assignment,
    )
    .option(
      "--draws <number>",
      "random draws from --search instead of the whole grid",
      positiveWholeNumber,
    )
    .option("--search-folds <number>", "folds inside the search (default: 5)", positiveWholeNumber)
    .option(
      "--permutations <number>",
      "times a column is permuted for its importance (default: 10)",
      wholeNumber,
    )
    .option("--no-learning-curve", "leave out the learning curve")
    .option("--config <file>", "config.json of an earlier run, to do the same again")
    .option("--out <folder>", "where the run is kept", "run")
    .option("--force", "replace a finished run in that folder");
  command.addHelpText("after", modelOptionsHelp);
  withCommonOptions(command, EXAMPLE).action((data: string | undefined, options: TrainOptions) =>
    run(options, async (work) => {
      const asked = await trainingOptions(data, options, command);
      const { trained, files } = await saveTraining(options.out, asked, {
        ...work,
        force: options.force,
        ...(options.json ? {} : { onPrepared: sayPrepared }),
      });
      report(trained, files, options);
    }),
  );
}

function report(
  trained: TrainedTable,
  files: Readonly<Record<string, string>>,
  { json }: TrainOptions,
): void {
  if (json) emit(JSON.stringify({ metrics: trainingMetrics(trained), files }));
  else {
    sayTraining(trained);
    say();
    say(`Report  ${files.report}`);
    say(`Model   ${files.bundle}`);
  }
}

/** What is asked: the settings of --config if given, then what the command line says. */
async function trainingOptions(
  data: string | undefined,
  options: TrainOptions,
  command: Command,
): Promise<TrainingOptions> {
  const earlier: Record<string, unknown> =
    options.config === undefined ? {} : await earlierSettings(options.config);
  const given: Record<string, unknown> = {
    data,
    labels: options.labels,
    target: options.target,
    // Commander's default for a --no-… option is true; only what was typed counts.
    group: options.group === false || typeof options.group === "string" ? options.group : undefined,
    weight: options.weight,
    subgroups: options.subgroup,
    drop: options.drop,
    features: options.features,
    task: options.task,
    positive: options.positive,
    missingTarget: options.dropMissingTarget ? "drop" : undefined,
    model: options.model,
    options: options.set,
    preprocessing: options.prepare,
    test: options.test,
    folds: options.folds,
    repeats: options.repeats,
    search: options.search,
    searchDraws: options.draws,
    searchFolds: options.searchFolds,
    permutations: options.permutations,
    learningCurve: options.learningCurve ? undefined : false,
    seed: command.getOptionValueSource("seed") === "default" ? undefined : options.seed,
  };
  const typed = Object.entries(given).filter(([, value]) => value !== undefined);
  // Options of one learner mean nothing to another.
  const otherModel = options.model !== undefined && options.model !== earlier.model;
  const kept = otherModel ? { ...earlier, options: {}, preprocessing: {} } : earlier;
  const asked = { ...kept, ...Object.fromEntries(typed) } as TrainingOptions;
  if (asked.data !== undefined) return asked;
  throw new RoentgenError("usage", {
    problem: "There is nothing to learn from",
    remedy: "Name a table, or features with --labels; `roentgen train --help` shows examples.",
    subject: "data",
  });
}

async function earlierSettings(path: string): Promise<Record<string, unknown>> {
  const folder = path.replace(/[\\/]?config\.json$/, "") || ".";
  return { ...(await readRun(folder)).settings };
}
