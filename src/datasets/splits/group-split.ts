// Splits that keep every group (a patient, a site) whole: k-fold and hold-out, plain and stratified.

import { type RandomStream, RoentgenError } from "../../base/index.ts";
import { balanceGroups, countClassesInGroups, type GroupCounts } from "./group-balance.ts";
import { checkClassesFillSides } from "./hold-out.ts";
import { checkClassesFillFolds } from "./k-fold.ts";
import { compactIndex, rowsByMember } from "./members.ts";
import { checkFoldCount, type Strata, testCount } from "./split.ts";

/**
 * Fold of each row, no group in two folds, folds of as equal size as the groups allow.
 * With strata, every fold also has its share of every class as nearly as the groups allow.
 * @throws RoentgenError "too-few-samples" for fewer groups than folds, of all rows or of one class
 */
export function assignGroupKFold(
  groups: ArrayLike<number>,
  folds: number,
  random: RandomStream,
  strata?: Strata,
): Uint32Array {
  const { index, count } = compactIndex(groups);
  checkFoldCount(folds, count, "groups (patients)");
  if (strata)
    checkClassesFillFolds(
      strata,
      groupsOfClasses(index, strata.labels),
      folds,
      "groups (patients)",
    );
  const counts = countClassesInGroups(index, count, strata?.labels);
  const shares = new Array<number>(folds).fill(1 / folds);
  const foldOfGroup = balanceGroups(counts, shares, hardestFirst(counts, random), random);
  const relabel = random.permutation(folds);
  return index.map((group) => relabel[foldOfGroup[group]]);
}

/**
 * 1 for rows held out, 0 for rows to learn from, no group on both sides, as near to testFraction of the rows
 * (and, with strata, of every class) as the groups allow.
 * @throws RoentgenError "too-few-samples" where a class has its rows in a single group
 */
export function assignGroupHoldOut(
  groups: ArrayLike<number>,
  testFraction: number,
  random: RandomStream,
  strata?: Strata,
): Uint32Array {
  const { index, count } = compactIndex(groups);
  testCount(index.length, testFraction, "rows");
  checkTwoGroups(count, `hold out a test fraction of ${testFraction}`);
  if (strata) {
    const groupsOfClass = groupsOfClasses(index, strata.labels);
    checkClassesFillSides(strata, groupsOfClass, testFraction, "patient");
  }
  const counts = countClassesInGroups(index, count, strata?.labels);
  const order = random.permutation(count);
  const sideOfGroup = balanceGroups(counts, [1 - testFraction, testFraction], order, random);
  checkBothSides(sideOfGroup, testFraction);
  return index.map((group) => sideOfGroup[group]);
}

/** Group of each row renumbered, so that each group is one fold. */
export function assignLeaveOneGroupOut(groups: ArrayLike<number>): {
  index: Uint32Array;
  count: number;
} {
  const compact = compactIndex(groups);
  checkTwoGroups(compact.count, "leave one patient (group) out");
  return compact;
}

/** For each class, the groups that have rows of it. */
function groupsOfClasses(groups: Uint32Array, labels: ArrayLike<number>): number[][] {
  return rowsByMember(labels).map((rows) => [...new Set(Array.from(rows, (row) => groups[row]))]);
}

/** Groups whose classes are most uneven first (as scikit-learn does), equals in random order. */
function hardestFirst({ groupCount, classCount, counts }: GroupCounts, random: RandomStream) {
  const spread = new Float64Array(groupCount);
  for (let group = 0; group < groupCount; group++) {
    const own = counts.subarray(group * classCount, (group + 1) * classCount);
    const mean = own.reduce((sum, count) => sum + count, 0) / classCount;
    spread[group] =
      classCount === 1 ? mean : own.reduce((sum, count) => sum + (count - mean) ** 2, 0);
  }
  return random.permutation(groupCount).sort((a, b) => spread[b] - spread[a]);
}

/** Refuses a split of fewer groups than there are sides. */
export function checkTwoGroups(count: number, split: string): void {
  if (count >= 2) return;
  throw new RoentgenError("too-few-samples", {
    problem: `Cannot ${split} and keep every patient on one side`,
    expected: "at least two patients (groups)",
    found: `${count}`,
    remedy: "Bring data of more patients, or check the column that names them.",
    subject: "groups",
  });
}

/** Refuses a split with an empty side. */
export function checkBothSides(sideOfGroup: Uint32Array, testFraction: number): void {
  if (sideOfGroup.includes(0) && sideOfGroup.includes(1)) return;
  throw new RoentgenError("too-few-samples", {
    problem: `Cannot hold out ${testFraction} of the rows without dividing a group`,
    expected: "at least one whole group on each side",
    found: `${sideOfGroup.length} groups of which one side would get none`,
    remedy: "Choose another test fraction or bring more groups.",
    subject: "testFraction",
  });
}
