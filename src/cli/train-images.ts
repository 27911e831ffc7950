// roentgen train on a folder of images: its own options, and what it shows as it goes.

import { type Command, Option } from "commander";
import type { WorkOptions } from "../base/index.ts";
import { type ImageTrainingOptions, imageMetrics, saveImages } from "../tasks/index.ts";
import {
  type CommonOptions,
  fraction,
  names,
  positiveNumber,
  positiveWholeNumber,
  wholeNumber,
} from "./command.ts";
import { emit, say } from "./terminal.ts";
import { trainingDisplay } from "./training-display.ts";
import { sayImages, sayInitial, sayPreparedImages, sayStart } from "./training-images-summary.ts";

/** What commander gives for the options of images. */
export interface ImageTrainOptions {
  weights?: string;
  freeze?: string[];
  unfreeze?: number;
  batchNorm?: string;
  head?: string;
  size?: number;
  epochs?: number;
  batch?: number;
  learningRate?: number;
  augment?: boolean;
  flips?: string;
  tta?: string;
  classWeights?: string;
  validation?: number;
  folds?: number;
  threshold?: string;
  thresholdAt?: number;
  coverage?: number;
  gallery?: number;
}

/** Their names. */
export const imageOnly = [
  ...["weights", "freeze", "unfreeze", "batchNorm", "head", "size", "epochs", "batch"],
  ...["learningRate", "augment", "flips", "tta", "classWeights", "validation"],
  ...["threshold", "thresholdAt", "coverage", "gallery"],
] as const satisfies readonly (keyof ImageTrainOptions)[];

export function addImageOptions(command: Command): void {
  command
    .optionsGroup("Of images:")
    .option(
      "--weights <file>",
      "pretrained weights (.h5 .keras .pth .safetensors), an ONNX model, or an earlier run or bundle",
    )
    .option(
      "--freeze <layers>",
      "layers not to train, by name or pattern; features: all before the head",
      names,
    )
    .option(
      "--unfreeze <stages>",
      "let pretrained layers go in so many stages, the new head first; 1: all at once (default: 2)",
      positiveWholeNumber,
    )
    .addOption(
      new Option(
        "--batch-norm <how>",
        "whether batch normalisation keeps its statistics (default: auto, kept with --weights)",
      ).choices(["auto", "frozen", "moving"]),
    )
    .addOption(
      new Option(
        "--head <pooling>",
        "what becomes of pretrained features before the new layers",
      ).choices(["auto", "flatten", "average", "max"]),
    )
    .option(
      "--size <pixels>",
      "sides of the network's input (default: fitted to the images)",
      positiveWholeNumber,
    )
    .option(
      "--epochs <number>",
      "passes over the images (default: fitted to their number)",
      positiveWholeNumber,
    )
    .option("--batch <number>", "images a step", positiveWholeNumber)
    .option("--learning-rate <rate>", "largest learning rate (default: looked for)", positiveNumber)
    .option("--no-augment", "learn from the images as they are, without random changes")
    .addOption(
      new Option(
        "--flips <how>",
        "mirrored copies (default: auto, where sides can't be told apart)",
      ).choices(["auto", "none", "horizontal", "both"]),
    )
    .addOption(
      new Option(
        "--tta <when>",
        "predict the mean over mirrored copies (default: auto, where they are learnt from)",
      ).choices(["auto", "on", "off"]),
    )
    .addOption(
      new Option(
        "--class-weights <how>",
        "whether rare classes count more (default: auto)",
      ).choices(["auto", "balanced", "none"]),
    )
    .option(
      "--validation <fraction>",
      "share of the other images that calibrates (default: 0.15)",
      fraction,
    )
    .addOption(
      new Option(
        "--threshold <rule>",
        "what chooses the threshold of two classes (default: youden)",
      ).choices(["half", "youden", "sensitivity", "specificity", "net-benefit"]),
    )
    .option(
      "--threshold-at <share>",
      "sensitivity or specificity to reach, or where the net benefit counts",
      fraction,
    )
    .option(
      "--gallery <number>",
      "images that the report shows with what the network looked at; 0 for none (default: 24)",
      wholeNumber,
    )
    .option(
      "--coverage <share>",
      "share of images whose prediction set holds the truth (default: 0.9)",
      fraction,
    );
}

/** What images call the tasks of tables. */
const TASKS: Readonly<Record<string, string>> = { classification: "classes", regression: "number" };

type Options = CommonOptions &
  ImageTrainOptions & {
    target?: string;
    group?: string | false;
    subgroup?: string[];
    task?: string;
    positive?: string;
    model?: string;
    test?: number;
    out: string;
    force?: boolean;
  };

/** Trains, and shows what was found in the data, the course of the training and how good the result is. */
export async function trainOnImages(
  asked: { readonly data: string; readonly earlier: Record<string, unknown> },
  options: Options,
  { work, command }: { work: WorkOptions; command: Command },
): Promise<void> {
  const settings = imageOptions(asked, options, command);
  let display: ReturnType<typeof trainingDisplay> | undefined;
  const { trained, files } = await saveImages(options.out, settings, {
    ...work,
    force: options.force,
    device: options.device === "cpu" ? "cpu" : "auto",
    ...(options.json
      ? {}
      : {
          onPrepared: sayPreparedImages,
          onNetwork: sayInitial,
          onStart(start, place) {
            sayStart(start, place);
            display = trainingDisplay({ ...start, place });
          },
          onStep: (record) => display?.onStep(record),
          onEpoch: (record) => display?.onEpoch(record),
        }),
  });
  if (options.json) {
    emit(JSON.stringify({ metrics: imageMetrics(trained), files }));
    return;
  }
  sayImages(trained);
  say();
  say(`Report  ${files.report}`);
  say(`Model   ${files.bundle}`);
}

function imageOptions(
  { data, earlier }: { readonly data: string; readonly earlier: Record<string, unknown> },
  options: Options,
  command: Command,
): ImageTrainingOptions {
  const given: Record<string, unknown> = {
    data,
    target: options.target,
    group: options.group === false || typeof options.group === "string" ? options.group : undefined,
    subgroups: options.subgroup,
    task: options.task === undefined ? undefined : (TASKS[options.task] ?? options.task),
    positive: options.positive,
    model: options.model,
    weights: options.weights,
    freeze: options.freeze,
    unfreeze: options.unfreeze,
    batchNorm: options.batchNorm,
    head: options.head,
    size: options.size,
    epochs: options.epochs,
    batchSize: options.batch,
    learningRate: options.learningRate,
    augment: options.augment === false ? false : undefined,
    flips: options.flips,
    testTimeAugmentation: options.tta,
    classWeights: options.classWeights,
    test: options.test,
    validation: options.validation,
    folds: options.folds,
    threshold: options.threshold,
    thresholdAt: options.thresholdAt,
    coverage: options.coverage,
    gallery: options.gallery,
    seed: command.getOptionValueSource("seed") === "default" ? undefined : options.seed,
  };
  const typed = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...earlier, ...Object.fromEntries(typed) } as ImageTrainingOptions;
}
