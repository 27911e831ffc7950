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
  for (let k = 0; k < depth; k++) {
    for (let j = 0; j < height; j++) {
      const row = j + height * k;
      if (runs.rowFirst[row] === runs.rowFirst[row + 1]) continue;
      for (const { dj, dk, reach } of ROWS_BEFORE[connectivity]) {
        const inside = j + dj >= 0 && j + dj < height && k + dk >= 0;
        if (inside) joinRows(forest, runs, row, row + dj + height * dk, reach);
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

/** Walks along two rows at once; whichever run ends first gives way to its successor. */
function joinRows(forest: Int32Array, runs: Runs, rowA: number, rowB: number, reach: 0 | 1): void {
  const { starts, ends, rowFirst, values } = runs;
  const [endA, endB] = [rowFirst[rowA + 1], rowFirst[rowB + 1]];
  let a = rowFirst[rowA];
  let b = rowFirst[rowB];
  while (a < endA && b < endB) {
    const touch = starts[a] < ends[b] + reach && starts[b] < ends[a] + reach;
    if (touch && (values === undefined || Object.is(values[a], values[b]))) unite(forest, a, b);
    if (ends[a] < ends[b]) a += 1;
    else if (ends[b] < ends[a]) b += 1;
    else {
      if (values !== undefined && reach === 1) joinAcross(forest, runs, a, b, endA, endB);
      a += 1;
      b += 1;
    }
  }
}

/** Where runs of both rows end at one place, their successors may touch diagonally. */
function joinAcross(
  forest: Int32Array,
  { starts, ends, values }: Runs,
  a: number,
  b: number,
  endA: number,
  endB: number,
): void {
  if (a + 1 < endA && starts[a + 1] === ends[b] && Object.is(values?.[a + 1], values?.[b])) {
    unite(forest, a + 1, b);
  }
  if (b + 1 < endB && starts[b + 1] === ends[a] && Object.is(values?.[a], values?.[b + 1])) {
    unite(forest, a, b + 1);
  }
}

/** The root of a set is its first run. */
function unite(forest: Int32Array, a: number, b: number): void {
  const rootA = rootOf(forest, a);
  const rootB = rootOf(forest, b);
  if (rootA < rootB) forest[rootB] = rootA;
  else forest[rootA] = rootB;
}

function rootOf(forest: Int32Array, run: number): number {
  while (forest[run] !== run) {
    forest[run] = forest[forest[run]];
    run = forest[run];
  }
  return run;
}

/** Turns roots into numbers, in place: a parent lies before its children, so its number is known. */
function number(forest: Int32Array): JoinedRuns {
  let count = 0;
  for (let run = 0; run < forest.length; run++) {
    forest[run] = forest[run] === run ? ++count : forest[forest[run]];
  }
  return { count, labelOfRun: forest };
}
