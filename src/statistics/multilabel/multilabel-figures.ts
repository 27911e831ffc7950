// The figures of a multi-label classification: which interval each score has.

import type { Replicates } from "../bootstrap.ts";
import { bootstrapFigure } from "../bootstrap-figure.ts";
import { clusteredShare } from "../clustered.ts";
import { aucFigure, newcombeAucInterval } from "../delong.ts";
import { type Figure, makeFigure } from "../figure.ts";
import { proportionFigure } from "../proportion.ts";
import { type LabelScore, labelScores, placesOf, type WholeScore } from "./label-scores.ts";
import type { MultiLabelRows, MultiLabelSettings } from "./multilabel-input.ts";

/** What figures are made from. */
export interface JudgedLabels {
  readonly input: MultiLabelRows;
  readonly settings: MultiLabelSettings;
  readonly replicates: Replicates;
  /** Whether rows can be taken as independent, so that analytic intervals hold. */
  readonly independent: boolean;
}

/** The known rows of a label. */
export interface KnownLabel {
  readonly name: string;
  readonly index: number;
  readonly rows: readonly number[];
  readonly positive: readonly number[];
  readonly probabilities: readonly number[];
  readonly given: readonly number[];
}

/** The rows in which a label is known, with what was given. */
export function knownLabel(
  { labels, truth, probabilities, thresholds, rows }: MultiLabelRows,
  index: number,
): KnownLabel {
  const at = (row: number) => row * labels.length + index;
  const known = Array.from({ length: rows }, (_, row) => row).filter(
    (row) => !Number.isNaN(truth[at(row)]),
  );
  return {
    name: labels[index],
    index,
    rows: known,
    positive: known.map((row) => truth[at(row)]),
    probabilities: known.map((row) => probabilities[at(row)]),
    given: known.map((row) => +(probabilities[at(row)] >= thresholds[index])),
  };
}

/** All figures of one label. */
export function labelFigures(judged: JudgedLabels, label: KnownLabel): Record<LabelScore, Figure> {
  return Object.fromEntries(
    labelScores.map((score) => [score, labelFigure(judged, label, score)]),
  ) as Record<LabelScore, Figure>;
}

/** Means over labels, or scores of all pairs of row and label. */
export function averageFigures(
  judged: JudgedLabels,
  kind: "macro" | "micro",
  undefinedBecause: string,
): Record<LabelScore, Figure> {
  const { input } = judged;
  const at = placesOf(input.labels.length)[kind];
  return Object.fromEntries(
    labelScores.map((score) => [
      score,
      resampled(judged, at(score), { n: input.rows, undefinedBecause }),
    ]),
  ) as Record<LabelScore, Figure>;
}

/** Rows given all their labels rightly, and the share of labels given wrongly. */
export function wholeFigures(
  judged: JudgedLabels,
  allRight: Float64Array,
): Record<WholeScore, Figure> {
  const { input } = judged;
  const at = placesOf(input.labels.length).whole;
  const rows = Array.from(allRight.keys()).filter((row) => !Number.isNaN(allRight[row]));
  const share = { rows, hits: rows.map((row) => allRight[row]) };
  const undefinedBecause = "there are no cases with all labels known";
  return {
    subsetAccuracy: shareFigure(judged, at("subsetAccuracy"), share, undefinedBecause),
    hammingLoss: resampled(judged, at("hammingLoss"), {
      n: input.rows,
      undefinedBecause: "no label is known of any case",
    }),
  };
}

function labelFigure(judged: JudgedLabels, label: KnownLabel, score: LabelScore): Figure {
  const at = placesOf(judged.input.labels.length).label(label.index, score);
  const undefinedBecause = whyUndefined(label, score);
  const share = shareOf(label, score);
  if (share) return shareFigure(judged, at, share, undefinedBecause);
  if (score === "rocAuc") return areaFigure(judged, at, label, undefinedBecause);
  return resampled(judged, at, { n: label.rows.length, undefinedBecause });
}

/** Of some rows those that count. */
interface Share {
  readonly rows: readonly number[];
  readonly hits: readonly number[];
}

/** The share that a score is, if it is one. */
function shareOf({ rows, positive, given }: KnownLabel, score: LabelScore): Share | undefined {
  const among = (belongs: readonly number[], wanted: number, hit: readonly number[]): Share => {
    const places = Array.from(belongs.keys()).filter((place) => belongs[place] === wanted);
    const hits = places.map((place) => +(hit[place] === wanted));
    return { rows: places.map((place) => rows[place]), hits };
  };
  switch (score) {
    case "sensitivity":
      return among(positive, 1, given);
    case "specificity":
      return among(positive, 0, given);
    case "ppv":
      return among(given, 1, positive);
    case "npv":
      return among(given, 0, positive);
    default:
      return undefined;
  }
}

/** Weighted shares are resampled; others have an exact or score interval, by patient where rows share patients. */
function shareFigure(
  judged: JudgedLabels,
  at: number,
  { rows, hits }: Share,
  undefinedBecause: string,
): Figure {
  const { input, settings, independent } = judged;
  const { level, proportions: method } = settings;
  const n = rows.length;
  if (input.weights) return resampled(judged, at, { n, undefinedBecause });
  if (!independent) {
    const groups = rows.map((row) => (input.groups as Int32Array)[row]);
    return clusteredShare(hits, { groups, level, undefinedBecause });
  }
  const successes = hits.reduce((sum, hit) => sum + hit, 0);
  return proportionFigure(successes, n, { level, method, undefinedBecause });
}

/** DeLong's interval for independent rows, else resampled; Newcombe's over patients where nothing varies. */
function areaFigure(
  judged: JudgedLabels,
  at: number,
  label: KnownLabel,
  undefinedBecause: string,
): Figure {
  const { input, settings, independent } = judged;
  const { rows, positive, probabilities } = label;
  const { level } = settings;
  if (independent) return aucFigure(positive, probabilities, { level });
  const n = rows.length;
  const figure = resampled(judged, at, { n, undefinedBecause });
  if (figure.low !== null || (figure.value !== 0 && figure.value !== 1)) return figure;
  const [negatives, positives] = [0, 1].map((outcome) => {
    const own = rows.filter(
      (row, place) => positive[place] === outcome && input.weights?.[row] !== 0,
    );
    return new Set(own.map((row) => input.groups?.[row] ?? row)).size;
  });
  const interval = newcombeAucInterval(figure.value, positives, negatives, level);
  const method = "Newcombe score interval, each patient as one case";
  return makeFigure(figure.value, interval, { level, n, method });
}

function resampled(
  { replicates, settings, input }: JudgedLabels,
  at: number,
  { n, undefinedBecause }: { n: number; undefinedBecause: string },
): Figure {
  const unit = replicates.unitCount < input.rows ? "patient" : "row";
  const { level, bootstrap: kind } = settings;
  return bootstrapFigure(replicates, at, { level, n, kind, unit, undefinedBecause });
}

function whyUndefined({ name, rows, positive, given }: KnownLabel, score: LabelScore): string {
  if (rows.length === 0) return `${name} is known of no case`;
  const everywhere = (values: readonly number[], wanted: number) =>
    values.every((value) => value === wanted);
  if (score === "ppv" && everywhere(given, 0)) return `${name} was given to no case`;
  if (score === "npv" && everywhere(given, 1)) return `${name} was given to every case`;
  if (score === "f1" && everywhere(given, 0))
    return `${name} is neither true of a case nor given to one`;
  if (everywhere(positive, 0) && score !== "specificity") return `there are no cases with ${name}`;
  if (everywhere(positive, 1)) return `there are only cases with ${name}`;
  return "the cases that it counts have weight 0";
}
