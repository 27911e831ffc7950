// The judgement of a classification: every figure with its interval and N, per class and overall,
// and the curves that a report draws.

import type { SettingsOf } from "../base/index.ts";
import { calibrationLine } from "./calibration-line.ts";
import { type ClassificationCurves, classificationCurves } from "./classification-curves.ts";
import {
  classFigures,
  type Judged,
  overallFigures,
  resampleScores,
} from "./classification-figures.ts";
import {
  type ClassificationInput,
  checkClassification,
  checkSettings,
  type judgementParameters,
} from "./classification-input.ts";
import { columnOf } from "./columns.ts";
import { confusionRows } from "./confusion.ts";
import type { Figure } from "./figure.ts";
import type { JudgementWork } from "./judgement-work.ts";
import type { ClassScore, OverallScore } from "./score-names.ts";

/** The input and the settings in one object. */
export type ClassificationToJudge = ClassificationInput &
  Partial<SettingsOf<typeof judgementParameters>>;

/** Names of figures of the whole; some belong to two classes, some to more. */
export type ClassificationFigure =
  | OverallScore
  | ClassScore
  | "calibrationIntercept"
  | "calibrationSlope";

/** Figures of one class against the rest. */
export interface ClassJudgement {
  readonly name: string;
  /** Rows of this true class. */
  readonly n: number;
  /** Rows given this class. */
  readonly predicted: number;
  readonly figures: Readonly<Record<ClassScore, Figure>>;
}

/** Plain data: what is known about how well a classifier does. */
export interface ClassificationJudgement {
  readonly task: "classification";
  /** Rows judged. */
  readonly n: number;
  /** Patients, where given. */
  readonly patients?: number;
  readonly classes: readonly string[];
  /** Rows of each class. */
  readonly counts: readonly number[];
  /** The positive class of two. */
  readonly positiveClass?: string;
  /** Where given: the positive class is predicted from this probability on. */
  readonly threshold?: number;
  readonly level: number;
  readonly resamples: number;
  readonly seed: number;
  readonly weighted: boolean;
  /** `[true class][predicted class]`, by weight where rows are weighted. */
  readonly confusion: readonly (readonly number[])[];
  readonly figures: Readonly<Partial<Record<ClassificationFigure, Figure>>>;
  readonly perClass: readonly ClassJudgement[];
  readonly curves: ClassificationCurves;
}

/**
 * Judges predicted probabilities against true classes.
 *
 * Proportions have Wilson's interval, likelihood ratios the log method's, areas under ROC curves
 * DeLong's, where rows are independent: no weights, and no patient with more than one row. All else,
 * and everything otherwise, has bootstrap intervals with patients resampled whole. An undefined
 * figure has the value null and a reason.
 * @throws RoentgenError "shape-mismatch", "value-invalid", "bad-option" or "cancelled"
 */
export async function judgeClassification(
  { classes, labels, probabilities, groups, weights, ...options }: ClassificationToJudge,
  work: JudgementWork = {},
): Promise<ClassificationJudgement> {
  const input: ClassificationInput = { classes, labels, probabilities, groups, weights };
  checkClassification(input);
  const settings = checkSettings(options, classes);
  const judged = await resampleScores(input, settings, work);
  const { positive, threshold, level, resamples, seed } = settings;
  const perClass = classes.map((name, index) => judgeClass(judged, name, index));
  return {
    task: "classification",
    n: labels.length,
    ...(groups && { patients: judged.unitCount }),
    classes,
    counts: classes.map((_, index) => countOf(labels, index)),
    ...(positive !== undefined && { positiveClass: classes[positive] }),
    ...(threshold !== undefined && { threshold }),
    level,
    resamples,
    seed,
    weighted: weights !== undefined,
    confusion: confusionRows(judged.matrix),
    figures: {
      ...overallFigures(judged),
      ...(positive !== undefined && judgeBinary(judged, perClass[positive])),
    },
    perClass,
    curves: classificationCurves(input, { positive, level, bins: settings.bins }),
  };
}

function judgeClass(judged: Judged, name: string, index: number): ClassJudgement {
  const { input, predicted } = judged;
  const figures = classFigures(judged, index);
  return { name, n: countOf(input.labels, index), predicted: countOf(predicted, index), figures };
}

function judgeBinary(
  judged: Judged,
  positive: ClassJudgement,
): Partial<Record<ClassificationFigure, Figure>> {
  const { input, settings } = judged;
  const index = settings.positive as number;
  const { intercept, slope } = calibrationLine(
    input.labels.map((label) => +(label === index)),
    columnOf(input.probabilities, index, 2),
    { weights: input.weights, groups: input.groups, level: settings.level },
  );
  return { ...positive.figures, calibrationIntercept: intercept, calibrationSlope: slope };
}

function countOf(labels: Int32Array, index: number): number {
  let count = 0;
  for (const label of labels) if (label === index) count += 1;
  return count;
}
