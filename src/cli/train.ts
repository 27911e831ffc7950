// roentgen train: learn from a table or from images, judge the result, keep the run. The data decide which.

import { type Command, Option } from "commander";
import { RoentgenError } from "../base/index.ts";
import { learnerNames } from "../learning/index.ts";
import { readRun } from "../study/index.ts";
import {
  imageModelNames,
  isImageTraining,
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
import {
  addImageOptions,
  type ImageTrainOptions,
  imageOnly,
  trainOnImages,
} from "./train-images.ts";
import { sayPrepared, sayTraining } from "./training-summary.ts";

const EXAMPLE = `
roentgen train features.npy --labels labels.npy --model forest --test 0.2 --out run
roentgen train patients.csv --target diagnosis --group patient_id --subgroup site,sex --out run
roentgen train patients.csv --target size_mm --model elastic-net --folds 10 --repeats 5 --out run
roentgen train patients.csv --search 'minSamplesLeaf=[1,5,20]' --search 'maxFeatures=["sqrt",0.5]' --out run
roentgen train chest-films/ --model compact --out run
roentgen train chest-films/ --model vgg16 --weights vgg16_notop.h5 --freeze features --out run
roentgen train few-films/ --weights many-films-run --out run
roentgen train --config run/config.json --out again
`;

interface TrainOptions extends CommonOptions, ImageTrainOptions {
  labels?: string;
  target?: string;
  group?: string | false;
  weight?: string;
  subgroup?: string[];
  drop?: string[];
  features?: string[];
  task?: string;
  positive?: string;
  dropMissingTarget?: boolean;
  model?: string;
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
    .argument(
      "[data]",
      "table (.csv .tsv .parquet .arrow), features (.npy .npz .mat), or a folder with a folder of images a class",
    )
    .option("--labels <file>", "labels, where they are in a file of their own")
    .option(
      "--target <column>",
      "column to predict (default: guessed and said); of images also several of findings, with commas",
    )
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
      new Option("--task <task>", "what to learn; of images also grades or several labels").choices(
        ["auto", "classification", "regression", "grades", "labels"],
      ),
    )
    .option("--positive <class>", "the positive one of two classes")
    .option("--drop-missing-target", "leave out rows without a target instead of refusing them")
    .addOption(
      new Option(
        "--model <name>",
        "learner of a table (default: forest) or network for images (default: compact)",
      ).choices([...learnerNames, ...imageModelNames]),
    )
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
    .option(
      "--test <fraction>",
      "share of the rows or images held out to judge on (default: 0.2)",
      fraction,
    )
    .option(
      "--folds <number>",
      "of a table cross-validate besides, in this many folds; of images train a network without each, whose mean is the model",
      positiveWholeNumber,
    )
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
  addImageOptions(command);
  command.addHelpText("after", modelOptionsHelp);
  withCommonOptions(command, EXAMPLE).action((data: string | undefined, options: TrainOptions) =>
    run(options, async (work) => {
      const asked = await askedFor(data, options);
      const target = options.target ?? (asked.earlier.target as string | undefined);
      if (await isImageTraining(asked.data, { target })) {
        refuseOthers(command, tableOnly, "images");
        await trainOnImages(asked, options, { work, command });
        return;
      }
      refuseOthers(command, imageOnly, "a table");
      const { trained, files } = await saveTraining(
        options.out,
        trainingOptions(asked, options, command),
        {
          ...work,
          force: options.force,
          ...(options.json ? {} : { onPrepared: sayPrepared }),
        },
      );
      report(trained, files, options);
    }),
  );
}

/** What the command line or an earlier run names as data, with that run's settings. */
interface Asked {
  readonly data: string;
  readonly earlier: Record<string, unknown>;
}

/** Options that mean something for tables only, by their names in commander. */
const tableOnly = [
  ...["labels", "weight", "drop", "features", "dropMissingTarget", "set", "prepare"],
  ...["repeats", "search", "draws", "searchFolds", "permutations", "learningCurve"],
];

/** An option that would change nothing is a misunderstanding, better said than ignored. */
function refuseOthers(command: Command, names: readonly string[], data: string): void {
  const given = names.find((name) => command.getOptionValueSource(name) === "cli");
  if (given === undefined) return;
  const flag = command.options.find((option) => option.attributeName() === given)?.long ?? given;
  throw new RoentgenError("usage", {
    problem: `${flag} means nothing for ${data}`,
    remedy: "Leave it out; `roentgen train --help` says what each option is for.",
    subject: flag,
  });
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

async function askedFor(data: string | undefined, options: TrainOptions): Promise<Asked> {
  const earlier: Record<string, unknown> =
    options.config === undefined ? {} : await earlierSettings(options.config);
  const named = data ?? earlier.data;
  if (typeof named === "string") return { data: named, earlier };
  throw new RoentgenError("usage", {
    problem: "There is nothing to learn from",
    remedy:
      "Name a table, features with --labels, or a folder of images; `roentgen train --help` shows examples.",
    subject: "data",
  });
}

/** What is asked: the settings of --config if given, then what the command line says. */
function trainingOptions(
  { data, earlier }: Asked,
  options: TrainOptions,
  command: Command,
): TrainingOptions {
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
  return { ...kept, ...Object.fromEntries(typed) } as TrainingOptions;
}

async function earlierSettings(path: string): Promise<Record<string, unknown>> {
  const folder = path.replace(/[\\/]?config\.json$/, "") || ".";
  return { ...(await readRun(folder)).settings };
}
