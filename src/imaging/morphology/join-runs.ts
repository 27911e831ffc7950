// Joins runs that touch into components, by union-find on runs, as
// He, Chao, Suzuki: "A run-based two-scan labeling algorithm", IEEE Transactions on Image Processing 17 (2008).

import { type Connectivity, ROWS_BEFORE } from "./connectivity.ts";
import type { Runs } from "./runs.ts";

/** Components of runs, numbered from 1 in the order in which memory meets them. */
export interface JoinedRuns {
  readonly count: number;
  /** The component of each run. */
  readonly labelOfRun: Int32Array;
}

/** Joins the runs that touch, and of labelled runs only those of equal value. */
export function joinRuns(runs: Runs, connectivity: Connectivity): JoinedRuns {
  const [, height, depth] = runs.size;
  const forest = singletons(runs.count);
  const join = runs.values ? joinRowsOfValues : joinRows;
  for (let k = 0; k < depth; k++) {
    for (let j = 0; j < height; j++) {
      const row = j + height * k;
      if (runs.rowFirst[row] === runs.rowFirst[row + 1]) continue;
      for (const { dj, dk, reach } of ROWS_BEFORE[connectivity]) {
        const inside = j + dj >= 0 && j + dj < height && k + dk >= 0;
        if (inside) join(forest, runs, row, row + dj + height * dk, reach);
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

/**
 * Walks along two rows at once; whichever run ends first gives way to its successor. Where both end at one
 * place both do, as a run of foreground leaves a gap behind it.
 */
function joinRows(forest: Int32Array, runs: Runs, rowA: number, rowB: number, reach: 0 | 1): void {
  const { edges, rowFirst } = runs;
  const endA = rowFirst[rowA + 1];
  const endB = rowFirst[rowB + 1];
  let a = rowFirst[rowA];
  let b = rowFirst[rowB];
  while (a < endA && b < endB) {
    const lastA = edges[2 * a + 1];
    const lastB = edges[2 * b + 1];
    // Below 0 where both are: a branch less to guess.
    if (((edges[2 * a] - lastB - reach) & (edges[2 * b] - lastA - reach)) < 0) unite(forest, a, b);
    // 1 where the left side is below 0: which row goes on is a coin's toss.
    a += (lastA - lastB - 1) >>> 31;
    b += (lastB - lastA - 1) >>> 31;
  }
}

/** The same for runs that may follow each other without a gap: of two that end at one place, one waits. */
function joinRowsOfValues(
  forest: Int32Array,
  { edges, rowFirst, values }: Runs,
  rowA: number,
  rowB: number,
  reach: 0 | 1,
): void {
  const alike = (a: number, b: number) =>
    edges[2 * a] < edges[2 * b + 1] + reach &&
    edges[2 * b] < edges[2 * a + 1] + reach &&
    Object.is(values?.[a], values?.[b]);
  const endA = rowFirst[rowA + 1];
  const endB = rowFirst[rowB + 1];
  let a = rowFirst[rowA];
  let b = rowFirst[rowB];
  while (a < endA && b < endB) {
    if (alike(a, b)) unite(forest, a, b);
    const ahead = edges[2 * a + 1] - edges[2 * b + 1];
    // The successor of a may touch b diagonally where both end at one place.
    if (ahead === 0 && a + 1 < endA && alike(a + 1, b)) unite(forest, a + 1, b);
    if (ahead < 0) a += 1;
    else b += 1;
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
