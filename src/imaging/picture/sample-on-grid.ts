// Values of an image at the points of a small grid: what a plane through a volume shows.

import {
  channelCount,
  composeAffines,
  indexToWorld,
  type PatientGeometry,
  type Volume,
  type VoxelArray,
  voxelCount,
  worldToIndex,
} from "../../base/index.ts";
import type { RowCoordinates } from "../resample/free-form.ts";
import { affineMap } from "../resample/grid-map.ts";
import { rowLocator } from "../resample/row-coordinates.ts";
import { linearAt } from "../resample/sample-linear.ts";
import { sampleNearestRow } from "../resample/sample-nearest.ts";
import type { SourceGrid } from "../resample/source-grid.ts";

/**
 * Values at the grid's points, [channel, point]; NaN outside the volume's voxels. By the resampler's rules, but without
 * its copy of the whole volume as real numbers, which would cost far more than a plane.
 */
export function sampleOnGrid(
  volume: Volume,
  grid: PatientGeometry,
  interpolation: "nearest" | "linear",
): Float32Array {
  const [width, height] = grid.size;
  const points = voxelCount(grid);
  const voxels = voxelCount(volume.geometry);
  const toIndex = composeAffines(worldToIndex(volume.geometry), indexToWorld(grid));
  const locate = rowLocator(affineMap(grid, toIndex).stages, width);
  const sampleRow = interpolation === "linear" ? linearRow : sampleNearestRow;
  const values = new Float32Array(points * channelCount(volume));
  for (let channel = 0; channel < channelCount(volume); channel++) {
    const { data, geometry } = volume;
    const source = { data, size: geometry.size, start: channel * voxels, outside: Number.NaN };
    for (let row = 0; row * width < points; row++) {
      const at = channel * points + row * width;
      sampleRow(source, locate(row % height, Math.floor(row / height)), values, at);
    }
  }
  return values;
}

function linearRow(
  source: SourceGrid<VoxelArray>,
  [xs, ys, zs]: RowCoordinates,
  out: VoxelArray,
  at: number,
): void {
  for (let i = 0; i < xs.length; i++) out[at + i] = linearAt(source, xs[i], ys[i], zs[i]);
}
