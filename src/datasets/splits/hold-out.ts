// One test set held out from single rows, plain and stratified by class.

import { type RandomStream, RoentgenError } from "../../base/index.ts";
import { rowsByMember } from "./members.ts";
import { type Strata, stratumName, testCount } from "./split.ts";

/** 1 for rows held out, 0 for rows to learn from; round(rowCount · testFraction) rows are held out. */
export function assignHoldOut(
  rowCount: number,
  testFraction: number,
  random: RandomStream,
): Uint32Array {
  const held = new Uint32Array(rowCount);
  const count = testCount(rowCount, testFraction, "rows");
  for (const row of random.permutation(rowCount).subarray(0, count)) held[row] = 1;
  return held;
}

/**
 * As `assignHoldOut`, with every class on both sides and its number of test rows within one of
 * testFraction · its size. (Where many classes are tiny, the test set grows to hold one row of each.)
 * @throws RoentgenError "too-few-samples" for a class with a single row
 */
export function assignStratifiedHoldOut(
  strata: Strata,
  testFraction: number,
  random: RandomStream,
): Uint32Array {
  const { labels } = strata;
  const classes = rowsByMember(labels);
  const total = testCount(labels.length, testFraction, "rows");
  checkClassesFillSides(strata, classes, testFraction, "row");
  const sizes = classes.map((rows) => rows.length);
  const counts = apportion(sizes, total);
  const held = new Uint32Array(labels.length);
  classes.forEach((rows, label) => {
    for (const row of random.shuffleInPlace(rows).subarray(0, counts[label])) held[row] = 1;
  });
  return held;
}

/** Refuses a class that cannot be on both sides. */
export function checkClassesFillSides(
  strata: Strata,
  membersOfClass: readonly ArrayLike<number>[],
  testFraction: number,
  unit: "row" | "patient",
): void {
  const label = membersOfClass.findIndex((members) => members.length === 1);
  if (label < 0) return;
  throw new RoentgenError("too-few-samples", {
    problem: `Cannot hold out a test fraction of ${testFraction} of class ${stratumName(strata, label)}`,
    expected: `at least two ${unit}s of it, one to learn from and one to test on`,
    found: `a single ${unit}`,
    remedy: `Merge the class with another, leave it out, or bring more ${unit}s of it.`,
    subject: "testFraction",
  });
}

/**
 * Shares `total` seats among classes in proportion to their sizes, by largest remainder (Hamilton's method),
 * with at least one seat and one row left for each class.
 */
function apportion(sizes: readonly number[], total: number): number[] {
  const rows = sizes.reduce((sum, size) => sum + size, 0);
  const ideals = sizes.map((size) => (total * size) / rows);
  const seats = sizes.map((size, label) =>
    size === 0 ? 0 : Math.max(Math.floor(ideals[label]), 1),
  );
  let left = total - seats.reduce((sum, count) => sum + count, 0);
  const byRemainder = sizes
    .map((_, label) => label)
    .filter((label) => seats[label] < sizes[label] - 1 && ideals[label] > seats[label])
    .sort((a, b) => ideals[b] - seats[b] - (ideals[a] - seats[a]));
  for (const label of byRemainder) {
    if (left <= 0) break;
    seats[label] += 1;
    left -= 1;
  }
  return seats;
}
