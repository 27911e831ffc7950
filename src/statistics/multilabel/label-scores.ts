// Every score of every label, their means and pooled scores in one pass over rows sorted beforehand, under any
// row weights: what the bootstrap repeats. A pass costs O(rows × labels).

import { rankDescending } from "../ranking.ts";
import type { MultiLabelRows } from "./multilabel-input.ts";

/** Scores of one label; macro means and pooled (micro) scores have the same names. */
export const labelScores = [
  "rocAuc",
  "averagePrecision",
  "sensitivity",
  "specificity",
  "ppv",
  "npv",
  "f1",
  "brier",
] as const;

/** A score of a label. */
export type LabelScore = (typeof labelScores)[number];

/** Scores of all labels together. */
const wholeScores = ["subsetAccuracy", "hammingLoss"] as const;

/** A score of all labels together. */
export type WholeScore = (typeof wholeScores)[number];

/** Where scores stand in the vector: those of labels, then macro, micro, and the whole's. */
export function placesOf(labelCount: number) {
  const at = (block: number, score: LabelScore) =>
    block * labelScores.length + labelScores.indexOf(score);
  return {
    label: (index: number, score: LabelScore) => at(index, score),
    macro: (score: LabelScore) => at(labelCount, score),
    micro: (score: LabelScore) => at(labelCount + 1, score),
    whole: (score: WholeScore) => at(labelCount + 2, labelScores[0]) + wholeScores.indexOf(score),
    count: (labelCount + 2) * labelScores.length + wholeScores.length,
  };
}

/** Pairs of row and label whose truth is known, by falling probability. */
interface RankedPairs {
  /** Row of each. */
  readonly rowOf: Int32Array;
  readonly positive: Uint8Array;
  readonly endsTie: Uint8Array;
  readonly given: Uint8Array;
  /** (p − y)². */
  readonly squares: Float64Array;
}

/** Everything that does not change with the weights. */
export interface PreparedLabels {
  readonly labelCount: number;
  readonly perLabel: readonly RankedPairs[];
  readonly pooled: RankedPairs;
  /** Labels of both outcomes: those that macro means are of. */
  readonly averaged: readonly number[];
  /** Of each row 1 where all labels are given rightly, 0 where not, NaN where one is unknown. */
  readonly allRight: Float64Array;
}

/** Sorts, decides, and finds what each row contributes. */
export function prepareLabels(input: MultiLabelRows): PreparedLabels {
  const labelCount = input.labels.length;
  const pairs = Array.from({ length: input.truth.length }, (_, pair) => pair);
  const known = pairs.filter((pair) => !Number.isNaN(input.truth[pair]));
  const ofLabel = (index: number) => known.filter((pair) => pair % labelCount === index);
  const perLabel = input.labels.map((_, index) => rankPairs(input, ofLabel(index)));
  return {
    labelCount,
    perLabel,
    pooled: rankPairs(input, known),
    averaged: input.labels.flatMap((_, index) =>
      new Set(perLabel[index].positive).size === 2 ? [index] : [],
    ),
    allRight: Float64Array.from({ length: input.rows }, (_, row) => rowRight(input, row)),
  };
}

function rankPairs(input: MultiLabelRows, pairs: readonly number[]): RankedPairs {
  const { probabilities, truth, thresholds, labels } = input;
  const { order, endsTie } = rankDescending(pairs.map((pair) => probabilities[pair]));
  const ranked = Array.from(order, (index) => pairs[index]);
  return {
    rowOf: Int32Array.from(ranked, (pair) => Math.floor(pair / labels.length)),
    positive: Uint8Array.from(ranked, (pair) => truth[pair]),
    endsTie,
    given: Uint8Array.from(
      ranked,
      (pair) => +(probabilities[pair] >= thresholds[pair % labels.length]),
    ),
    squares: Float64Array.from(ranked, (pair) => (probabilities[pair] - truth[pair]) ** 2),
  };
}

function rowRight(
  { labels, truth, probabilities, thresholds }: MultiLabelRows,
  row: number,
): number {
  let right = 1;
  for (let index = 0; index < labels.length; index++) {
    const pair = row * labels.length + index;
    if (Number.isNaN(truth[pair])) return Number.NaN;
    if (+(probabilities[pair] >= thresholds[index]) !== truth[pair]) right = 0;
  }
  return right;
}

/** Computes every score under the weights into `out`; NaN where undefined. */
export function scoreLabels(
  prepared: PreparedLabels,
  weights: Float64Array,
  out: Float64Array,
): void {
  const { labelCount, perLabel, pooled, averaged, allRight } = prepared;
  const width = labelScores.length;
  perLabel.forEach((pairs, index) => {
    writeScores(walk(pairs, weights), out, index * width);
  });
  for (let score = 0; score < width; score++) {
    let sum = 0;
    for (const index of averaged) sum += out[index * width + score];
    out[labelCount * width + score] = sum / averaged.length;
  }
  const all = walk(pooled, weights);
  writeScores(all, out, (labelCount + 1) * width);
  const whole = (labelCount + 2) * width;
  out[whole] = meanKnown(allRight, weights);
  const wrong = all.falsePositive + all.positives - all.truePositive;
  out[whole + 1] = wrong / (all.positives + all.negatives);
}

/** Sums over pairs, by weight. */
interface Tally {
  positives: number;
  negatives: number;
  truePositive: number;
  falsePositive: number;
  /** Pairs of a positive ranked above a negative, ties counting half. */
  wins: number;
  /** Σ positives × precision at their rank. */
  precision: number;
  squares: number;
}

function walk(
  { rowOf, positive, endsTie, given, squares }: RankedPairs,
  weights: Float64Array,
): Tally {
  let [above, called, tiedPositive, tiedNegative] = [0, 0, 0, 0];
  let [truePositive, falsePositive, wins, precision, square] = [0, 0, 0, 0, 0];
  for (let rank = 0; rank < rowOf.length; rank++) {
    // Without branches on the truth, which the processor could not foresee.
    const weight = weights[rowOf[rank]];
    const ofPositive = weight * positive[rank];
    const ofNegative = weight - ofPositive;
    square += weight * squares[rank];
    tiedPositive += ofPositive;
    tiedNegative += ofNegative;
    truePositive += ofPositive * given[rank];
    falsePositive += ofNegative * given[rank];
    if (endsTie[rank] === 0) continue;
    wins += tiedNegative * (above + tiedPositive / 2);
    above += tiedPositive;
    called += tiedPositive + tiedNegative;
    if (tiedPositive > 0) precision += (tiedPositive * above) / called;
    tiedPositive = 0;
    tiedNegative = 0;
  }
  const negatives = called - above;
  return {
    positives: above,
    negatives,
    truePositive,
    falsePositive,
    wins,
    precision,
    squares: square,
  };
}

/** In the order of `labelScores`. */
function writeScores(tally: Tally, out: Float64Array, at: number): void {
  const { positives, negatives, truePositive, falsePositive, wins, precision, squares } = tally;
  const given = truePositive + falsePositive;
  const all = positives + negatives;
  const trueNegative = negatives - falsePositive;
  out[at] = wins / (positives * negatives);
  out[at + 1] = precision / positives;
  out[at + 2] = truePositive / positives;
  out[at + 3] = trueNegative / negatives;
  out[at + 4] = truePositive / given;
  out[at + 5] = trueNegative / (all - given);
  out[at + 6] = (2 * truePositive) / (given + positives);
  out[at + 7] = squares / all;
}

function meanKnown(values: Float64Array, weights: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (let row = 0; row < values.length; row++) {
    if (Number.isNaN(values[row])) continue;
    sum += weights[row] * values[row];
    total += weights[row];
  }
  return sum / total;
}
