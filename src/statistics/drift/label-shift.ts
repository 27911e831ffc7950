// Has the mix of classes changed? A test of the classes predicted, and from them, with the classifier's known
// confusions, the shares of the true classes. Lipton, Wang & Smola, ICML 2018 (black box shift estimation).

import { randomStream } from "../../base/index.ts";
import { chiSquareSurvival } from "../distributions/chi-square.ts";
import type { TestResult } from "../figure.ts";

const fewestExpected = 5;
const permutations = 2000;

/**
 * Whether two samples were given classes as often: χ², where fewer than 5 are expected of a class by
 * random splits.
 * @param first, second class given to each case
 */
export function predictedClassTest(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  { classCount, seed = 0 }: { classCount: number; seed?: number },
): TestResult {
  const all = [...Array.from(first), ...Array.from(second)];
  const about = { n: all.length, method: "χ² of predicted classes" };
  const totals = countsOf(all, classCount);
  const seen = totals.filter((count) => count > 0).length;
  if (first.length === 0 || second.length === 0 || seen < 2) {
    const undefinedBecause =
      seen < 2 && all.length > 0 ? "all cases were given one class" : "a sample has no cases";
    return { ...about, statistic: null, pValue: null, undefinedBecause };
  }
  const expected = { totals, first: first.length, all: all.length };
  const statistic = chiSquare(countsOf(first, classCount), expected);
  const fewest =
    Math.min(...totals.filter((count) => count > 0)) * Math.min(first.length, second.length);
  if (fewest / all.length >= fewestExpected) {
    const pValue = chiSquareSurvival(statistic, seen - 1);
    return { ...about, statistic, degreesOfFreedom: seen - 1, pValue };
  }
  const random = randomStream({ seed, purpose: "statistics/label-shift" });
  let reached = 0;
  for (let permutation = 0; permutation < permutations; permutation++) {
    const some = random.shuffleInPlace(all).slice(0, first.length);
    if (chiSquare(countsOf(some, classCount), expected) >= statistic * (1 - 1e-12)) reached += 1;
  }
  const method = `${about.method}, ${permutations} permutations`;
  return { ...about, statistic, pValue: (reached + 1) / (permutations + 1), method };
}

/** Shares of the true classes in a batch; null with the reason where they can't be told. */
export interface ClassShares {
  readonly shares: readonly number[] | null;
  /** Cases of the batch. */
  readonly n: number;
  readonly undefinedBecause?: string;
}

/**
 * The shares of true classes that the classes predicted in a batch point to, if images of a class look as they
 * did: w = C⁻¹ μ with C the joint shares of predicted and true classes (Lipton et al. 2018, eq. 3), shares below
 * 0 set to 0.
 */
export function estimateClassShares(
  reference: { labels: ArrayLike<number>; predicted: ArrayLike<number> },
  batch: ArrayLike<number>,
  { classCount }: { classCount: number },
): ClassShares {
  const n = batch.length;
  const { labels, predicted } = reference;
  if (n === 0 || labels.length === 0) {
    return { shares: null, n, undefinedBecause: "there are no cases" };
  }
  const joint = Array.from({ length: classCount }, () => new Float64Array(classCount + 1));
  for (let row = 0; row < labels.length; row++)
    joint[predicted[row]][labels[row]] += 1 / labels.length;
  const given = countsOf(batch, classCount);
  joint.forEach((row, index) => {
    row[classCount] = given[index] / n;
  });
  const prior = countsOf(labels, classCount);
  const weights = solveInPlace(joint);
  if (!weights) {
    const undefinedBecause = "the classifier's confusions do not tell all classes apart";
    return { shares: null, n, undefinedBecause };
  }
  const raw = weights.map((weight, index) => Math.max(0, (weight * prior[index]) / labels.length));
  const sum = raw.reduce((total, share) => total + share, 0);
  return { shares: raw.map((share) => share / sum), n };
}

function chiSquare(
  counts: Float64Array,
  { totals, first, all }: { totals: Float64Array; first: number; all: number },
): number {
  let sum = 0;
  for (let index = 0; index < totals.length; index++) {
    if (totals[index] === 0) continue;
    const expected = (totals[index] * first) / all;
    // Both samples miss their expectation by as much.
    sum += (counts[index] - expected) ** 2 * (1 / expected + 1 / (totals[index] - expected));
  }
  return sum;
}

function countsOf(labels: ArrayLike<number>, classCount: number): Float64Array {
  const counts = new Float64Array(classCount);
  for (let row = 0; row < labels.length; row++) counts[labels[row]] += 1;
  return counts;
}

/** Gauss–Jordan with pivots on rows `[A | b]`; undefined where A is next to singular. */
function solveInPlace(rows: Float64Array[]): number[] | undefined {
  const size = rows.length;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column; row < size; row++) {
      if (Math.abs(rows[row][column]) > Math.abs(rows[pivot][column])) pivot = row;
    }
    if (!(Math.abs(rows[pivot][column]) > 1e-9)) return undefined;
    [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const factor = rows[row][column] / rows[column][column];
      for (let j = column; j <= size; j++) rows[row][j] -= factor * rows[column][j];
    }
  }
  return rows.map((row, index) => row[size] / row[index]);
}
