// Tells a training on images as a report: what the study's report wants to know, taken from what was found.

import { counted } from "../../base/index.ts";
import type { ImageFinding } from "../../datasets/index.ts";
import { architecture } from "../../networks/index.ts";
import { conformalSets, coverageFigure } from "../../statistics/index.ts";
import {
  type GallerySummary,
  type ImageStudy,
  imageReport,
  type JudgedFindings,
  type JudgedScalar,
  type Notice,
  renderReport,
  type SplitRow,
} from "../../study/index.ts";
import { judgesFindings } from "./judge-findings.ts";
import { networkFacts } from "./network-facts.ts";
import { patientGroups } from "./patients.ts";
import { countClasses } from "./recipe.ts";
import type { TrainedImages } from "./train-images.ts";

/** The report as one HTML page. */
export function imageStudyReport(trained: TrainedImages, gallery?: GallerySummary): string {
  return renderReport(imageReport({ ...describeStudy(trained), gallery }));
}

function describeStudy(trained: TrainedImages): ImageStudy {
  const { dataset, plan, settings, members } = trained;
  const { target } = dataset;
  return {
    learner: learnerInWords(trained),
    target: target.name,
    unit: target.kind === "number" ? target.unit : undefined,
    data: describeData(trained),
    split: describeSplit(trained),
    findings: findingsOf(trained),
    ...judgedOf(trained),
    courses: members.map(({ history, bestEpoch }) => ({ history, bestEpoch })),
    sets: describeSets(trained),
    unusual: describeUnusual(trained),
    network: { facts: networkFacts(trained), augmentation: plan.augmentation },
    config: settings,
    command: "roentgen train --config config.json --out again",
    provenance: trained.provenance,
    startedAt: trained.startedAt,
    endedAt: trained.endedAt,
  };
}

function judgedOf(trained: TrainedImages): JudgedScalar | JudgedFindings {
  const { judgement } = trained;
  if (judgesFindings(judgement)) {
    const { byImage, byPatient, subgroups } = judgement;
    return { judgement: knownPatients(trained, byImage), byPatient, subgroups };
  }
  const { byImage, byPatient, grades, subgroups } = judgement;
  return { judgement: knownPatients(trained, byImage), byPatient, grades, subgroups };
}

/** "ResNet-18", "mean of 5 networks, ResNet-18". */
function learnerInWords({ plan, members }: TrainedImages): string {
  const title = inSentence(architecture(plan.model).title);
  return members.length === 1 ? title : `mean of ${members.length} networks, ${title}`;
}

/** "compact residual network", but "ResNet-18". */
function inSentence(title: string): string {
  return title.replace(/^[A-Z](?=[a-z]+ )/, (letter) => letter.toLowerCase());
}

/** Where no patient is known, images are not said to be one a patient. */
function knownPatients<J extends { patients?: number }>({ dataset }: TrainedImages, judgement: J) {
  const isKnown = dataset.samples.some(({ patient }) => patient !== undefined);
  return isKnown ? judgement : { ...judgement, patients: undefined };
}

function describeData(trained: TrainedImages): ImageStudy["data"] {
  const { dataset, split, plan, notes } = trained;
  const { size, channels } = plan.preparation;
  const all = Uint32Array.from([...split.train, ...split.validation, ...split.test]);
  const { target } = dataset;
  const counts = countClasses(dataset, all);
  const imagesOf = (name: string, at: number) => ({ name, images: counts[at] });
  return {
    name: nameOfData(dataset),
    images: all.length,
    ...patientsOf(trained, all),
    ...(target.kind === "classes" && { classes: target.classes.map(imagesOf) }),
    ...(target.kind === "labels" && { labels: target.labels.map(imagesOf) }),
    ...(target.kind === "number" && { range: rangeOf(trained, all) }),
    input: `${size.join(" × ")}, ${counted(channels, "channel")}`,
    notes,
  };
}

/** The last part of its path: the others may name people and machines. */
export function nameOfData({ path }: Pick<TrainedImages["dataset"], "path">): string {
  return path.split(/[\\/]/).findLast((part) => part !== "") ?? path;
}

/** How many patients; nothing where none is known. */
function patientsOf({ dataset }: TrainedImages, rows: Uint32Array): { patients?: number } {
  const isKnown = rows.some((row) => dataset.samples[row].patient !== undefined);
  return isKnown ? { patients: new Set(patientGroups(dataset, rows)).size } : {};
}

function rangeOf({ dataset }: TrainedImages, rows: Uint32Array) {
  const sorted = Float64Array.from(rows, (row) => dataset.samples[row].target as number).sort();
  const median = sorted[Math.floor(sorted.length / 2)];
  return { low: sorted[0], median, high: sorted[sorted.length - 1] };
}

function describeSplit(trained: TrainedImages): ImageStudy["split"] {
  const { dataset, split, folds } = trained;
  const side = (label: string, rows: Uint32Array): SplitRow => ({
    label,
    count: rows.length,
    ...patientsOf(trained, rows),
    ...(dataset.target.kind !== "number" && { classes: countClasses(dataset, rows) }),
  });
  const isByPatient = dataset.samples.some(({ patient }) => patient !== undefined);
  const apart = [
    side("Learnt from", split.train),
    side("Tuned and calibrated on", split.validation),
  ];
  const inFolds = folds.map(({ validation }, at) =>
    side(`Tuned and calibrated network ${at + 1}, learnt from by the others`, validation),
  );
  return {
    description: `The images judged on were neither learnt from nor used to choose anything.${isByPatient ? " All images of a patient are on one side." : ""}`,
    sides: [...(folds.length > 1 ? inFolds : apart), side("Judged on", split.test)],
  };
}

const titles: Record<ImageFinding["kind"], string> = {
  "duplicate-images": "Duplicate images",
  "near-duplicate-images": "Nearly equal images",
  "conflicting-labels": "Equal images with different labels",
  "shared-patient": "Patients on both sides",
  "burnt-in-marks": "Marks burnt into the images",
  "few-images": "Few images",
  "class-imbalance": "Rare classes",
  "site-intensity": "Sites differ in brightness",
  "site-tells-class": "The site knows the answer",
  "size-tells-class": "The size of the images knows the answer",
};

/** Names that a notice lists before the rest is only counted. */
const MOST_NAMED = 5;

function findingsOf({ dataset, findings, unreadable, calibration }: TrainedImages): Notice[] {
  const notices = findings.map(
    ({ kind, severity, message }): Notice => ({
      level: severity === "note" ? "note" : "warning",
      title: titles[kind],
      text: message,
    }),
  );
  const problems = dataset.problems.map(
    ({ message }): Notice => ({ level: "warning", title: "Found in the data", text: message }),
  );
  notices.push(...problems);
  if (unreadable.length > 0) {
    const named = unreadable.slice(0, MOST_NAMED).map(({ path, reason }) => `${path} (${reason})`);
    const more = unreadable.length - named.length;
    notices.push({
      level: "warning",
      title: `${counted(unreadable.length, "image")} could not be read`,
      text: `Left out: ${named.join("; ")}${more > 0 ? `; and ${more} more, listed in metrics.json` : ""}.`,
    });
  }
  const left = (calibration?.notes ?? []).map(
    (text): Notice => ({ level: "note", title: "Left out", text }),
  );
  return [...notices, ...left];
}

function describeSets({ dataset, split, predictions, calibration, settings }: TrainedImages) {
  const { target, samples } = dataset;
  const conformal = calibration?.conformal;
  if (target.kind !== "classes" || !conformal) return undefined;
  const labels = Int32Array.from(split.test, (row) => samples[row].target as number);
  const groups = patientGroups(dataset, split.test);
  const sets = conformalSets(conformal, predictions.scores);
  const { classes } = target;
  const coverage = coverageFigure(sets, labels, { classes, groups, level: settings.level });
  return { promise: conformal.promise, coverage };
}

function describeUnusual({ unusual, predictions }: TrainedImages): ImageStudy["unusual"] {
  const { distances } = predictions;
  if (!unusual || !distances) return undefined;
  const { usual, threshold, thresholdMissingBecause } = unusual;
  const above = threshold === null ? 0 : distances.filter((one) => one > threshold).length;
  return { usual, threshold, thresholdMissingBecause, above, of: distances.length };
}
