// Patients (or other groups) with rows on both sides of a split.

import type { Split } from "../splits/split.ts";
import type { Finding } from "./finding.ts";

/** Reports the groups that any split divides. */
export function findSharedGroups(
  groups: { readonly names: readonly string[]; readonly index: ArrayLike<number> },
  splits: readonly Split[],
): Finding[] {
  const shared = new Set<number>();
  for (const { train, test } of splits) {
    const learnt = new Set(Array.from(train, (row) => groups.index[row]));
    for (const row of test) if (learnt.has(groups.index[row])) shared.add(groups.index[row]);
  }
  if (shared.size === 0) return [];
  const indices = [...shared].sort((a, b) => a - b);
  const names = indices.slice(0, 5).map((index) => groups.names[index]);
  const more = shared.size > names.length ? ` and ${shared.size - names.length} more` : "";
  return [
    {
      kind: "shared-group",
      severity: "leak",
      groups: indices,
      figure: shared.size,
      message:
        `${shared.size} patients (groups) have rows on both sides of a split: ${names.join(", ")}${more}. ` +
        "The test then measures how well patients are recognised; split by group.",
    },
  ];
}
