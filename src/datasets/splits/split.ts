// A split: which rows to learn from and which to test on, as positions in a table.

import { RoentgenError } from "../../base/index.ts";

/** Positions of the rows to learn from and to test on. */
export interface Split {
  /** Rows to learn from, ascending. */
  readonly train: Uint32Array;
  /** Rows to test on, ascending; none of them is in `train`. */
  readonly test: Uint32Array;
  /** 0 where the data were split once. */
  readonly repeat: number;
  /** 0 for a hold-out. */
  readonly fold: number;
}

/** Classes (or quantile bins) that every part should hold its share of. */
export interface Strata {
  /** 0 … names.length − 1, one a row. */
  readonly labels: ArrayLike<number>;
  /** For messages. */
  readonly names?: readonly string[];
}

/** The splits of one round of cross-validation: each part is tested once. */
export function splitsOfFolds(foldOfRow: Uint32Array, folds: number, repeat: number): Split[] {
  return Array.from({ length: folds }, (_, fold) => splitOfFold(foldOfRow, fold, repeat));
}

/** The rows of part `fold` against all others. */
export function splitOfFold(partOfRow: Uint32Array, part: number, repeat: number, fold = part) {
  let tested = 0;
  for (const other of partOfRow) if (other === part) tested += 1;
  const test = new Uint32Array(tested);
  const train = new Uint32Array(partOfRow.length - tested);
  let nextTest = 0;
  let nextTrain = 0;
  for (let row = 0; row < partOfRow.length; row++) {
    if (partOfRow[row] === part) test[nextTest++] = row;
    else train[nextTrain++] = row;
  }
  return { train, test, repeat, fold } satisfies Split;
}

/** Refuses more folds than there are members to deal out. */
export function checkFoldCount(folds: number, members: number, unit: string): void {
  if (folds <= members) return;
  throw new RoentgenError("too-few-samples", {
    problem: `Cannot make ${folds} folds`,
    expected: `at least ${folds} ${unit}, one for each fold`,
    found: `${members}`,
    remedy: "Use fewer folds.",
    subject: "folds",
  });
}

/** Number of test rows (or other members) that a fraction asks for, rounded to the nearest. */
export function testCount(members: number, testFraction: number, unit: string): number {
  const count = Math.round(members * testFraction);
  if (count > 0 && count < members) return count;
  throw new RoentgenError("too-few-samples", {
    problem: `Cannot hold out ${testFraction} of ${members} ${unit}`,
    expected: "at least one on each side",
    found: `${members - count} to learn from and ${count} to test on`,
    remedy: "Choose another test fraction or bring more data.",
    subject: "testFraction",
  });
}

/** What to call a class in a message. */
export function stratumName({ names }: Strata, label: number): string {
  return `"${names?.[label] ?? label}"`;
}
