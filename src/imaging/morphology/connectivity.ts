// Which voxels count as neighbours, in a slice and across slices.

import { rules } from "../../base/index.ts";

/**
 * Neighbours of a voxel: 4 or 8 within its slice (faces; faces and corners), 6, 18 or 26 across slices too
 * (faces; and edges; and corners). In an image of depth 1, 6 is 4, and 18 and 26 are 8.
 */
export type Connectivity = 4 | 6 | 8 | 18 | 26;

/** The rule of a `connectivity` option. */
export function connectivityRule() {
  const known = [4, 6, 8, 18, 26] as const;
  return rules.literal(known, { error: "4, 8 (within slices), 6, 18 or 26" });
}

/** A row of voxels beside another: runs touch if they overlap or lie at most `reach` voxels apart diagonally. */
export interface RowNeighbour {
  readonly dj: number;
  readonly dk: number;
  readonly reach: 0 | 1;
}

/** The neighbouring rows that come earlier in memory. */
export const ROWS_BEFORE: Readonly<Record<Connectivity, readonly RowNeighbour[]>> = {
  4: [{ dj: -1, dk: 0, reach: 0 }],
  8: [{ dj: -1, dk: 0, reach: 1 }],
  6: [
    { dj: -1, dk: 0, reach: 0 },
    { dj: 0, dk: -1, reach: 0 },
  ],
  18: [
    { dj: -1, dk: 0, reach: 1 },
    { dj: 0, dk: -1, reach: 1 },
    { dj: -1, dk: -1, reach: 0 },
    { dj: 1, dk: -1, reach: 0 },
  ],
  26: [
    { dj: -1, dk: 0, reach: 1 },
    { dj: 0, dk: -1, reach: 1 },
    { dj: -1, dk: -1, reach: 1 },
    { dj: 1, dk: -1, reach: 1 },
  ],
};

/** Steps (di, dj, dk) to all neighbours that come earlier in memory. */
export function stepsBefore(connectivity: Connectivity): [number, number, number][] {
  const steps: [number, number, number][] = [[-1, 0, 0]];
  for (const { dj, dk, reach } of ROWS_BEFORE[connectivity]) {
    for (let di = -reach; di <= reach; di++) steps.push([di, dj, dk]);
  }
  return steps;
}
