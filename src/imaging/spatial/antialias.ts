// The Gaussian before a coarser grid, so that fine detail is averaged and not picked.

import type { Triple } from "../../base/index.ts";

/** Full width at half maximum of a Gaussian, in standard deviations: 2 √(2 ln 2). */
const FULL_WIDTH = 2.3548200450309493;

/**
 * Standard deviations in voxels that widen a point from the voxel before to the voxel after, both seen as
 * the full width at half maximum; undefined where no axis gets coarser.
 * Cardoso et al., "Scale factor point spread function matching", MICCAI 2015, eq. 2.
 * @param steps voxels before to a voxel after
 */
export function antialiasSigma(steps: Triple): Triple | undefined {
  const sigma = steps.map((step) => (step > 1 ? Math.sqrt(step * step - 1) / FULL_WIDTH : 0));
  return sigma.some((width) => width > 0) ? (sigma as unknown as Triple) : undefined;
}
