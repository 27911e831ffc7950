// What is known of several findings of some samples, and how often each is there.

import type { ImageDataset } from "../../datasets/index.ts";

type Samples = Pick<ImageDataset, "samples">;

/** Of each row a value a finding, one row after another: 1 found, 0 not found, NaN unknown. */
export function findingsOf({ samples }: Samples, rows: Iterable<number>): Float64Array {
  return Float64Array.from(
    Array.from(rows).flatMap((row) => samples[row].target as readonly number[]),
  );
}

/** Rows of which it is known. */
export interface FindingCount {
  readonly found: number;
  readonly absent: number;
}

export function countFindings(
  { samples, target }: Pick<ImageDataset, "samples" | "target">,
  rows: Iterable<number>,
): FindingCount[] {
  const labels = target.kind === "labels" ? target.labels : [];
  const counts = labels.map(() => ({ found: 0, absent: 0 }));
  for (const row of rows) {
    for (const [at, value] of (samples[row].target as readonly number[]).entries()) {
      if (value === 1) counts[at].found += 1;
      if (value === 0) counts[at].absent += 1;
    }
  }
  return counts;
}
