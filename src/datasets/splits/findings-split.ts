// Splits of rows that may have several findings: every part gets its share of every finding, groups (patients) stay whole.
// Rarest findings are placed first, as in Sechidis, Tsoumakas & Vlahavas: "On the stratification of multi-label data", 2011;
// moves and exchanges of whole groups then bring the shares nearer.

import type { RandomStream } from "../../base/index.ts";
import { balanceGroups, type GroupCounts } from "./group-balance.ts";
import { checkBothSides, checkTwoGroups } from "./group-split.ts";
import { compactIndex } from "./members.ts";
import { checkFoldCount, testCount } from "./split.ts";

/** Rows with several findings. */
export interface FindingsToSplit {
  /** Of each row a value a finding: 1 found, 0 not found, NaN unknown. */
  readonly findings: readonly (readonly number[])[];
  /** The group of each row; left out where each is its own. */
  readonly groups?: ArrayLike<number>;
}

/**
 * 1 for rows held out, 0 for rows to learn from. A finding that several groups have is on both sides.
 * @throws RoentgenError "too-few-samples" where one side would be empty
 */
export function assignFindingsHoldOut(
  rows: FindingsToSplit,
  testFraction: number,
  random: RandomStream,
): Uint32Array {
  testCount(rows.findings.length, testFraction, "rows");
  const { index, count } = groupsOf(rows);
  checkTwoGroups(count, `hold out a test fraction of ${testFraction}`);
  const counts = countFindings(rows, index, count);
  const shares = [1 - testFraction, testFraction];
  const sideOfGroup = balanceGroups(counts, shares, rarestFirst(counts, random), random);
  checkBothSides(sideOfGroup, testFraction);
  return index.map((group) => sideOfGroup[group]);
}

/**
 * Fold of each row.
 * @throws RoentgenError "too-few-samples" for fewer groups than folds
 */
export function assignFindingsKFold(
  rows: FindingsToSplit,
  folds: number,
  random: RandomStream,
): Uint32Array {
  const { index, count } = groupsOf(rows);
  checkFoldCount(folds, count, "groups (patients)");
  const counts = countFindings(rows, index, count);
  const shares = new Array<number>(folds).fill(1 / folds);
  const foldOfGroup = balanceGroups(counts, shares, rarestFirst(counts, random), random);
  const relabel = random.permutation(folds);
  return index.map((group) => relabel[foldOfGroup[group]]);
}

function groupsOf({ findings, groups }: FindingsToSplit) {
  return compactIndex(groups ?? Array.from(findings.keys()));
}

/** Rows in which each finding is there and, of those that are not known of every row, in which it is known not to be. */
function countFindings(
  { findings }: FindingsToSplit,
  groups: Uint32Array,
  groupCount: number,
): GroupCounts {
  const width = findings[0]?.length ?? 0;
  const all = Array.from({ length: width }, (_, finding) => finding);
  const absent = all.filter((finding) => findings.some((row) => Number.isNaN(row[finding])));
  const classCount = width + absent.length;
  const counts = new Float64Array(groupCount * classCount);
  const rows = new Float64Array(groupCount);
  for (const [row, values] of findings.entries()) {
    const start = groups[row] * classCount;
    rows[groups[row]] += 1;
    for (const finding of all) if (values[finding] === 1) counts[start + finding] += 1;
    for (const [at, finding] of absent.entries()) {
      if (values[finding] === 0) counts[start + width + at] += 1;
    }
  }
  return { groupCount, classCount, counts, rows };
}

/** Groups that have what fewest rows have, equals in random order. */
function rarestFirst({ groupCount, classCount, counts }: GroupCounts, random: RandomStream) {
  const totals = new Float64Array(classCount);
  for (const [at, count] of counts.entries()) totals[at % classCount] += count;
  const rarest = Float64Array.from({ length: groupCount }, (_, group) => {
    const own = counts.subarray(group * classCount, (group + 1) * classCount);
    return totals.reduce(
      (least, total, at) => (own[at] > 0 ? Math.min(least, total) : least),
      Number.POSITIVE_INFINITY,
    );
  });
  const byRarity = (a: number, b: number) =>
    rarest[a] === rarest[b] ? 0 : rarest[a] < rarest[b] ? -1 : 1;
  return random.permutation(groupCount).sort(byRarity);
}
