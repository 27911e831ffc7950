// What a training on images found, as lines on a terminal.

import { counted } from "../base/index.ts";
import { summary } from "../networks/index.ts";
import {
  countFindings,
  type InitialNetwork,
  type MemberPlace,
  type PreparedImages,
  type StageStart,
  type TrainedImages,
} from "../tasks/index.ts";
import { sayImagesJudgement } from "./image-judgement.ts";
import { heading, say, styled, warn } from "./terminal.ts";

/** Shows what will be learnt from, and what looks wrong with it. */
export function sayPreparedImages(
  { dataset, split, folds, plan, notes, findings, store }: PreparedImages,
  { resumes }: { readonly resumes: boolean },
): void {
  const { target, samples, problems } = dataset;
  const { size, channels } = plan.preparation;
  const label = (word: string) => styled("bold", word.padEnd(7));
  say(`${label("Data")}${counted(samples.length, "image")}, ${targetInWords(dataset)}`);
  for (const note of notes) say(`       ${note}`);
  say(`${label("Split")}${learningInWords(split, folds)}, ${split.test.length} to judge on`);
  const colours = channels === 1 ? "grey" : channels === 3 ? "colour" : `${channels} channels`;
  say(`${label("Input")}${size.join(" × ")}, ${colours}`);
  const networks = folds.length > 1 ? `${folds.length} networks ` : "";
  say(
    `${label("Model")}${networks}${plan.model}, ${counted(plan.epochs, "epoch")} of batches of ${plan.batchSize}`,
  );
  if (plan.mirrors.length > 0)
    say("       predicts the mean over each image and its mirror images");
  if (plan.classWeights) {
    const weights = plan.classWeights.map((weight) => weight.toFixed(2)).join(", ");
    const rare = target.kind === "labels" ? "images with a rare finding" : "rare classes";
    say(`       ${rare} count more: ${weights}`);
  }
  if (resumes) say(`${label("")}Going on with the training that was interrupted.`);
  for (const { message } of findings) warn(message);
  for (const { message, subjects, count } of problems)
    warn(`${message.replace(/\.$/, "")}${listed(subjects, count)}`);
  if (store.failed.length > 0) {
    const paths = store.failed.map(({ path, reason }) => `${path} (${reason})`);
    warn(
      `${counted(store.failed.length, "image")} could not be read${listed(paths, paths.length)}`,
    );
  }
}

function learningInWords(
  { train, validation }: PreparedImages["split"],
  folds: PreparedImages["folds"],
): string {
  if (folds.length === 1) {
    return `${train.length} to learn from, ${validation.length} to choose and calibrate by`;
  }
  return `${train.length} in ${folds.length} folds to learn from, each of which chooses and calibrates the network that left it out`;
}

const MOST_LISTED = 5;

function listed(subjects: readonly string[], count: number): string {
  const shown = subjects.slice(0, MOST_LISTED);
  const more = count - shown.length;
  return `: ${shown.join("; ")}${more > 0 ? `; and ${more.toLocaleString("en-US")} more` : ""}`;
}

function targetInWords({ target, samples }: PreparedImages["dataset"]): string {
  if (target.kind === "number") return `${target.name}${target.unit ? ` in ${target.unit}` : ""}`;
  if (target.kind === "labels") {
    const found = countFindings({ target, samples }, samples.keys());
    const counts = target.labels.map((name, at) => `${name}: ${found[at].found}`);
    return `${counted(target.labels.length, "finding")} (${counts.join(", ")})`;
  }
  const counts = target.classes.map(
    (name, index) => `${name}: ${samples.filter((sample) => sample.target === index).length}`,
  );
  return `${target.classes.length} classes (${counts.join(", ")})`;
}

/** Shows the network where parts of it stay as they are, at first or always; of several the first, which all are like. */
export function sayInitial(
  { network, stages, notes }: InitialNetwork,
  { number }: MemberPlace,
): void {
  if (number > 1) return;
  for (const note of notes) say(`       ${note}`);
  const [{ trainable }] = stages;
  if (trainable) say(summary(network, { trainable }));
}

export function sayStart(
  { learningRate, rateIs, memoryNote, hasFeatures, history, ...start }: StageStart,
  { number, of }: MemberPlace,
): void {
  const { stage, stages, title, trainedParameters, epochs } = start;
  if (of > 1 && stage === 1) say(`\nNetwork ${number} of ${of}`);
  const rate = { found: "found by a sweep", given: "as given", usual: "the usual one" }[rateIs];
  const count = `${trainedParameters.toLocaleString("en-US")} parameters`;
  if (stages > 1) say(`Stage ${stage} of ${stages}: ${title} (${count})`);
  say(`       learning rate ${learningRate}, ${rate}`);
  if (memoryNote) say(`       ${memoryNote}`);
  if (hasFeatures && number === 1)
    say("       What is frozen gives its features once; only the rest is run in each epoch.");
  if (history.length > 0)
    say(`       ${history.length} of ${counted(epochs, "epoch")} were done before.`);
}

/** Shows what a finished training found. */
export function sayImages({ judgement, dataset, calibration, members }: TrainedImages): void {
  const unit = dataset.target.kind === "number" ? dataset.target.unit : undefined;
  const best = members.map(({ bestEpoch, stopped }) => `${bestEpoch} (${stopped})`);
  say(`\nBest weights are those of epoch ${best.join(", ")}.`);
  for (const note of calibration?.notes ?? []) warn(note);
  sayImagesJudgement(judgement, { heldOut: " held out", unit });
  if (calibration?.conformal) {
    heading("Prediction sets");
    say(calibration.conformal.promise);
  }
}
