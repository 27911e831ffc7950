// When each slice of a stack was acquired: SliceTiming of BIDS.

import type { DataSet } from "../data-set/data-set.ts";
import { number } from "../data-set/values.ts";
import { type CsaHeader, csaNumbers } from "./csa-header.ts";
import { acquisitionSeconds } from "./frame-traits.ts";
import { type PrivateTag, privateNumbers } from "./private-elements.ts";

const MOSAIC_TIMES: PrivateTag = { group: 0x0019, creator: "SIEMENS MR HEADER", element: 0x29 };

/**
 * Seconds from the first slice to be acquired, for each slice along k; undefined where the headers don't tell.
 * @param slices of the first stack: the header that holds for each slice
 * @param tiles of a Siemens mosaic: which tile each slice is
 */
export function sliceTiming(
  slices: readonly DataSet[],
  { tiles, csa }: { tiles: readonly number[] | undefined; csa: CsaHeader | undefined },
): number[] | undefined {
  if (slices.length < 2) return undefined;
  if (tiles) return ofMosaic(slices[0], tiles, csa);
  const seconds = slices.map(acquisitionSeconds);
  if (seconds.some((time) => time === undefined)) return undefined;
  const repetitionMs = number(slices[0], "RepetitionTime");
  const timing = fromFirst(seconds as number[]);
  const last = timing && Math.max(...timing);
  // Longer than a repetition: one slice after another with all its lines, or several stacks.
  return last && repetitionMs && last * 1000 < repetitionMs ? timing : undefined;
}

function ofMosaic(
  dataSet: DataSet,
  tiles: readonly number[],
  csa: CsaHeader | undefined,
): number[] | undefined {
  const own = privateNumbers(dataSet, MOSAIC_TIMES, "FD");
  const times = own.length > 0 ? own : csaNumbers(csa, "MosaicRefAcqTimes");
  const inOrder = tiles.map((tile) => times[tile] / 1000);
  return inOrder.every(Number.isFinite) ? fromFirst(inOrder) : undefined;
}

function fromFirst(seconds: readonly number[]): number[] | undefined {
  const first = Math.min(...seconds);
  const timing = seconds.map((time) => Math.round((time - first) * 1e6) / 1e6);
  return timing.some((time) => time > 0) ? timing : undefined;
}
