// The figures of a classification: which interval each score has, and the resamples behind it.

import { bootstrap, numberUnits, type Replicates } from "./bootstrap.ts";
import { bootstrapFigure } from "./bootstrap-figure.ts";
import type { ClassificationInput, checkSettings } from "./classification-input.ts";
import { scoreClassification } from "./classification-scores.ts";
import { columnOf } from "./columns.ts";
import {
  type BinaryCounts,
  binaryCounts,
  type ConfusionMatrix,
  confusionMatrix,
} from "./confusion.ts";
import { aucFigure } from "./delong.ts";
import { type Figure, makeFigure } from "./figure.ts";
import type { JudgementWork } from "./judgement-work.ts";
import { prepareClassification } from "./prepared-classification.ts";
import { proportionFigure } from "./proportion.ts";
import { likelihoodRatioInterval } from "./rates.ts";
import {
  type ClassScore,
  classAt,
  classScores,
  type OverallScore,
  overallAt,
  overallScoresFor,
  scoreCount,
} from "./score-names.ts";
import { whyClassUndefined, whyUndefined } from "./undefined-reasons.ts";

/** What the figures are made from. */
export interface Judged {
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

/** Draws the resamples that most intervals come from. */
export function resampleScores(
  input: ClassificationInput,
  settings: ReturnType<typeof checkSettings>,
  work: JudgementWork,
): Judged {
  const { labels, groups, weights } = input;
  const { positive, threshold, bins, resamples, seed, stratify } = settings;
  const prepared = prepareClassification(input, { positive, threshold, bins });
  const { unitCount } = numberUnits(labels.length, groups);
  const classCount = input.classes.length;
  const { predicted } = prepared;
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

/** The figures of the whole. */
export function overallFigures(judged: Judged): Partial<Record<OverallScore, Figure>> {
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

/** One class against the others. */
export function classFigures(judged: Judged, index: number): Record<ClassScore, Figure> {
  const entries = classScores.map((score) => [score, classFigure(judged, index, score)]);
  return Object.fromEntries(entries);
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
