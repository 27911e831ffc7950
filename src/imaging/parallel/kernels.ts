// The loops over voxels that worker threads can run, by name.

import { distanceAcross, distanceWithin } from "../morphology/distance-passes.ts";

/**
 * Each takes one task: plain data and typed arrays, of which it writes the part that belongs to the
 * positions `from` … `to` − 1 of slices, rows or whatever it goes over, and reads what it likes.
 */
export const kernels = {
  "distance/across": distanceAcross,
  "distance/within": distanceWithin,
};

export type KernelName = keyof typeof kernels;
export type TaskOf<K extends KernelName> = Parameters<(typeof kernels)[K]>[0];

/** The stretch of positions that one call of a kernel is to do. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}
