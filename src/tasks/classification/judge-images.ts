// How good the predictions of images are: by image and by patient, whole and by subgroups.

import { getColumn, makeTable, type WorkOptions } from "../../base/index.ts";
import type { ImageDataset } from "../../datasets/index.ts";
import {
  byPatient,
  type ClassificationJudgement,
  judgeClassification,
  judgeOrdinal,
  judgeRegression,
  type OrdinalJudgement,
  type RegressionJudgement,
} from "../../statistics/index.ts";
import {
  type JudgeSettings,
  judgeSubgroups,
  type Subgroups,
  subgroupColumns,
} from "../tables/judge.ts";
import { decidedClasses } from "./decided-class.ts";
import { findingsOf } from "./findings.ts";
import { type FindingsJudgement, judgeFindings } from "./judge-findings.ts";
import { patientGroups } from "./patients.ts";

export interface ImagePredictions {
  /** Samples of the data set. */
  readonly samples: Uint32Array;
  /** Probabilities [samples, classes], or values. */
  readonly scores: Float64Array;
}

/** Of classes, grades or a measurement, or of findings. */
export type ImagesJudgement = ScalarJudgement | FindingsJudgement;

interface ScalarJudgement {
  /** Every image counts once; intervals know which are of one patient. */
  readonly byImage: ClassificationJudgement | RegressionJudgement;
  /** Mean probabilities of a patient's images; where some patient has several, and none has images of two classes. */
  readonly byPatient?: ClassificationJudgement;
  /** Of grades, as `predict` gives them: how far off, in grades. */
  readonly grades?: OrdinalJudgement;
  readonly subgroups: readonly Subgroups[];
}

export interface JudgeImagesOptions extends JudgeSettings {
  /** Probability of the second of two classes from which on it is predicted. */
  threshold?: number;
  /** Of findings: the probability of each from which on it is found; by default one half. */
  thresholds?: readonly number[];
  /** Columns of the data set. */
  subgroups: readonly string[];
}

/** @throws RoentgenError "value-missing" for a subgroup that is no column of the data set */
export function checkSubgroups(
  { columns }: Pick<ImageDataset, "columns">,
  names: readonly string[],
): void {
  const table = makeTable([...columns]);
  for (const name of names) getColumn(table, name);
}

/** Judges predictions of classes, findings or a measurement. */
export async function judgeImages(
  dataset: ImageDataset,
  { samples, scores }: ImagePredictions,
  { threshold, thresholds, subgroups, ...settings }: JudgeImagesOptions,
  work: WorkOptions = {},
): Promise<ImagesJudgement> {
  const groups = patientGroups(dataset, samples);
  const columns = subgroupColumns(makeTable([...dataset.columns]), subgroups, samples);
  if (dataset.target.kind === "labels") {
    const { labels } = dataset.target;
    const truth = findingsOf(dataset, samples);
    const given = { labels, thresholds: thresholds ?? labels.map(() => 0.5) };
    const predicted = { ...given, truth, probabilities: scores, groups };
    return judgeFindings(predicted, columns, settings, work);
  }
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
  const decided = { ...settings, ...binary };
  const shared = { classes, ...decided };
  const target = { task: "classification", classes, labels } as const;
  const prediction = { task: "classification", classes, probabilities: scores } as const;
  const patients = patientMeans(labels, scores, groups, classes.length);
  return {
    byImage: await judgeClassification({ labels, probabilities: scores, groups, ...shared }, work),
    ...(patients && { byPatient: await judgeClassification({ ...patients, ...shared }, work) }),
    ...(dataset.target.ordered && {
      grades: await judgeOrdinal(
        {
          grades: classes,
          labels,
          predicted: decidedClasses(scores, { classCount: classes.length, threshold }),
          groups,
          ...settings,
        },
        work,
      ),
    }),
    subgroups: await judgeSubgroups({ target, groups }, prediction, columns, decided, work),
  };
}

/** A patient's images as one statement, where some patient has several and none has images of two classes. */
function patientMeans(
  labels: Int32Array,
  probabilities: Float64Array,
  groups: Int32Array,
  columns: number,
) {
  const classOf = new Map<number, number>();
  for (const [row, group] of groups.entries()) {
    if ((classOf.get(group) ?? labels[row]) !== labels[row]) return undefined;
    classOf.set(group, labels[row]);
  }
  if (classOf.size === labels.length) return undefined;
  const patients = byPatient({ probabilities, groups, labels }, { columns, kind: "classes" });
  return { labels: patients.labels as Int32Array, probabilities: patients.probabilities };
}
