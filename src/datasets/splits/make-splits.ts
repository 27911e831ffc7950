// The one door to all splits: hold-out, k-fold, repeated k-fold and leave-one-group-out, each plain,
// stratified, grouped or both, after what is known about the rows.

import {
  checkParameters,
  flag,
  integer,
  number,
  type OptionsOf,
  oneOf,
  parameters,
  type RandomStream,
  RoentgenError,
  randomStream,
  type SettingsOf,
} from "../../base/index.ts";
import { assignFindingsHoldOut, assignFindingsKFold } from "./findings-split.ts";
import { assignGroupHoldOut, assignGroupKFold, assignLeaveOneGroupOut } from "./group-split.ts";
import { assignHoldOut, assignStratifiedHoldOut } from "./hold-out.ts";
import { assignKFold, assignStratifiedKFold } from "./k-fold.ts";
import { compactIndex, rowsByMember } from "./members.ts";
import { quantileStrata } from "./quantile-strata.ts";
import { type Split, type Strata, splitOfFold, splitsOfFolds } from "./split.ts";

/** How rows are split. */
export const splitParameters = parameters({
  /** By default "k-fold" where `folds` is given, else "hold-out". */
  kind: oneOf("hold-out", "k-fold", "leave-one-group-out").optional(),
  /** Number of folds; 5 by default. */
  folds: integer({ min: 2 }).optional(),
  /** How often the data are split anew. */
  repeats: integer({ min: 1 }).default(1),
  /** Share of the rows that a hold-out tests on. */
  testFraction: number({ above: 0, below: 1 }).default(0.2),
  /** Whether every part gets its share of every class, or of every quantile bin of `values`. */
  stratify: flag().default(true),
  /** Quantile bins of `values`; by default 10, fewer where a bin could not be in every part. */
  bins: integer({ min: 2 }).optional(),
  seed: integer({ min: 0 }).default(0),
});

/** What is known about the rows to be split. */
export interface SplitRows {
  readonly rowCount: number;
  /** Class of each row; splits are stratified by it. */
  readonly labels?: ArrayLike<number>;
  /** Names of the classes, for messages. */
  readonly classes?: readonly string[];
  /** Measured target of each row; splits are stratified by its quantiles. */
  readonly values?: ArrayLike<number>;
  /** Of each row a value a finding, 1 found, 0 not found, NaN unknown; every part gets its share of each. */
  readonly findings?: readonly (readonly number[])[];
  /** Patient (or other group) of each row; a group stays on one side. */
  readonly groups?: ArrayLike<number>;
}

/** Options of `makeSplits`. */
export type SplitOptions = OptionsOf<typeof splitParameters>;
type SplitSettings = SettingsOf<typeof splitParameters>;

/**
 * Splits rows into those to learn from and those to test on.
 *
 * - Ungrouped and stratified: in every part, each class has its ideal number of rows within one.
 * - Grouped: no group is on both sides; classes and sizes are balanced as nearly as the groups allow.
 * - k-fold: every row is tested exactly once in each repeat.
 * - Equal rows, options and seed give equal splits.
 *
 * @returns one split for a hold-out, `folds` for k-fold, one a group for leave-one-group-out; times `repeats`
 * @throws RoentgenError "too-few-samples" for more folds than rows, members of a class, or groups;
 *   for a test fraction that leaves a side empty; for a class that cannot be on both sides
 */
export function makeSplits({
  rowCount,
  labels,
  classes,
  values,
  findings,
  groups,
  ...options
}: SplitRows & SplitOptions): Split[] {
  const settings = checkParameters(splitParameters, options, "split");
  const rows = { rowCount, labels, classes, values, findings, groups };
  checkLengths(rows);
  const kind = settings.kind ?? (settings.folds === undefined ? "hold-out" : "k-fold");
  if (kind === "leave-one-group-out") return leaveOneGroupOut(groups);
  const splits: Split[] = [];
  for (let repeat = 0; repeat < settings.repeats; repeat++) {
    const random = randomStream({ seed: settings.seed, purpose: `split/${kind}`, sample: repeat });
    if (kind === "hold-out") splits.push(holdOutRows(rows, settings, repeat, random));
    else splits.push(...foldRows(rows, settings, repeat, random));
  }
  return splits;
}

/** A single hold-out; see `makeSplits`. */
export function holdOut(rows: SplitRows & Omit<SplitOptions, "kind" | "folds" | "repeats">): Split {
  return makeSplits({ ...rows, kind: "hold-out" })[0];
}

function holdOutRows(
  rows: SplitRows,
  settings: SplitSettings,
  repeat: number,
  random: RandomStream,
): Split {
  const { testFraction } = settings;
  const { findings } = rows;
  if (findings && settings.stratify) {
    const held = assignFindingsHoldOut({ ...rows, findings }, testFraction, random);
    return splitOfFold(held, 1, repeat, 0);
  }
  const smallerSide = Math.min(testFraction, 1 - testFraction) * rows.rowCount;
  const strata = strataOf(rows, settings, 2, smallerSide);
  const groups = wholeGroups(rows);
  const held = groups
    ? assignGroupHoldOut(groups, testFraction, random, strata)
    : strata
      ? assignStratifiedHoldOut(strata, testFraction, random)
      : assignHoldOut(rows.rowCount, testFraction, random);
  return splitOfFold(held, 1, repeat, 0);
}

function foldRows(
  rows: SplitRows,
  settings: SplitSettings,
  repeat: number,
  random: RandomStream,
): Split[] {
  const folds = settings.folds ?? 5;
  const { findings } = rows;
  if (findings && settings.stratify) {
    const foldOfRow = assignFindingsKFold({ ...rows, findings }, folds, random);
    return splitsOfFolds(foldOfRow, folds, repeat);
  }
  const strata = strataOf(rows, settings, folds, rows.rowCount / folds);
  const groups = wholeGroups(rows);
  const foldOfRow = groups
    ? assignGroupKFold(groups, folds, random, strata)
    : strata
      ? assignStratifiedKFold(strata, folds, random)
      : assignKFold(rows.rowCount, folds, random);
  return splitsOfFolds(foldOfRow, folds, repeat);
}

function leaveOneGroupOut(groups: ArrayLike<number> | undefined): Split[] {
  if (!groups) {
    throw new RoentgenError("value-missing", {
      problem: "Cannot leave one group out",
      expected: "the group of each row",
      found: "no groups",
      remedy: "Name the column of groups (site, patient).",
      subject: "groups",
    });
  }
  const { index, count } = assignLeaveOneGroupOut(groups);
  return splitsOfFolds(index, count, 0);
}

/** Classes, or as many quantile bins as can be in every part. */
function strataOf(
  { labels, classes, values, groups }: SplitRows,
  { stratify, bins }: SplitSettings,
  parts: number,
  rowsOfSmallestPart: number,
): Strata | undefined {
  if (!stratify) return undefined;
  if (labels) return { labels, names: classes };
  if (!values) return undefined;
  if (bins !== undefined) return binStrata(values, bins);
  for (let count = Math.min(10, Math.floor(rowsOfSmallestPart)); count > 1; count--) {
    const strata = binStrata(values, count);
    const fewest = Math.min(...membersOfStrata(strata.labels, groups));
    if (fewest >= parts) return strata;
  }
  return undefined;
}

function binStrata(values: ArrayLike<number>, count: number): Strata {
  const names = Array.from({ length: count }, (_, bin) => `quantile bin ${bin + 1} of ${count}`);
  return { labels: quantileStrata(values, count), names };
}

/** Rows of each stratum, or groups that have rows of it. */
function membersOfStrata(labels: ArrayLike<number>, groups?: ArrayLike<number>): number[] {
  return rowsByMember(labels).map((rows) =>
    groups ? new Set(Array.from(rows, (row) => groups[row])).size : rows.length,
  );
}

/** The groups, unless each is a single row: then splitting rows keeps more exact promises. */
function wholeGroups({ groups }: SplitRows): ArrayLike<number> | undefined {
  if (!groups) return undefined;
  return compactIndex(groups).count === groups.length ? undefined : groups;
}

function checkLengths({ rowCount, labels, values, findings, groups }: SplitRows): void {
  for (const [name, array] of Object.entries({ labels, values, findings, groups })) {
    if (array === undefined || array.length === rowCount) continue;
    throw new RoentgenError("shape-mismatch", {
      problem: "Cannot split the rows",
      expected: `${rowCount} ${name}, one for each row`,
      found: `${array.length}`,
      subject: name,
    });
  }
}
