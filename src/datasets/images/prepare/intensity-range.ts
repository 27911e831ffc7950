// Which values of an image become 0 and 1.

import { type Image, INTEGER_RANGES, type VoxelArray, voxelType } from "../../../base/index.ts";
import type { ImagePreparation } from "../image-dataset.ts";

/** What a file says of how its values are meant to be seen. */
export interface ImageDisplay {
  /** Values that become black and white. */
  readonly window?: readonly [low: number, high: number];
  /** Low values are shown bright, as DICOM's MONOCHROME1 says. */
  readonly inverted?: boolean;
}

/** The values that become 0 and 1; all beyond them are clipped. */
export interface IntensityRange {
  readonly low: number;
  readonly high: number;
}

/** Percentiles that stand in for a window that no file states. */
const UNSTATED = { low: 0.5, high: 99.5 };

/** Values that percentiles are taken of; of a larger image every n-th. */
const MOST_SORTED = 2 ** 18;

/**
 * The range that a preparation takes of an image, all slices and frames together. "type-range" is that of the voxels' integer
 * type; floating-point numbers have none, so that theirs is 0 to 1 where they keep to it, else from the least to the greatest.
 */
export function intensityRange(
  { data }: Pick<Image, "data">,
  intensity: ImagePreparation["intensity"],
  { window }: ImageDisplay = {},
): IntensityRange {
  switch (intensity.kind) {
    case "type-range":
      return typeRange(data);
    case "window":
      return { low: intensity.low, high: intensity.high };
    case "stated-window":
      return window ? { low: window[0], high: window[1] } : percentileRange(data, UNSTATED);
    case "percentiles":
      return percentileRange(data, intensity);
    default:
      return intensity satisfies never;
  }
}

function typeRange(data: VoxelArray): IntensityRange {
  const type = voxelType(data);
  if (type !== "float32" && type !== "float64") {
    const [low, high] = INTEGER_RANGES[type];
    return { low, high };
  }
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < data.length; at++) {
    if (data[at] < low) low = data[at];
    if (data[at] > high) high = data[at];
  }
  return low >= 0 && high <= 1 ? { low: 0, high: 1 } : { low, high };
}

/** Percentiles from 0 to 100 of the finite values, between neighbours by linear interpolation. */
function percentileRange(data: VoxelArray, wanted: { low: number; high: number }): IntensityRange {
  const step = Math.max(1, Math.ceil(data.length / MOST_SORTED));
  const sorted = new Float64Array(Math.ceil(data.length / step));
  let count = 0;
  for (let at = 0; at < data.length; at += step) {
    if (Number.isFinite(data[at])) sorted[count++] = data[at];
  }
  const finite = sorted.subarray(0, count).sort();
  return { low: quantile(finite, wanted.low / 100), high: quantile(finite, wanted.high / 100) };
}

function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}
