// Values of an image at the points of a small grid: what a plane through a volume shows.

import {
  channelCount,
  composeAffines,
  type Image,
  indexToWorld,
  type PatientGeometry,
  type Volume,
  voxelCount,
  worldToIndex,
} from "../../base/index.ts";

/**
 * Values at the grid's points, [channel, point]; NaN outside the volume's voxels.
 * Voxels reach half a voxel around their centres; within that rim the nearest value holds.
 */
export function sampleOnGrid(
  volume: Volume,
  grid: PatientGeometry,
  interpolation: "nearest" | "linear",
): Float32Array {
  const points = voxelCount(grid);
  const voxels = voxelCount(volume.geometry);
  const channels = channelCount(volume);
  const values = new Float32Array(points * channels);
  const valueAt = interpolation === "linear" ? linear : nearest;
  forEachPoint(volume, grid, (point, i, j, k) => {
    for (let channel = 0; channel < channels; channel++) {
      values[channel * points + point] = valueAt(volume, channel * voxels, i, j, k);
    }
  });
  return values;
}

function forEachPoint(
  volume: Image,
  grid: PatientGeometry,
  visit: (point: number, i: number, j: number, k: number) => void,
): void {
  const a = composeAffines(worldToIndex(volume.geometry), indexToWorld(grid));
  const [width, height, depth] = grid.size;
  let point = 0;
  for (let z = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const i = a[0] * x + a[1] * y + a[2] * z + a[3];
        const j = a[4] * x + a[5] * y + a[6] * z + a[7];
        const k = a[8] * x + a[9] * y + a[10] * z + a[11];
        visit(point, i, j, k);
        point += 1;
      }
    }
  }
}

function nearest(
  { geometry, data }: Image,
  start: number,
  i: number,
  j: number,
  k: number,
): number {
  const [width, height, depth] = geometry.size;
  if (!isInside(i, width) || !isInside(j, height) || !isInside(k, depth)) return Number.NaN;
  const [x, y, z] = [
    clamp(Math.round(i), width),
    clamp(Math.round(j), height),
    clamp(Math.round(k), depth),
  ];
  return data[start + (z * height + y) * width + x];
}

function linear({ geometry, data }: Image, start: number, i: number, j: number, k: number): number {
  const [width, height, depth] = geometry.size;
  if (!isInside(i, width) || !isInside(j, height) || !isInside(k, depth)) return Number.NaN;
  const [x0, y0, z0] = [Math.floor(i), Math.floor(j), Math.floor(k)];
  let value = 0;
  for (let corner = 0; corner < 8; corner++) {
    const [x, y, z] = [x0 + (corner & 1), y0 + ((corner >> 1) & 1), z0 + (corner >> 2)];
    const weight = (1 - Math.abs(i - x)) * (1 - Math.abs(j - y)) * (1 - Math.abs(k - z));
    if (weight === 0) continue;
    value +=
      weight *
      data[start + (clamp(z, depth) * height + clamp(y, height)) * width + clamp(x, width)];
  }
  return value;
}

function isInside(index: number, count: number): boolean {
  return index >= -0.5 && index <= count - 0.5;
}

function clamp(index: number, count: number): number {
  return Math.min(count - 1, Math.max(0, index));
}
