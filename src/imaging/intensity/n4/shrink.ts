// A grid thinned out: every n-th voxel along an axis, centred, as itk::ShrinkImageFilter samples.

import type { Triple, VoxelArray } from "../../../base/index.ts";

/** Which voxels of a grid remain. */
export interface Thinning {
  /** Voxels that remain along i, j, k. */
  readonly size: Triple;
  /** The first that remains. */
  readonly start: Triple;
  /** Distance of those that remain. */
  readonly step: Triple;
}

/** Fewest voxels that an axis keeps, where it has them: two for each span of the finest lattice. */
const FEWEST = 16;

/** Thins each axis by a factor, or by less where too few voxels would remain, as along thick slices. */
export function thinning(size: Triple, factor: number): Thinning {
  const step = size.map((n) => Math.max(1, Math.min(factor, Math.floor(n / FEWEST))));
  const kept = size.map((n, axis) => Math.floor(n / step[axis]));
  const start = size.map((n, axis) => (n - 1 - (kept[axis] - 1) * step[axis]) >> 1);
  return { size: kept as never, start: start as never, step: step as never };
}

/** Calls `take` with the index of each voxel that remains, in order. */
function eachKept(full: Triple, { size, start, step }: Thinning, take: (at: number) => void) {
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      const row = ((start[2] + k * step[2]) * full[1] + start[1] + j * step[1]) * full[0];
      for (let i = 0; i < size[0]; i++) take(row + start[0] + i * step[0]);
    }
  }
}

/** The values that remain, as natural logarithms; NaN where a value has none or lies outside the mask. */
export function thinnedLogs(
  values: VoxelArray,
  full: Triple,
  kept: Thinning,
  inside: (at: number) => boolean,
): Float64Array {
  const logs = new Float64Array(kept.size[0] * kept.size[1] * kept.size[2]);
  let next = 0;
  eachKept(full, kept, (at) => {
    logs[next++] = inside(at) && values[at] > 0 ? Math.log(values[at]) : Number.NaN;
  });
  return logs;
}

/** Where the voxels of a full axis lie on the spline that spans the thinned one, in spans. */
export function placesOnSpline(full: Triple, { size, start, step }: Thinning, points: Triple) {
  return full.map((samples, axis) =>
    Float64Array.from(
      { length: samples },
      (_, at) =>
        ((at - start[axis]) / step[axis] / Math.max(1, size[axis] - 1)) * (points[axis] - 3),
    ),
  );
}
