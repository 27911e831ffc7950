// Goes smoothly from the grey map of one region to those of its neighbours: linear along every axis.

import type { Triple } from "../../../base/index.ts";
import type { FloatArray } from "../channels.ts";
import type { Regions } from "./grey-maps.ts";

export interface Mapped {
  readonly greyBins: Uint16Array;
  readonly size: Triple;
  readonly regions: Regions;
  /** [region k, j, i, bin] */
  readonly maps: Uint16Array;
  readonly bins: number;
}

/** Fills `into` with whole greys: at each voxel the maps of up to eight regions, weighted by nearness. */
export function interpolateGreys(mapped: Mapped, into: FloatArray): void {
  const { size, regions, bins } = mapped;
  const [i, j, k] = size.map((n, axis) => sides(n, regions.kernel[axis], regions.count[axis]));
  const across = regions.count[0] * bins;
  for (let z = 0; z < size[2]; z++) {
    for (let y = 0; y < size[1]; y++) {
      const rows = CORNERS.map(([ej, ek]) => ({
        start: (k.region[2 * z + ek] * regions.count[1] + j.region[2 * y + ej]) * across,
        weightJ: j.weight[2 * y + ej],
        weightK: k.weight[2 * z + ek],
      })).filter(({ weightJ, weightK }) => weightJ * weightK > 0);
      fillRow(mapped, i, rows, (z * size[1] + y) * size[0], into);
    }
  }
}

/** Sides along j and k. */
const CORNERS = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
] as const;

interface RegionRow {
  /** Where the maps of the row's regions start. */
  readonly start: number;
  readonly weightJ: number;
  readonly weightK: number;
}

/** One row along i. The inner loop looks up two greys; sums are in single precision, as skimage's are. */
function fillRow(
  { greyBins, maps, size: [width], bins }: Mapped,
  { region, weight }: Sides,
  rows: readonly RegionRow[],
  start: number,
  into: FloatArray,
): void {
  for (let x = 0; x < width; x++) {
    const bin = greyBins[start + x];
    const left = region[2 * x] * bins + bin;
    const right = region[2 * x + 1] * bins + bin;
    let grey = 0;
    for (let r = 0; r < rows.length; r++) {
      const { start: row, weightJ, weightK } = rows[r];
      const before = maps[row + left] * (weight[2 * x] * weightJ * weightK);
      const after = maps[row + right] * (weight[2 * x + 1] * weightJ * weightK);
      grey = Math.fround(Math.fround(grey + Math.fround(before)) + Math.fround(after));
    }
    into[start + x] = Math.trunc(grey);
  }
}

interface Sides {
  readonly region: Int32Array;
  readonly weight: Float64Array;
}

/** For each voxel of an axis the regions on both sides of it and their weights, two by two. */
function sides(size: number, kernel: number, count: number): Sides {
  const region = new Int32Array(2 * size);
  const weight = new Float64Array(2 * size);
  for (let at = 0; at < size; at++) {
    // Regions are centred half a kernel in: before the first centre and after the last there is one side only.
    const shifted = at + (kernel >> 1);
    const after = Math.floor(shifted / kernel);
    const part = (shifted % kernel) / kernel;
    region[2 * at] = Math.max(0, Math.min(count - 1, after - 1));
    region[2 * at + 1] = Math.max(0, Math.min(count - 1, after));
    weight[2 * at] = 1 - part;
    weight[2 * at + 1] = part;
  }
  return { region, weight };
}
