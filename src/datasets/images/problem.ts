// Problems of a data set, counted, with the first of the files they concern.

import type { DatasetProblem } from "./image-dataset.ts";

/** Subjects that a problem lists. */
const MOST_SUBJECTS = 100;

/** None where there are no subjects. */
export function problemOf(
  kind: DatasetProblem["kind"],
  message: string,
  subjects: readonly string[],
): DatasetProblem[] {
  if (subjects.length === 0) return [];
  return [{ kind, message, subjects: subjects.slice(0, MOST_SUBJECTS), count: subjects.length }];
}
