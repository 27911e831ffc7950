// The receiver operating characteristic: curve and area, for two classes and for more.
// Hanley & McNeil, Radiology 1982;143:29–36; Hand & Till, Mach Learn 2001;45:171–186.

import { type Ranking, rankDescending } from "./ranking.ts";

export interface RocPoint {
  /** Cases with at least this score are called positive; null where none is. */
  readonly threshold: number | null;
  readonly falsePositiveRate: number;
  readonly truePositiveRate: number;
}

/**
 * Area under the ROC curve: the chance that a positive case scores above a negative one, ties counting half.
 * @param positive 1 (or true) for positive rows, 0 for the others
 * @returns 0 … 1, or NaN where there is no positive or no negative case
 */
export function rocAuc(
  positive: ArrayLike<number | boolean>,
  scores: ArrayLike<number>,
  { weights }: { weights?: ArrayLike<number> } = {},
): number {
  const labels = Int32Array.from(positive, Number);
  const wins = classWins(labels, rankDescending(scores), { positive: 1, classCount: 2, weights });
  const sums = classSums(labels, { classCount: 2, weights });
  return wins[0] / (sums[0] * sums[1]);
}

/** The ROC curve: one point for each distinct score, from (0, 0) to (1, 1). Empty where the area is undefined. */
export function rocCurve(
  positive: ArrayLike<number | boolean>,
  scores: ArrayLike<number>,
  { weights }: { weights?: ArrayLike<number> } = {},
): RocPoint[] {
  const steps = cumulativeCounts(positive, scores, weights);
  const { truePositive: positives, falsePositive: negatives } = steps[steps.length - 1];
  if (positives === 0 || negatives === 0) return [];
  return steps.map(({ threshold, truePositive, falsePositive }) => ({
    threshold,
    falsePositiveRate: falsePositive / negatives,
    truePositiveRate: truePositive / positives,
  }));
}

export interface CumulativeCount {
  readonly threshold: number | null;
  readonly truePositive: number;
  readonly falsePositive: number;
}

/** Weighted counts of positives and negatives at or above each distinct score, from none to all. */
export function cumulativeCounts(
  positive: ArrayLike<number | boolean>,
  scores: ArrayLike<number>,
  weights?: ArrayLike<number>,
): CumulativeCount[] {
  const { order, endsTie } = rankDescending(scores);
  const steps: CumulativeCount[] = [{ threshold: null, truePositive: 0, falsePositive: 0 }];
  let truePositive = 0;
  let falsePositive = 0;
  for (let position = 0; position < order.length; position++) {
    const row = order[position];
    const weight = weights ? weights[row] : 1;
    if (positive[row]) truePositive += weight;
    else falsePositive += weight;
    if (endsTie[position]) steps.push({ threshold: scores[row], truePositive, falsePositive });
  }
  return steps;
}

export type MulticlassScheme = "one-vs-rest" | "one-vs-one";

/**
 * Area under the ROC curve for several classes. "one-vs-one" with "macro" is Hand & Till's M;
 * "weighted" weighs a class (one-vs-rest) or a pair (one-vs-one) by its share of the cases.
 * @param labels 0 … classCount − 1
 * @param probabilities `[rows, classCount]` in row-major order
 * @returns NaN where a class has no case
 */
export function multiclassAuc(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  {
    classCount,
    scheme = "one-vs-rest",
    average = "macro",
    weights,
  }: {
    classCount: number;
    scheme?: MulticlassScheme;
    average?: "macro" | "weighted";
    weights?: ArrayLike<number>;
  },
): number {
  const wins = new Float64Array(classCount * classCount);
  for (let positive = 0; positive < classCount; positive++) {
    const ranking = rankDescending(columnOf(probabilities, positive, classCount));
    classWins(
      labels,
      ranking,
      { positive, classCount, weights },
      wins.subarray(positive * classCount),
    );
  }
  const sums = classSums(labels, { classCount, weights });
  return scheme === "one-vs-rest" ? oneVsRest(wins, sums, average) : oneVsOne(wins, sums, average);
}

/**
 * How often (by weight) a case of class `positive` scores above one of each other class, ties
 * counting half: Mann–Whitney's U against every class in one walk. `out[positive]` is left 0.
 */
export function classWins(
  labels: ArrayLike<number>,
  { order, endsTie }: Ranking,
  {
    positive,
    classCount,
    weights,
  }: { positive: number; classCount: number; weights?: ArrayLike<number> },
  out: Float64Array = new Float64Array(classCount),
): Float64Array {
  out.fill(0, 0, classCount);
  let above = 0;
  let tied = 0;
  let first = 0;
  for (let position = 0; position < order.length; position++) {
    const row = order[position];
    if (labels[row] === positive) tied += weights ? weights[row] : 1;
    if (endsTie[position] === 0) continue;
    const wins = above + tied / 2;
    for (let i = first; i <= position; i++) {
      const other = order[i];
      out[labels[other]] += wins * (weights ? weights[other] : 1);
    }
    above += tied;
    tied = 0;
    first = position + 1;
  }
  out[positive] = 0;
  return out;
}

/** Weight of each class. */
export function classSums(
  labels: ArrayLike<number>,
  { classCount, weights }: { classCount: number; weights?: ArrayLike<number> },
): Float64Array {
  const sums = new Float64Array(classCount);
  for (let row = 0; row < labels.length; row++) sums[labels[row]] += weights ? weights[row] : 1;
  return sums;
}

/** One-vs-rest average from the wins `[class, over class]` and the weight of each class. */
export function oneVsRest(
  wins: Float64Array,
  sums: Float64Array,
  average: "macro" | "weighted",
): number {
  let sum = 0;
  let total = 0;
  for (let index = 0; index < sums.length; index++) {
    const weight = average === "macro" ? 1 : sums[index];
    sum += weight * restAuc(wins, sums, index);
    total += weight;
  }
  return sum / total;
}

/** Area of one class against all others together. */
export function restAuc(wins: Float64Array, sums: Float64Array, positive: number): number {
  let won = 0;
  let rest = 0;
  for (let other = 0; other < sums.length; other++) {
    if (other === positive) continue;
    won += wins[positive * sums.length + other];
    rest += sums[other];
  }
  return won / (sums[positive] * rest);
}

/** One-vs-one average, Hand & Till 2001, eq. 7. */
export function oneVsOne(
  wins: Float64Array,
  sums: Float64Array,
  average: "macro" | "weighted",
): number {
  const count = sums.length;
  let sum = 0;
  let total = 0;
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      const weight = average === "macro" ? 1 : sums[i] + sums[j];
      sum += (weight * (wins[i * count + j] + wins[j * count + i])) / (2 * sums[i] * sums[j]);
      total += weight;
    }
  }
  return sum / total;
}

/** One column of a row-major matrix. */
export function columnOf(
  matrix: ArrayLike<number>,
  column: number,
  columnCount: number,
): Float64Array {
  const values = new Float64Array(matrix.length / columnCount);
  for (let row = 0; row < values.length; row++) values[row] = matrix[row * columnCount + column];
  return values;
}
