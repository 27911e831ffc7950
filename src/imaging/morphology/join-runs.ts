// Joins runs that touch into components, by union-find on runs, as
// He, Chao, Suzuki: "A run-based two-scan labeling algorithm", IEEE Transactions on Image Processing 17 (2008);
// where runs touch is worked out for 32 voxels at once.

import { bitCount } from "./bit-rows.ts";
import { type Connectivity, ROWS_BEFORE } from "./connectivity.ts";
import { alike, type Runs } from "./runs.ts";

/** Components of runs, numbered from 1 in the order in which memory meets them. */
export interface JoinedRuns {
  readonly count: number;
  /** The component of each run. */
  readonly labelOfRun: Int32Array;
}

/** Joins the runs that touch, and of labelled runs only those of equal value. */
export function joinRuns(runs: Runs, connectivity: Connectivity): JoinedRuns {
  const [, height, depth] = runs.size;
  const { wordsPerRow, startsBefore } = runs;
  const forest = singletons(runs.count);
  for (let k = 0; k < depth; k++) {
    for (let j = 0; j < height; j++) {
      const row = (j + height * k) * wordsPerRow;
      if (startsBefore[row] === startsBefore[row + wordsPerRow]) continue;
      for (const { dj, dk, reach } of ROWS_BEFORE[connectivity]) {
        const inside = j + dj >= 0 && j + dj < height && k + dk >= 0;
        if (inside) joinRows(forest, runs, row, row + (dj + height * dk) * wordsPerRow, reach);
      }
    }
  }
  return number(forest);
}

function singletons(count: number): Int32Array {
  const forest = new Int32Array(count);
  for (let run = 0; run < count; run++) forest[run] = run;
  return forest;
}

/** Joins the runs of two rows that share places, and with a reach of 1 those that begin right after the other's end. */
function joinRows(forest: Int32Array, runs: Runs, rowA: number, rowB: number, reach: 0 | 1): void {
  const { wordsPerRow, bits, starts } = runs;
  let lastA = 0;
  let lastB = 0;
  for (let word = 0; word < wordsPerRow; word++) {
    const a = rowA + word;
    const b = rowB + word;
    // Two runs begin to share places where one of them starts.
    let places = bits[a] & bits[b] & (starts[a] | starts[b]);
    if (reach === 1) {
      const afterA = (bits[a] << 1) | lastA;
      const afterB = (bits[b] << 1) | lastB;
      places |= (afterA & ~bits[a] & starts[b]) | (afterB & ~bits[b] & starts[a]);
      if (runs.values) {
        joinAfter(forest, runs, a, b, afterA & starts[a] & starts[b]);
        joinAfter(forest, runs, b, a, afterB & starts[a] & starts[b]);
      }
      lastA = bits[a] >>> 31;
      lastB = bits[b] >>> 31;
    }
    if (places !== 0) joinAt(forest, runs, a, b, places);
  }
}

/** Joins, at each of some places in two words, the last runs that started up to there. */
function joinAt(forest: Int32Array, runs: Runs, a: number, b: number, places: number): void {
  const { starts, startsBefore, values } = runs;
  const beforeA = startsBefore[a] - 1;
  const beforeB = startsBefore[b] - 1;
  for (let rest = places; rest !== 0; rest &= rest - 1) {
    const upTo = rest ^ (rest - 1);
    const runA = beforeA + bitCount(starts[a] & upTo);
    const runB = beforeB + bitCount(starts[b] & upTo);
    if (!values || alike(values[runA], values[runB])) unite(forest, runA, runB);
  }
}

/** Where runs follow each other without a gap: joins the one that ends before each place with that which starts in b. */
function joinAfter(forest: Int32Array, runs: Runs, a: number, b: number, places: number): void {
  const { starts, startsBefore, values } = runs;
  for (let rest = places; rest !== 0; rest &= rest - 1) {
    const before = (rest & -rest) - 1;
    const runA = startsBefore[a] - 1 + bitCount(starts[a] & before);
    const runB = startsBefore[b] + bitCount(starts[b] & before);
    if (alike(values![runA], values![runB])) unite(forest, runA, runB);
  }
}

/**
 * Rem's algorithm with splicing (Dijkstra, "A Discipline of Programming", 1976, chapter 23): no run's parent lies
 * after it, so the root of a set is its first run.
 */
function unite(forest: Int32Array, a: number, b: number): void {
  let parentA = forest[a];
  let parentB = forest[b];
  while (parentA !== parentB) {
    if (parentA < parentB) {
      forest[b] = parentA;
      if (b === parentB) return;
      b = parentB;
      parentB = forest[b];
    } else {
      forest[a] = parentB;
      if (a === parentA) return;
      a = parentA;
      parentA = forest[a];
    }
  }
}

/** Turns roots into numbers, in place: a parent lies before its children, so its number is known. */
function number(forest: Int32Array): JoinedRuns {
  let count = 0;
  for (let run = 0; run < forest.length; run++) {
    forest[run] = forest[run] === run ? ++count : forest[forest[run]];
  }
  return { count, labelOfRun: forest };
}
