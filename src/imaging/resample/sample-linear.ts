// Linear interpolation along rows of points.

import type { VoxelArray } from "../../base/index.ts";
import { foldCoordinate } from "./boundary.ts";
import type { RowCoordinates } from "./free-form.ts";
import { outsideValue, type RealArray, type SourceGrid } from "./source-grid.ts";

/** Eight voxels a point; four in an image of one slice. */
export function sampleLinearRow(
  source: SourceGrid,
  row: RowCoordinates,
  out: RealArray,
  at: number,
): void {
  if (source.size[2] === 1) sampleSliceRow(source, row, out, at);
  else sampleVolumeRow(source, row, out, at);
}

function sampleVolumeRow(
  source: SourceGrid,
  [xs, ys, zs]: RowCoordinates,
  out: RealArray,
  at: number,
): void {
  const { data, start } = source;
  const [width, height, depth] = source.size;
  const plane = width * height;
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i];
    const y = ys[i];
    const z = zs[i];
    if (!(x >= 0 && y >= 0 && z >= 0 && x < width - 1 && y < height - 1 && z < depth - 1)) {
      out[at + i] = linearAt(source, x, y, z);
      continue;
    }
    const column = x | 0;
    const line = y | 0;
    const slice = z | 0;
    const u = x - column;
    const v = y - line;
    const p = start + slice * plane + line * width + column;
    const q = p + plane;
    const a = data[p] + u * (data[p + 1] - data[p]);
    const b = data[p + width] + u * (data[p + width + 1] - data[p + width]);
    const c = data[q] + u * (data[q + 1] - data[q]);
    const d = data[q + width] + u * (data[q + width + 1] - data[q + width]);
    const near = a + v * (b - a);
    out[at + i] = near + (z - slice) * (c + v * (d - c) - near);
  }
}

function sampleSliceRow(
  source: SourceGrid,
  [xs, ys, zs]: RowCoordinates,
  out: RealArray,
  at: number,
): void {
  const { data, start } = source;
  const [width, height] = source.size;
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i];
    const y = ys[i];
    if (!(x >= 0 && y >= 0 && x < width - 1 && y < height - 1 && zs[i] === 0)) {
      out[at + i] = linearAt(source, x, y, zs[i]);
      continue;
    }
    const column = x | 0;
    const line = y | 0;
    const u = x - column;
    const p = start + line * width + column;
    const a = data[p] + u * (data[p + 1] - data[p]);
    const b = data[p + width] + u * (data[p + width + 1] - data[p + width]);
    out[at + i] = a + (y - line) * (b - a);
  }
}

/** At one point anywhere, by the rule for what lies outside. */
export function linearAt(source: SourceGrid<VoxelArray>, x: number, y: number, z: number): number {
  const { data, size, start, outside } = source;
  const [width, height, depth] = size;
  const fx = foldCoordinate(x, width, outside);
  const fy = foldCoordinate(y, height, outside);
  const fz = foldCoordinate(z, depth, outside);
  if (Number.isNaN(fx + fy + fz)) return outsideValue(source);
  const column = Math.min(Math.floor(fx), Math.max(width - 2, 0));
  const line = Math.min(Math.floor(fy), Math.max(height - 2, 0));
  const slice = Math.min(Math.floor(fz), Math.max(depth - 2, 0));
  const right = width > 1 ? 1 : 0;
  const down = height > 1 ? width : 0;
  const deeper = depth > 1 ? width * height : 0;
  const p = start + (slice * height + line) * width + column;
  const q = p + deeper;
  const along = (o: number) => data[o] + (fx - column) * (data[o + right] - data[o]);
  const near = along(p) + (fy - line) * (along(p + down) - along(p));
  const far = along(q) + (fy - line) * (along(q + down) - along(q));
  return near + (fz - slice) * (far - near);
}
