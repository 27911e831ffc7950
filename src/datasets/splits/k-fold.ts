// K-fold cross-validation of single rows, plain and stratified by class.

import { type RandomStream, RoentgenError } from "../../base/index.ts";
import { rowsByMember } from "./members.ts";
import { checkFoldCount, type Strata, stratumName } from "./split.ts";

/** Fold of each row, drawn at random; fold sizes differ by at most one. */
export function assignKFold(rowCount: number, folds: number, random: RandomStream): Uint32Array {
  checkFoldCount(folds, rowCount, "rows");
  return dealRows(random.permutation(rowCount), folds, random);
}

/**
 * Fold of each row such that, for every class, the numbers of rows in any two folds differ by at most one,
 * and so do the sizes of the folds.
 * @throws RoentgenError "too-few-samples" for a class with fewer rows than there are folds
 */
export function assignStratifiedKFold(
  strata: Strata,
  folds: number,
  random: RandomStream,
): Uint32Array {
  const { labels } = strata;
  checkFoldCount(folds, labels.length, "rows");
  const classes = rowsByMember(labels);
  checkClassesFillFolds(strata, classes, folds, "rows");
  // One class after the other, dealt out like cards: a class starts where the one before stopped.
  const order = new Uint32Array(labels.length);
  let start = 0;
  for (const rows of classes) {
    order.set(random.shuffleInPlace(rows), start);
    start += rows.length;
  }
  return dealRows(order, folds, random);
}

/** Refuses a class that cannot be in every fold. */
export function checkClassesFillFolds(
  strata: Strata,
  membersOfClass: readonly ArrayLike<number>[],
  folds: number,
  unit: string,
): void {
  const counts = membersOfClass.map((members) => members.length).filter((count) => count > 0);
  const smallest = Math.min(...counts);
  if (smallest >= folds) return;
  const label = membersOfClass.findIndex((members) => members.length === smallest);
  throw new RoentgenError("too-few-samples", {
    problem: `Cannot make ${folds} folds that all hold class ${stratumName(strata, label)}`,
    expected: `at least ${folds} ${unit} of that class, one for each fold`,
    found: `${smallest}`,
    remedy: "Use fewer folds, join rare classes, or split without stratifying.",
    subject: "folds",
  });
}

/** Deals rows to folds in turn; which fold comes first is drawn, so that no fold is always the largest. */
function dealRows(order: Uint32Array, folds: number, random: RandomStream): Uint32Array {
  const foldOfTurn = random.permutation(folds);
  const foldOfRow = new Uint32Array(order.length);
  for (let turn = 0; turn < order.length; turn++) {
    foldOfRow[order[turn]] = foldOfTurn[turn % folds];
  }
  return foldOfRow;
}
