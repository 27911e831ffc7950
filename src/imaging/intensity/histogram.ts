// Counts of values: one bin for each whole number, or bins of equal width as numpy.histogram has them.

import type { VoxelArray } from "../../base/index.ts";
import { isIntegerArray } from "./channels.ts";

export interface Histogram {
  readonly counts: Float64Array;
  /** Middle of each bin. */
  readonly centres: Float64Array;
}

/** Lowest and highest of at least one finite value. */
export function rangeOf(values: VoxelArray): [number, number] {
  let low = values[0];
  let high = low;
  for (let at = 1; at < values.length; at++) {
    const value = values[at];
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/**
 * A histogram from the lowest to the highest value: whole numbers each in a bin of their own, fractions
 * in `bins` of equal width, as skimage.exposure.histogram does; whole numbers too where they range wider
 * than 16 bits.
 */
export function histogramOf(values: VoxelArray, bins: number): Histogram {
  const [low, high] = rangeOf(values);
  if (!isIntegerArray(values) || high - low >= 65536) return binned(values, bins, [low, high]);
  const counts = new Float64Array(high - low + 1);
  for (let at = 0; at < values.length; at++) counts[values[at] - low]++;
  return { counts, centres: Float64Array.from(counts, (_, bin) => low + bin) };
}

/** `bins` of equal width over a range; the last one is closed, values outside are not counted. */
export function binned(values: VoxelArray, bins: number, range: [number, number]): Histogram {
  // As numpy: a range without width gets one; so does one too narrow to be parted.
  const narrow = !Number.isFinite(bins / (range[1] - range[0]));
  const [low, high] = narrow ? [range[0] - 0.5, range[1] + 0.5] : range;
  const width = (high - low) / bins;
  const edges = Float64Array.from({ length: bins + 1 }, (_, at) => low + at * width);
  edges[bins] = high;
  const counts = new Float64Array(bins);
  const perUnit = bins / (high - low);
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    if (!(value >= low && value <= high)) continue;
    let bin = Math.min(bins - 1, Math.trunc((value - low) * perUnit));
    // The quotient rounds; the edges decide.
    if (value < edges[bin]) bin--;
    else if (bin < bins - 1 && value >= edges[bin + 1]) bin++;
    counts[bin]++;
  }
  return { counts, centres: counts.map((_, bin) => (edges[bin] + edges[bin + 1]) / 2) };
}
