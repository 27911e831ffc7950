// Do prediction sets keep their promise: how often they hold the true class, and how large they are.

import { clusteredMean, clusteredShare } from "../clustered.ts";
import type { Figure } from "../figure.ts";
import { rowChecks } from "../row-checks.ts";

/** What sets did on test cases. Plain data. */
export interface Coverage {
  readonly n: number;
  /** Share of sets that hold the true class. */
  readonly coverage: Figure;
  /** The same among the cases of each class. */
  readonly perClass: readonly { readonly class: string; readonly coverage: Figure }[];
  /** Mean number of classes in a set. */
  readonly meanSize: Figure;
  /** Share of sets with just one class. */
  readonly singletons: Figure;
  /** Share of those that hold the true class. */
  readonly singletonsRight: Figure;
  /** Sets with 0, 1, 2 … classes. */
  readonly sizes: readonly number[];
}

/**
 * Coverage with Clopper & Pearson's intervals, which widen where rows share patients.
 * @param sets class numbers of each row, as `conformalSets` gives them
 * @throws RoentgenError "shape-mismatch" or "value-invalid"
 */
export function coverageFigure(
  sets: readonly (readonly number[])[],
  labels: ArrayLike<number>,
  {
    classes,
    groups,
    level = 0.95,
  }: { classes: readonly string[]; groups?: ArrayLike<number>; level?: number },
): Coverage {
  const check = rowChecks("judge prediction sets");
  check.length("sets", sets.length, labels.length, "one for each label");
  check.classes(labels, classes.length);
  if (groups) check.length("groups", groups.length, labels.length, "a patient for each row");
  const all = Array.from(sets.keys());
  const single = all.filter((row) => sets[row].length === 1);
  const shareOf = (rows: number[], holds: (row: number) => boolean, undefinedBecause: string) =>
    clusteredShare(
      rows.map((row) => +holds(row)),
      { groups: groups && rows.map((row) => groups[row]), level, undefinedBecause },
    );
  const covers = (row: number) => sets[row].includes(labels[row]);
  const ofClass = (index: number) => all.filter((row) => labels[row] === index);
  return {
    n: sets.length,
    coverage: shareOf(all, covers, "there are no cases"),
    perClass: classes.map((name, index) => ({
      class: name,
      coverage: shareOf(ofClass(index), covers, `there are no cases of class ${name}`),
    })),
    meanSize: clusteredMean(
      sets.map((set) => set.length),
      { groups, level },
    ),
    singletons: shareOf(all, (row) => sets[row].length === 1, "there are no cases"),
    singletonsRight: shareOf(single, covers, "no set has just one class"),
    sizes: countSizes(sets, classes.length),
  };
}

function countSizes(sets: readonly (readonly number[])[], classCount: number): number[] {
  const sizes = new Array<number>(classCount + 1).fill(0);
  for (const set of sets) sizes[set.length] += 1;
  return sizes;
}
