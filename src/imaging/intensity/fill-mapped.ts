// Values mapped one by one: whole numbers of a narrow range by a table, so that each is worked out once.

import type { VoxelArray } from "../../base/index.ts";
import { isIntegerArray } from "./channels.ts";
import { rangeOf } from "./histogram.ts";

/** Most values that a table holds. */
const WIDEST = 65536;

/** Fills `into` with `map` of each value. */
export function fillMapped(
  values: VoxelArray,
  into: VoxelArray,
  map: (value: number) => number,
): void {
  const [low, high] = isIntegerArray(values) ? rangeOf(values) : [0, Number.POSITIVE_INFINITY];
  if (high - low >= WIDEST) {
    for (let at = 0; at < values.length; at++) into[at] = map(values[at]);
    return;
  }
  const table = Float64Array.from({ length: high - low + 1 }, (_, at) => map(low + at));
  for (let at = 0; at < values.length; at++) into[at] = table[values[at] - low];
}
