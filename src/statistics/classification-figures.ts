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
import { aucFigure, newcombeAucInterval } from "./delong.ts";
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
export async function resampleScores(
  input: ClassificationInput,
  settings: ReturnType<typeof checkSettings>,
  work: JudgementWork,
): Promise<Judged> {
  const { labels, groups, weights } = input;
  const { positive, threshold, bins, resamples, seed, stratify } = settings;
  const prepared = prepareClassification(input, { positive, threshold, bins });
  const { unitCount } = numberUnits(labels.length, groups);
  const classCount = input.classes.length;
  const { predicted } = prepared;
  const replicates = await bootstrap(
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
  const { input, predicted, rowMatrix } = judged;
  const undefinedBecause = whyUndefined(name, rowMatrix, input.classes);
  if (name === "accuracy" || name === "microF1") {
    const share = {
      belongs: () => true,
      counts: (row: number) => predicted[row] === input.labels[row],
    };
    return shareFigure(judged, overallAt(name), share, undefinedBecause);
  }
  return resampledFigure(judged, overallAt(name), { n: input.labels.length, undefinedBecause });
}

/** One class against the others. */
export function classFigures(judged: Judged, index: number): Record<ClassScore, Figure> {
  const entries = classScores.map((score) => [score, classFigure(judged, index, score)]);
  return Object.fromEntries(entries);
}

function classFigure(judged: Judged, index: number, score: ClassScore): Figure {
  const at = classAt(index, score);
  const counts = binaryCounts(judged.rowMatrix, index);
  const undefinedBecause = whyClassUndefined(score, counts, judged.input.classes[index]);
  const share = shareOf(judged, index, score);
  if (share) return shareFigure(judged, at, share, undefinedBecause);
  if (score === "rocAuc") return areaFigure(judged, index, undefinedBecause);
  if (judged.independent && score === "positiveLikelihoodRatio") {
    return ratioFigure(judged, at, counts, "positive", undefinedBecause);
  }
  if (judged.independent && score === "negativeLikelihoodRatio") {
    return ratioFigure(judged, at, counts, "negative", undefinedBecause);
  }
  return resampledFigure(judged, at, { n: judged.input.labels.length, undefinedBecause });
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

/** A share of rows: of those that belong, the ones that count. */
interface Share {
  belongs(row: number): boolean;
  counts(row: number): boolean;
}

/** The share that a score is, if it is one. */
function shareOf(
  { input, predicted }: Judged,
  index: number,
  score: ClassScore,
): Share | undefined {
  const isTrue = (row: number) => input.labels[row] === index;
  const isGiven = (row: number) => predicted[row] === index;
  const not = (test: (row: number) => boolean) => (row: number) => !test(row);
  switch (score) {
    case "sensitivity":
      return { belongs: isTrue, counts: isGiven };
    case "specificity":
      return { belongs: not(isTrue), counts: not(isGiven) };
    case "ppv":
      return { belongs: isGiven, counts: isTrue };
    case "npv":
      return { belongs: not(isGiven), counts: not(isTrue) };
    default:
      return undefined;
  }
}

/**
 * A share of independent rows has the interval of a proportion; otherwise it is resampled. A share
 * of 0 or 1 does not vary in resamples: there each patient counts as one case, which is cautious.
 */
function shareFigure(judged: Judged, at: number, share: Share, undefinedBecause: string): Figure {
  const { level, proportions: method } = judged.settings;
  const rows = Array.from(judged.input.labels.keys()).filter(share.belongs);
  const n = rows.length;
  if (judged.independent) {
    const successes = rows.filter(share.counts).length;
    return proportionFigure(successes, n, { level, method, undefinedBecause });
  }
  const figure = resampledFigure(judged, at, { n, undefinedBecause });
  if (figure.low !== null || (figure.value !== 0 && figure.value !== 1)) return figure;
  const units = countUnits(judged.input, share.belongs);
  const cautious = proportionFigure(figure.value * units, units, { level, method });
  return { ...cautious, n, method: `${cautious.method}, each patient as one case` };
}

/** DeLong's interval for independent rows, else resampled; Newcombe's over patients where nothing varies. */
function areaFigure(judged: Judged, index: number, undefinedBecause: string): Figure {
  const { input, settings, independent } = judged;
  const { level } = settings;
  const n = input.labels.length;
  const isTrue = (row: number) => input.labels[row] === index;
  if (independent) {
    const positive = input.labels.map((label) => +(label === index));
    return aucFigure(positive, columnOf(input.probabilities, index, input.classes.length), {
      level,
    });
  }
  const figure = resampledFigure(judged, classAt(index, "rocAuc"), { n, undefinedBecause });
  if (figure.low !== null || (figure.value !== 0 && figure.value !== 1)) return figure;
  const [positives, negatives] = [isTrue, (row: number) => !isTrue(row)].map((belongs) =>
    countUnits(input, belongs),
  );
  const interval = newcombeAucInterval(figure.value, positives, negatives, level);
  const method = "Newcombe score interval, each patient as one case";
  return makeFigure(figure.value, interval, { level, n, method });
}

function ratioFigure(
  { replicates, settings, input }: Judged,
  at: number,
  counts: BinaryCounts,
  sign: "positive" | "negative",
  undefinedBecause: string,
): Figure {
  const { level } = settings;
  const { corrected, ...interval } = likelihoodRatioInterval(counts, sign, level);
  const method = corrected ? "log method, ½ added to each count" : "log method";
  const about = { level, n: input.labels.length, method, undefinedBecause };
  return makeFigure(replicates.estimate[at], interval, about);
}

/** Patients with a row that belongs and has weight. */
function countUnits(
  { labels, groups, weights }: ClassificationInput,
  belongs: (row: number) => boolean,
): number {
  const { unitOf } = numberUnits(labels.length, groups);
  const rows = Array.from(labels.keys()).filter((row) => belongs(row) && weights?.[row] !== 0);
  return new Set(rows.map((row) => unitOf[row])).size;
}
