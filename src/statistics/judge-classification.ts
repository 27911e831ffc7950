// The judgement of a classification: every figure with its interval and N, per class and overall,
// and the curves that a report draws.

import type { ProgressListener, SettingsOf } from "../base/index.ts";
import { bootstrap, numberUnits, type Replicates } from "./bootstrap.ts";
import { bootstrapFigure } from "./bootstrap-figure.ts";
import { calibrationLine } from "./calibration-line.ts";
import { type ClassificationCurves, classificationCurves } from "./classification-curves.ts";
import {
  type ClassificationInput,
  checkClassification,
  checkSettings,
  type judgementParameters,
} from "./classification-input.ts";
import {
  type ClassScore,
  classAt,
  classScores,
  decideClasses,
  type OverallScore,
  overallAt,
  overallScoresFor,
  prepareClassification,
  scoreClassification,
  scoreCount,
} from "./classification-scores.ts";
import {
  type BinaryCounts,
  binaryCounts,
  type ConfusionMatrix,
  confusionMatrix,
  confusionRows,
} from "./confusion.ts";
import { aucFigure } from "./delong.ts";
import { type Figure, makeFigure } from "./figure.ts";
import { proportionFigure } from "./proportion.ts";
import { likelihoodRatioInterval } from "./rates.ts";
import { columnOf } from "./roc.ts";
import { whyClassUndefined, whyUndefined } from "./undefined-reasons.ts";

/** The input and the settings in one object. */
export type ClassificationToJudge = ClassificationInput &
  Partial<SettingsOf<typeof judgementParameters>>;

/** Names of figures of the whole; some belong to two classes, some to more. */
export type ClassificationFigure =
  | OverallScore
  | ClassScore
  | "calibrationIntercept"
  | "calibrationSlope";

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

/** For long work: the listener hears of progress; a signal fired from there ends the work. */
export interface JudgementWork {
  readonly signal?: AbortSignal;
  readonly onProgress?: ProgressListener;
}

/**
 * Judges predicted probabilities against true classes.
 *
 * Proportions have Wilson's interval, likelihood ratios the log method's, areas under ROC curves
 * DeLong's, where rows are independent: no weights, and no patient with more than one row. All else,
 * and everything otherwise, has bootstrap intervals with patients resampled whole. An undefined
 * figure has the value null and a reason.
 * @throws RoentgenError "shape-mismatch", "value-invalid" or "bad-option"
 */
export function judgeClassification(
  { classes, labels, probabilities, groups, weights, ...options }: ClassificationToJudge,
  work: JudgementWork = {},
): ClassificationJudgement {
  const input: ClassificationInput = { classes, labels, probabilities, groups, weights };
  checkClassification(input);
  const settings = checkSettings(options, classes);
  const judged = resampleScores(input, settings, work);
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
      ...judgeOverall(judged),
      ...(positive !== undefined && judgeBinary(judged, perClass[positive])),
    },
    perClass,
    curves: classificationCurves(input, { positive, level, bins: settings.bins }),
  };
}

/** What the figures are made from. */
interface Judged {
  readonly input: ClassificationInput;
  readonly settings: ReturnType<typeof checkSettings>;
  readonly predicted: Int32Array;
  /** By weight. */
  readonly matrix: ConfusionMatrix;
  /** By rows. */
  readonly rowMatrix: ConfusionMatrix;
  /** Whether rows can be taken as independent, so that analytic intervals hold. */
  readonly independent: boolean;
  readonly unitCount: number;
  readonly replicates: Replicates;
}

function resampleScores(
  input: ClassificationInput,
  settings: ReturnType<typeof checkSettings>,
  work: JudgementWork,
): Judged {
  const { labels, groups, weights } = input;
  const { positive, threshold, bins, resamples, seed, stratify } = settings;
  const prepared = prepareClassification(input, { positive, threshold, bins });
  const { unitCount } = numberUnits(labels.length, groups);
  const classCount = input.classes.length;
  const predicted = decideClasses(input, { positive, threshold });
  const replicates = bootstrap(
    (rowWeights, out) => scoreClassification(prepared, rowWeights, out),
    {
      rowCount: labels.length,
      size: scoreCount(classCount),
      groups,
      strata: stratify === "class" ? labels : undefined,
      weights,
      resamples: unitCount < 2 ? 0 : resamples,
      seed,
      purpose: "statistics/judge",
      ...work,
    },
  );
  return {
    input,
    settings,
    predicted,
    matrix: confusionMatrix(labels, predicted, { classCount, weights }),
    rowMatrix: confusionMatrix(labels, predicted, { classCount }),
    independent: weights === undefined && unitCount === labels.length,
    unitCount,
    replicates,
  };
}

function judgeOverall(judged: Judged): Partial<Record<ClassificationFigure, Figure>> {
  const names = overallScoresFor(judged.settings.positive !== undefined);
  return Object.fromEntries(names.map((name) => [name, overallFigure(judged, name)]));
}

function overallFigure(judged: Judged, name: OverallScore): Figure {
  const { input, settings, rowMatrix, independent } = judged;
  const n = input.labels.length;
  const undefinedBecause = whyUndefined(name, rowMatrix, input.classes);
  if (independent && (name === "accuracy" || name === "microF1")) {
    let right = 0;
    for (let row = 0; row < n; row++) if (judged.predicted[row] === input.labels[row]) right += 1;
    const { level, proportions } = settings;
    return proportionFigure(right, n, { level, method: proportions, undefinedBecause });
  }
  return resampledFigure(judged, overallAt(name), { n, undefinedBecause });
}

function resampledFigure(
  { replicates, settings, input, unitCount }: Judged,
  index: number,
  { n, undefinedBecause }: { n: number; undefinedBecause: string },
): Figure {
  const unit = unitCount < input.labels.length ? "patient" : "row";
  const { level, bootstrap: kind } = settings;
  return bootstrapFigure(replicates, index, { level, n, kind, unit, undefinedBecause });
}

function judgeClass(judged: Judged, name: string, index: number): ClassJudgement {
  const { input, predicted } = judged;
  const figures = Object.fromEntries(
    classScores.map((score) => [score, classFigure(judged, index, score)]),
  ) as Record<ClassScore, Figure>;
  return { name, n: countOf(input.labels, index), predicted: countOf(predicted, index), figures };
}

function classFigure(judged: Judged, index: number, score: ClassScore): Figure {
  const { input, settings, rowMatrix, independent } = judged;
  const counts = binaryCounts(rowMatrix, index);
  const share = shareOf(counts, score);
  const n = share ? share.trials : input.labels.length;
  const undefinedBecause = whyClassUndefined(score, counts, input.classes[index]);
  const { level, proportions } = settings;
  if (!independent) return resampledFigure(judged, classAt(index, score), { n, undefinedBecause });
  if (share) {
    return proportionFigure(share.successes, n, { level, method: proportions, undefinedBecause });
  }
  if (score === "rocAuc") {
    const positive = input.labels.map((label) => +(label === index));
    return aucFigure(positive, columnOf(input.probabilities, index, input.classes.length), {
      level,
    });
  }
  if (score === "positiveLikelihoodRatio" || score === "negativeLikelihoodRatio") {
    const sign = score === "positiveLikelihoodRatio" ? "positive" : "negative";
    const value = judged.replicates.estimate[classAt(index, score)];
    const { corrected, ...interval } = likelihoodRatioInterval(counts, sign, level);
    const method = corrected ? "log method, ½ added to each count" : "log method";
    return makeFigure(value, interval, { level, n, method, undefinedBecause });
  }
  return resampledFigure(judged, classAt(index, score), { n, undefinedBecause });
}

/** Rates that are so many of so many cases. */
function shareOf(
  counts: BinaryCounts,
  score: ClassScore,
): { successes: number; trials: number } | undefined {
  const { truePositive: tp, falsePositive: fp, falseNegative: fn, trueNegative: tn } = counts;
  switch (score) {
    case "sensitivity":
      return { successes: tp, trials: tp + fn };
    case "specificity":
      return { successes: tn, trials: tn + fp };
    case "ppv":
      return { successes: tp, trials: tp + fp };
    case "npv":
      return { successes: tn, trials: tn + fn };
    default:
      return undefined;
  }
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
