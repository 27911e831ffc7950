// How good the predictions of images are: by image and by patient, whole and by subgroups.

import { type Column, takeColumnRows, type WorkOptions } from "../../base/index.ts";
import type { ImageDataset } from "../../datasets/index.ts";
import {
  type ClassificationJudgement,
  judgeClassification,
  judgeRegression,
  type RegressionJudgement,
} from "../../statistics/index.ts";
import { type JudgeSettings, judgeSubgroups, type Subgroups } from "../tables/judge.ts";
import { patientGroups } from "./patients.ts";

export interface ImagePredictions {
  /** Samples of the data set. */
  readonly samples: Uint32Array;
  /** Probabilities [samples, classes], or values. */
  readonly scores: Float64Array;
}

export interface ImagesJudgement {
  /** Every image counts once; intervals know which are of one patient. */
  readonly byImage: ClassificationJudgement | RegressionJudgement;
  /** Mean probabilities of a patient's images; where some patient has several, and none has images of two classes. */
  readonly byPatient?: ClassificationJudgement;
  readonly subgroups: readonly Subgroups[];
}

export interface JudgeImagesOptions extends JudgeSettings {
  /** Probability of the second of two classes from which on it is predicted. */
  threshold?: number;
  /** Columns of the data set. */
  subgroups: readonly string[];
}

/** Judges predictions of classes or of a measurement. */
export async function judgeImages(
  dataset: ImageDataset,
  { samples, scores }: ImagePredictions,
  { threshold, subgroups, ...settings }: JudgeImagesOptions,
  work: WorkOptions = {},
): Promise<ImagesJudgement> {
  const groups = patientGroups(dataset, samples);
  const columns = subgroupsOf(dataset, samples, subgroups);
  const truth = Float64Array.from(samples, (row) => dataset.samples[row].target as number);
  if (dataset.target.kind !== "classes") {
    const input = { truth, predicted: scores, groups, ...settings };
    const target = { task: "regression", values: truth } as const;
    const prediction = { task: "regression", values: scores } as const;
    return {
      byImage: await judgeRegression(input, work),
      subgroups: await judgeSubgroups({ target, groups }, prediction, columns, settings, work),
    };
  }
  const { classes } = dataset.target;
  const labels = Int32Array.from(truth);
  const binary = classes.length === 2 ? { positiveClass: classes[1], threshold } : {};
  const shared = { classes, ...settings, ...binary };
  const target = { task: "classification", classes, labels } as const;
  const prediction = { task: "classification", classes, probabilities: scores } as const;
  const byPatient = patientMeans({ labels, scores, groups, classes: classes.length });
  return {
    byImage: await judgeClassification({ labels, probabilities: scores, groups, ...shared }, work),
    ...(byPatient && { byPatient: await judgeClassification({ ...byPatient, ...shared }, work) }),
    subgroups: await judgeSubgroups({ target, groups }, prediction, columns, settings, work),
  };
}

function subgroupsOf(
  { columns }: ImageDataset,
  samples: Uint32Array,
  names: readonly string[],
): Column[] {
  return columns
    .filter(({ name }) => names.includes(name))
    .map((column) => takeColumnRows(column, samples));
}

interface PatientInput {
  readonly labels: Int32Array;
  readonly scores: Float64Array;
  readonly groups: Int32Array;
  readonly classes: number;
}

function patientMeans({ labels, scores, groups, classes }: PatientInput) {
  const rowsOf = new Map<number, number[]>();
  for (const [row, group] of groups.entries()) {
    rowsOf.set(group, [...(rowsOf.get(group) ?? []), row]);
  }
  const patients = [...rowsOf.values()];
  const isMixed = patients.some((rows) => rows.some((row) => labels[row] !== labels[rows[0]]));
  if (patients.length === labels.length || isMixed) return undefined;
  const probabilities = new Float64Array(patients.length * classes);
  for (const [at, rows] of patients.entries()) {
    for (const row of rows) {
      for (let one = 0; one < classes; one++) {
        probabilities[at * classes + one] += scores[row * classes + one] / rows.length;
      }
    }
  }
  return { labels: Int32Array.from(patients, ([first]) => labels[first]), probabilities };
}
