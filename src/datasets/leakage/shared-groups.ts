// Patients (or other groups) with rows on both sides of a split.

import type { Split } from "../splits/split.ts";
import type { Groups } from "../view/groups.ts";
import type { Finding } from "./finding.ts";

type GroupedRows = Pick<Groups, "names"> & { readonly index: ArrayLike<number> };

/** Reports the groups that any split divides. */
export function findSharedGroups(groups: GroupedRows, splits: readonly Split[]): Finding[] {
  const shared = dividedGroups(groups, splits);
  if (shared.length === 0) return [];
  return [
    {
      kind: "shared-group",
      severity: "leak",
      groups: shared,
      figure: shared.length,
      message:
        `${shared.length} patients (groups) have rows on both sides of a split: ${someNames(groups, shared)}. ` +
        "The test then measures how well patients are recognised; split by group.",
    },
  ];
}

/**
 * Reports the patients that any split divides, of a column that was not taken for the group. A warning, since
 * the name alone says that they are patients.
 */
export function findSharedPersons(persons: Groups, splits: readonly Split[]): Finding[] {
  const shared = dividedGroups(persons, splits);
  if (shared.length === 0) return [];
  const { column } = persons;
  const subject =
    shared.length === 1
      ? `Rows of one "${column}" are`
      : `Rows of ${shared.length} "${column}" are`;
  return [
    {
      kind: "shared-group",
      severity: "warning",
      columns: [column],
      figure: shared.length,
      message:
        `${subject} on both sides of a split: ${someNames(persons, shared)}. ` +
        `If they are patients, give "${column}" as the group; results may else be too good.`,
    },
  ];
}

/** In increasing order; rows without a group (−1) count for none. */
function dividedGroups({ index }: GroupedRows, splits: readonly Split[]): number[] {
  const shared = new Set<number>();
  for (const { train, test } of splits) {
    const learnt = new Set(Array.from(train, (row) => index[row]));
    for (const row of test) if (index[row] >= 0 && learnt.has(index[row])) shared.add(index[row]);
  }
  return [...shared].sort((a, b) => a - b);
}

function someNames({ names }: GroupedRows, indices: readonly number[]): string {
  const some = indices.slice(0, 5).map((index) => names[index]);
  const more = indices.length - some.length;
  return some.join(", ") + (more > 0 ? ` and ${more} more` : "");
}
