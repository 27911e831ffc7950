// roentgen evaluate on a model of images, and what it shows.

import { counted, RoentgenError, type WorkOptions } from "../base/index.ts";
import type { Coverage } from "../statistics/index.ts";
import { type EvaluatedImages, evaluateImages } from "../tasks/index.ts";
import type { EvaluateOptions } from "./evaluate.ts";
import { sayImagesJudgement } from "./image-judgement.ts";
import { emit, say, warn } from "./terminal.ts";
import { sayFigures } from "./training-summary.ts";

/** Judges the model on labelled images. */
export async function evaluateOnImages(
  model: string,
  data: string,
  { labels, target, group, subgroup = [], seed, json, device }: EvaluateOptions,
  work: WorkOptions,
): Promise<void> {
  if (labels !== undefined) throw noLabels();
  const evaluated = await evaluateImages(
    model,
    {
      data,
      ...(target === undefined ? {} : { target }),
      ...(group === false || typeof group === "string" ? { patient: group } : {}),
      ...{ subgroups: subgroup, seed, device: device === "cpu" ? "cpu" : "auto" },
    },
    work,
  );
  if (json) return emit(JSON.stringify(evaluated.metrics));
  sayEvaluated(evaluated);
}

const MOST_LISTED = 20;

function sayEvaluated(evaluated: EvaluatedImages): void {
  const { judgement, coverage, unreadable, warnings, notes } = evaluated;
  for (const note of notes) say(note);
  for (const warning of warnings) warn(warning);
  for (const { path, reason } of unreadable.slice(0, MOST_LISTED)) warn(`${path}: ${reason}`);
  if (unreadable.length > 0) warn(`${counted(unreadable.length, "image")} could not be read.`);
  sayImagesJudgement(judgement);
  if (coverage) sayCoverage(coverage);
}

function sayCoverage({ coverage, perClass, meanSize, singletonsRight }: Coverage): void {
  const { level } = coverage;
  const figures = [
    { label: "all", figure: coverage },
    ...perClass.map((one) => ({ label: one.class, figure: one.coverage })),
    { label: "sets of one class", figure: singletonsRight },
  ];
  sayFigures("Prediction sets that hold the true class", figures, { level, first: "class" });
  sayFigures("Classes in a set", [{ label: "mean", figure: meanSize }], { level });
}

function noLabels(): RoentgenError {
  return new RoentgenError("usage", {
    problem: "The option --labels is for models of tables",
    found: "a model of images",
    remedy: "Name a table of paths and labels as the data, or a folder with a folder a class.",
    subject: "labels",
  });
}
