// Pixels that are no measurement: Pixel Padding Value and range (PS3.3 C.7.5.1.1.2).

import type { VoxelArray } from "../../../base/index.ts";
import type { DataSet } from "../data-set/data-set.ts";
import { number } from "../data-set/values.ts";
import type { PixelDescription } from "./description.ts";

/** Stored values from `low` to `high`, both included, are padding. */
export interface Padding {
  readonly low: number;
  readonly high: number;
}

/** Value and range limit, by the kind of pixel data. */
const TAGS = {
  integer: [0x00280120, 0x00280121],
  float32: [0x00280122, 0x00280124],
  float64: [0x00280123, 0x00280125],
} as const;

/** What stored values are padding; undefined where the data set names none. */
export function paddingOf(
  dataSet: DataSet,
  described: Pick<PixelDescription, "numbers" | "type" | "signed" | "bitsAllocated">,
): Padding | undefined {
  const kind =
    described.numbers === "integer" ? "integer" : (described.type as "float32" | "float64");
  const value = number(dataSet, TAGS[kind][0]);
  if (value === undefined) return undefined;
  const limit = number(dataSet, TAGS[kind][1]) ?? value;
  const ends = [value, limit].map((end) =>
    kind === "integer" ? signedAsPixels(end, described) : end,
  );
  return { low: Math.min(...ends), high: Math.max(...ends) };
}

/** Some writers say -2000 as an unsigned 63,536, others the reverse; pixels decide. */
function signedAsPixels(
  value: number,
  { signed, bitsAllocated }: Pick<PixelDescription, "signed" | "bitsAllocated">,
): number {
  const span = 2 ** Math.min(16, bitsAllocated);
  if (signed && value >= span / 2) return value - span;
  return !signed && value < 0 ? value + span : value;
}

/** 1 where a stored value is padding, else 0; undefined where none is. */
export function paddingMask(stored: VoxelArray, { low, high }: Padding): Uint8Array | undefined {
  const mask = new Uint8Array(stored.length);
  let count = 0;
  for (let at = 0; at < stored.length; at++) {
    const is = stored[at] >= low && stored[at] <= high ? 1 : 0;
    mask[at] = is;
    count += is;
  }
  return count > 0 ? mask : undefined;
}
