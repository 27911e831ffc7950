// roentgen evaluate on a model of images, and what it shows.

import { counted, RoentgenError, type WorkOptions } from "../base/index.ts";
import type { Coverage, Figure, MultiLabelJudgement } from "../statistics/index.ts";
import { type EvaluatedImages, evaluateImages, fourDigits } from "../tasks/index.ts";
import type { EvaluateOptions } from "./evaluate.ts";
import { emit, heading, say, sayTable, warn } from "./terminal.ts";
import { sayJudgement, saySubgroups } from "./training-summary.ts";

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
      ...(typeof group === "string" ? { patient: group } : {}),
      ...{ subgroups: subgroup, seed, device: device === "cpu" ? "cpu" : "auto" },
    },
    work,
  );
  if (json) return emit(JSON.stringify(evaluated.metrics));
  sayEvaluated(evaluated);
}

const MOST_LISTED = 20;

function sayEvaluated({ judgement, findings, coverage, unreadable, notes }: EvaluatedImages): void {
  for (const note of notes) say(note);
  for (const { path, reason } of unreadable.slice(0, MOST_LISTED)) warn(`${path}: ${reason}`);
  if (unreadable.length > 0) warn(`${counted(unreadable.length, "image")} could not be read.`);
  if (judgement) {
    const { byImage, byPatient, subgroups } = judgement;
    sayJudgement(byImage, `Judged on ${byImage.n} images`);
    if (byPatient) sayJudgement(byPatient, `By patient: ${byPatient.n} patients`);
    saySubgroups(subgroups, byImage.task);
  }
  if (findings) sayFindings(findings);
  if (coverage) sayCoverage(coverage);
}

function sayFindings({ n, perLabel }: MultiLabelJudgement): void {
  heading(`Judged on ${n} images`);
  const figures = ["rocAuc", "sensitivity", "specificity"] as const;
  sayTable(
    ["finding", "found in", "known of", ...figures],
    perLabel.map((label) => [
      label.name,
      String(label.positives),
      String(label.n),
      ...figures.map((name) => shown(label.figures[name])),
    ]),
  );
}

function sayCoverage({ coverage, perClass, meanSize }: Coverage): void {
  heading("Prediction sets that hold the true class");
  sayTable(
    ["class", "share", "N"],
    [
      ["all", shown(coverage), String(coverage.n)],
      ...perClass.map((one) => [one.class, shown(one.coverage), String(one.coverage.n)]),
    ],
  );
  say(`  ${shown(meanSize)} classes a set on average`);
}

function shown({ value, low, high }: Figure): string {
  if (value === null) return "undefined";
  const interval =
    low === null || high === null ? "" : ` (${fourDigits(low)} – ${fourDigits(high)})`;
  return `${fourDigits(value)}${interval}`;
}

function noLabels(): RoentgenError {
  return new RoentgenError("usage", {
    problem: "The option --labels is for models of tables",
    found: "a model of images",
    remedy: "Name a table of paths and labels as the data, or a folder with a folder a class.",
    subject: "labels",
  });
}
