// Values shown as black and as white: fitted to what an image holds, so that anatomy is seen at a glance.

import type { Image } from "../../base/index.ts";

/** Values at and below `low` are black, at and above `high` white. */
export interface DisplayWindow {
  readonly low: number;
  readonly high: number;
}

/** Abdomen and mediastinum, level 40 and width 400 HU: what shows soft tissue in any CT. */
const SOFT_TISSUE: DisplayWindow = { low: -160, high: 240 };

/** Values looked at to fit a window; evenly spread, enough for percentiles that nobody sees the error of. */
const MOST_SAMPLES = 100_000;

/** Hounsfield units in the soft tissue window, 8-bit colours as they are, all else from the 1st to the 99.5th percentile. */
export function windowFor(image: Image): DisplayWindow {
  if (image.unit === "HU") return SOFT_TISSUE;
  if (image.channels.at(-1)?.name === "color" && image.data instanceof Uint8Array)
    return { low: 0, high: 255 };
  const sorted = sampleOf(image.data).sort();
  if (sorted.length === 0) return { low: 0, high: 1 };
  const low = sorted[Math.floor(0.01 * (sorted.length - 1))];
  const high = sorted[Math.ceil(0.995 * (sorted.length - 1))];
  // Masks and other images that are nearly all one value: their whole range.
  if (high > low) return { low, high };
  return { low: sorted[0], high: sorted[sorted.length - 1] };
}

function sampleOf(data: Image["data"]): Float64Array {
  const step = Math.max(1, Math.floor(data.length / MOST_SAMPLES));
  const sample = new Float64Array(Math.ceil(data.length / step));
  let kept = 0;
  for (let at = 0; at < data.length; at += step) {
    if (Number.isFinite(data[at])) sample[kept++] = data[at];
  }
  return sample.subarray(0, kept);
}
