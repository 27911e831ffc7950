// Areas under ROC curves for several classes, from one walk over the sorted scores of each class.
// Hand & Till, Mach Learn 2001;45:171–186; Provost & Domingos 2000 (one-vs-rest, weighted).

import { columnOf } from "./columns.ts";
import { type Ranking, rankDescending } from "./ranking.ts";

/** Each class against the rest, or each pair of classes. */
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
  let first = 0;
  for (let position = 0; position < order.length; position++) {
    if (endsTie[position] === 0) continue;
    let tied = 0;
    for (let i = first; i <= position; i++) {
      if (labels[order[i]] === positive) tied += weights ? weights[order[i]] : 1;
    }
    const wins = above + tied / 2;
    for (let i = first; i <= position; i++) {
      const other = order[i];
      if (labels[other] !== positive) out[labels[other]] += wins * (weights ? weights[other] : 1);
    }
    above += tied;
    first = position + 1;
  }
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
