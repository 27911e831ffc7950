// Which images must stay on one side of a split: those of a patient, and those that are alike.

import type { ImageSample } from "./image-dataset.ts";

/** The patient of each sample as a number, patients that share a pair being one. */
export function patientsOfImages(
  samples: readonly ImageSample[],
  together: readonly (readonly [number, number])[],
): Uint32Array {
  const byPatient = new Map<string, number>();
  const group = Uint32Array.from(samples, ({ patient, path, array }, row) => {
    // Slices of one file are of one patient; rows of an array are not.
    if (patient === undefined && array !== undefined) return row;
    const key = patient === undefined ? `file ${path}` : `patient ${patient}`;
    const first = byPatient.get(key) ?? row;
    byPatient.set(key, first);
    return first;
  });
  const rootOf = (row: number): number => {
    let root = row;
    while (group[root] !== root) root = group[root];
    group[row] = root;
    return root;
  };
  for (const [a, b] of together) group[rootOf(a)] = rootOf(b);
  return group.map((_, row) => rootOf(row));
}
