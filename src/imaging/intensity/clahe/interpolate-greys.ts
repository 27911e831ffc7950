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
  const { greyBins, size, regions, maps, bins } = mapped;
  const [i, j, k] = size.map((n, axis) => sides(n, regions.kernel[axis], regions.count[axis]));
  const rowStep = regions.count[0];
  const planeStep = regions.count[0] * regions.count[1];
  for (let z = 0, at = 0; z < size[2]; z++) {
    for (let y = 0; y < size[1]; y++) {
      for (let x = 0; x < size[0]; x++, at++) {
        let grey = 0;
        // Eight corners; rounded to single precision after each, as the array program that this follows.
        for (let corner = 0; corner < 8; corner++) {
          const [ei, ej, ek] = [corner & 1, (corner >> 1) & 1, corner >> 2];
          const weight = i.weight[2 * x + ei] * j.weight[2 * y + ej] * k.weight[2 * z + ek];
          if (weight === 0) continue;
          const region =
            k.region[2 * z + ek] * planeStep +
            j.region[2 * y + ej] * rowStep +
            i.region[2 * x + ei];
          grey = Math.fround(grey + Math.fround(maps[region * bins + greyBins[at]] * weight));
        }
        into[at] = Math.trunc(grey);
      }
    }
  }
}

/** For each voxel of an axis the regions on both sides of it and their weights, two by two. */
function sides(size: number, kernel: number, count: number) {
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
