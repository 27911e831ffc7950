// Do two samples of many features come from one distribution? The maximum mean discrepancy with a Gaussian
// kernel and a permutation test. Gretton, Borgwardt, Rasch, Schölkopf & Smola, JMLR 2012;13:723–773.

import { openCheckpoint, type RandomStream, randomStream } from "../../base/index.ts";
import type { TestResult } from "../figure.ts";
import type { JudgementWork } from "../judgement-work.ts";

/** How the test is made. */
export interface MeanDiscrepancyOptions {
  /** Features of a case. */
  readonly dimension: number;
  readonly permutations?: number;
  /** Cases of each sample that are looked at; of more so many are drawn. */
  readonly most?: number;
  readonly seed?: number;
}

/**
 * The unbiased MMD² (eq. 3), its kernel as wide as the median distance between cases, and how often random
 * splits of all cases give as much.
 * @param first, second `[rows, dimension]`
 * @throws RoentgenError "cancelled"
 */
export async function meanDiscrepancyTest(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  { dimension, permutations = 500, most = 500, seed = 0 }: MeanDiscrepancyOptions,
  { signal }: JudgementWork = {},
): Promise<TestResult> {
  const random = randomStream({ seed, purpose: "statistics/mean-discrepancy" });
  const samples = [first, second].map((sample) => drawRows(sample, { dimension, most, random }));
  const [m, n] = samples.map((rows) => rows.length);
  const method = `maximum mean discrepancy, ${permutations} permutations`;
  if (Math.min(m, n) < 2) {
    const undefinedBecause = "a sample has fewer than two cases";
    return { statistic: null, pValue: null, n: m + n, method, undefinedBecause };
  }
  const checkpoint = openCheckpoint(signal, "Comparing samples");
  const kernel = await gaussianKernel(samples.flat(), checkpoint);
  const order = Array.from({ length: m + n }, (_, index) => index);
  const statistic = discrepancy(kernel, order, m);
  let reached = 0;
  for (let permutation = 0; permutation < permutations; permutation++) {
    await checkpoint();
    random.shuffleInPlace(order);
    if (discrepancy(kernel, order, m) >= statistic) reached += 1;
  }
  // The split at hand is one of those that could have come: Phipson & Smyth, SAGMB 2010;9:39.
  return { statistic, pValue: (reached + 1) / (permutations + 1), n: m + n, method };
}

/** `[N, N]`, symmetric. */
type Kernel = readonly Float64Array[];

/** exp(−‖x − y‖² / 2σ²), σ being the median distance; 1 throughout where most cases are equal. */
async function gaussianKernel(
  rows: readonly Float64Array[],
  checkpoint: () => Promise<void>,
): Promise<Kernel> {
  const squares = rows.map(() => new Float64Array(rows.length));
  const all: number[] = [];
  for (let i = 0; i < rows.length; i++) {
    await checkpoint();
    for (let j = 0; j < i; j++) {
      const square = squaredDistance(rows[i], rows[j]);
      squares[i][j] = square;
      squares[j][i] = square;
      all.push(square);
    }
  }
  const median = Float64Array.from(all).sort()[all.length >> 1];
  return squares.map((row) =>
    row.map((square) => (median > 0 ? Math.exp(-square / (2 * median)) : +(square === 0))),
  );
}

/** Eq. 3, for a sample of the first `m` of an order and one of the others. */
function discrepancy(kernel: Kernel, order: readonly number[], m: number): number {
  const n = order.length - m;
  let [firsts, seconds, across] = [0, 0, 0];
  for (let i = 0; i < order.length; i++) {
    const row = kernel[order[i]];
    const middle = Math.min(i, m);
    let toFirst = 0;
    let toSecond = 0;
    for (let j = 0; j < middle; j++) toFirst += row[order[j]];
    for (let j = middle; j < i; j++) toSecond += row[order[j]];
    if (i < m) firsts += toFirst;
    else across += toFirst;
    seconds += toSecond;
  }
  return (2 * firsts) / (m * (m - 1)) + (2 * seconds) / (n * (n - 1)) - (2 * across) / (m * n);
}

function squaredDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return sum;
}

function drawRows(
  sample: ArrayLike<number>,
  { dimension, most, random }: { dimension: number; most: number; random: RandomStream },
): Float64Array[] {
  const rows = Array.from({ length: sample.length / dimension }, (_, row) => row);
  const drawn = rows.length <= most ? rows : random.shuffleInPlace(rows).slice(0, most);
  return drawn.map((row) =>
    Float64Array.from({ length: dimension }, (_, i) => sample[row * dimension + i]),
  );
}
