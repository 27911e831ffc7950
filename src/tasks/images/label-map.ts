// Telling masks and label maps from scans by their values.

import type { Image } from "../../base/index.ts";

/** More values than these are no labels that a person drew. */
const MOST_LABELS = 64;

/** The labels above 0 of an image that holds whole numbers of no unit, few of them and none negative; else undefined. */
export function labelsOf({ data, unit, channels }: Image): readonly number[] | undefined {
  if (unit !== undefined || channels.length > 0) return undefined;
  const seen = new Set<number>();
  let last = Number.NaN;
  for (const value of data) {
    if (value === last) continue;
    last = value;
    if (!Number.isInteger(value) || value < 0) return undefined;
    if (seen.add(value).size > MOST_LABELS) return undefined;
  }
  seen.delete(0);
  return [...seen].sort((a, b) => a - b);
}
