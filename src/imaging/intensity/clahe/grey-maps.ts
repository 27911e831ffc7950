// What contrast-limited equalisation does to grey values in each region of an image: Zuiderveld, "Contrast limited
// adaptive histogram equalization", Graphics Gems IV, 1994; step by step as skimage.exposure.equalize_adapthist.

import type { Triple } from "../../../base/index.ts";

/** Grey levels that values are brought to before they are counted. */
export const GREYS = 2 ** 14;

export interface Regions {
  /** Voxels of a region along i, j, k. */
  readonly kernel: Triple;
  /** Regions along i, j, k; the last ones reach beyond the image, which is mirrored there. */
  readonly count: Triple;
}

export function regionsOf(size: Triple, kernel: Triple): Regions {
  const along = (axis: number) => Math.ceil(size[axis] / kernel[axis]);
  return { kernel, count: [along(0), along(1), along(2)] };
}

export interface Equalising {
  readonly bins: number;
  /** Share of a region's voxels that a bin may hold; 0 for no limit. */
  readonly clipLimit: number;
}

/** The grey (0 … GREYS − 1) that each bin becomes in each region: [region k, j, i, bin]. */
export function greyMaps(
  greyBins: Uint16Array,
  size: Triple,
  regions: Regions,
  { bins, clipLimit }: Equalising,
): Uint16Array {
  const { kernel } = regions;
  const voxels = kernel[0] * kernel[1] * kernel[2];
  const limit = clipLimit > 0 ? Math.trunc(Math.max(1, clipLimit * voxels)) : voxels;
  const counts = countRegions(greyBins, size, regions, bins);
  const maps = new Uint16Array(counts.length);
  for (let start = 0; start < counts.length; start += bins) {
    const counted = counts.subarray(start, start + bins);
    limitInPlace(counted, limit);
    accumulate(counted, maps.subarray(start, start + bins), (GREYS - 1) / voxels);
  }
  return maps;
}

function countRegions(
  greyBins: Uint16Array,
  size: Triple,
  { kernel, count }: Regions,
  bins: number,
) {
  const counts = new Int32Array(count[0] * count[1] * count[2] * bins);
  const [alongI, alongJ, alongK] = size.map((n, axis) => mirrored(n, count[axis] * kernel[axis]));
  const binsBefore = alongI.map((_, i) => Math.floor(i / kernel[0]) * bins);
  for (let k = 0; k < alongK.length; k++) {
    const regionK = Math.floor(k / kernel[2]) * count[1];
    for (let j = 0; j < alongJ.length; j++) {
      const region = (regionK + Math.floor(j / kernel[1])) * count[0] * bins;
      const row = (alongK[k] * size[1] + alongJ[j]) * size[0];
      for (let i = 0; i < alongI.length; i++) {
        counts[region + binsBefore[i] + greyBins[row + alongI[i]]]++;
      }
    }
  }
  return counts;
}

/** Indices 0 … length − 1 of an axis continued by its mirror image about the outermost voxels. */
function mirrored(size: number, length: number): Int32Array {
  const period = Math.max(1, 2 * (size - 1));
  return Int32Array.from({ length }, (_, at) => {
    const place = at % period;
    return place < size ? place : period - place;
  });
}

/** Cuts bins at the limit and shares what was cut among the others, as far as it goes. */
function limitInPlace(counts: Int32Array, limit: number): void {
  let excess = 0;
  for (const [bin, count] of counts.entries()) {
    if (count > limit) {
      excess += count - limit;
      counts[bin] = limit;
    }
  }
  excess = shareEvenlyInPlace(counts, limit, excess);
  for (let before = -1; excess > 0 && excess !== before; ) {
    before = excess;
    excess = shareRestInPlace(counts, limit, excess);
  }
}

/** The same number to every bin; what comes as near to the limit as that number is raised to it. Gives what is left. */
function shareEvenlyInPlace(counts: Int32Array, limit: number, excess: number): number {
  const each = Math.floor(excess / counts.length);
  for (const [bin, count] of counts.entries()) {
    const raised = count < limit - each ? count + each : count;
    const filled = raised >= limit - each && raised < limit ? limit : raised;
    counts[bin] = filled;
    excess -= filled - count;
  }
  return excess;
}

/** One each to bins below the limit, spaced so that the rest is spread over all of them; gives what is left. */
function shareRestInPlace(counts: Int32Array, limit: number, excess: number): number {
  for (let first = 0; first < counts.length && excess > 0; first++) {
    let below = 0;
    for (let bin = 0; bin < counts.length; bin++) if (counts[bin] < limit) below++;
    const step = Math.max(1, Math.floor(below / excess));
    for (let bin = first; bin < counts.length; bin += step) {
      if (counts[bin] >= limit) continue;
      counts[bin]++;
      excess--;
    }
  }
  return excess;
}

function accumulate(counts: Int32Array, map: Uint16Array, scale: number): void {
  let sum = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    sum += counts[bin];
    map[bin] = Math.min(GREYS - 1, sum * scale);
  }
}
