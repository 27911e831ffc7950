// The nearest voxel's value along rows of points.

import type { VoxelArray } from "../../base/index.ts";
import { foldCoordinate } from "./boundary.ts";
import type { RowCoordinates } from "./free-form.ts";
import { outsideValue, type SourceGrid } from "./source-grid.ts";

/** Halfway between two voxels the later one is taken, as in ITK; rounding of coordinates doesn't change that. */
const HALF = 0.5 + 1e-9;

/** One voxel a point. */
export function sampleNearestRow(
  source: SourceGrid<VoxelArray>,
  [xs, ys, zs]: RowCoordinates,
  out: VoxelArray,
  at: number,
): void {
  const { data, start, outside } = source;
  const [width, height, depth] = source.size;
  for (let i = 0; i < xs.length; i++) {
    const x = nearestIndex(foldCoordinate(xs[i], width, outside), width);
    const y = nearestIndex(foldCoordinate(ys[i], height, outside), height);
    const z = nearestIndex(foldCoordinate(zs[i], depth, outside), depth);
    const inside = x >= 0 && y >= 0 && z >= 0;
    out[at + i] = inside ? data[start + (z * height + y) * width + x] : outsideValue(source);
  }
}

/** Of a folded coordinate; −1 of NaN. */
export function nearestIndex(coordinate: number, size: number): number {
  if (Number.isNaN(coordinate)) return -1;
  return Math.min(Math.floor(coordinate + HALF), size - 1);
}
