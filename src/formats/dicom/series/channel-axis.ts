// The axis along which a volume's stacks follow each other, with the time or b-value of each.

import type { ChannelAxis } from "../../../base/index.ts";
import type { StackEntry } from "./divide.ts";
import type { PlacedFrame } from "./places.ts";
import { axisName, type VolumePlan } from "./split.ts";

export interface AxisReading {
  readonly axis: ChannelAxis;
  readonly note?: string;
}

/** The axis of a volume of several stacks; undefined of one stack. */
export function channelAxisOf({ entries, by }: VolumePlan): AxisReading | undefined {
  if (entries.length < 2) return undefined;
  const size = entries.length;
  const name = axisName(by);
  const first = entries.map((entry) => entry.find((frame) => frame !== undefined) as PlacedFrame);
  if (name === "b-value") {
    return { axis: { name, size, values: first.map((f) => f.bValue ?? 0), unit: "s/mm²" } };
  }
  if (name === "repetition time") {
    return { axis: { name, size, values: first.map((f) => f.repetitionTimeMs ?? 0), unit: "ms" } };
  }
  if (name !== "time") return { axis: { name, size } };
  const times = timesOf(entries, by, first[0]);
  if (!times) {
    return {
      axis: { name, size },
      note: "The header does not say when the time points were acquired.",
    };
  }
  const { seconds, note } = times;
  return { axis: { name, size, values: seconds.map(roundTime), unit: "s" }, note };
}

/** Seconds since the first time point. */
function timesOf(entries: readonly StackEntry[], by: VolumePlan["by"], first: PlacedFrame) {
  if (by[0] === "triggerTime" || by[0] === "frameReferenceTime") {
    const key = by[0];
    const seconds = first.order[key] === undefined ? [] : entries.map((e) => least(e, key) / 1000);
    if (isAscending(seconds)) return { seconds };
  }
  for (const key of ["acquisitionTime", "contentTime"] as const) {
    const seconds = entries.map((entry) => least(entry, key));
    if (!isAscending(seconds)) continue;
    const note =
      key === "contentTime"
        ? "Times of the time points are those at which the images were made (Content Time)."
        : undefined;
    return { seconds: seconds.map((time) => time - seconds[0]), note };
  }
  const { repetitionTimeMs } = first;
  if (!repetitionTimeMs) return undefined;
  const seconds = entries.map((_, at) => (at * repetitionTimeMs) / 1000);
  return {
    seconds,
    note: "The files do not say when each time point was acquired; they are taken to follow each other by the repetition time.",
  };
}

/** When the first slice of a stack was acquired. */
function least(entry: StackEntry, key: keyof PlacedFrame["order"]): number {
  let found = Number.POSITIVE_INFINITY;
  for (const frame of entry) {
    const value = frame?.order[key];
    if (typeof value === "number" && value < found) found = value;
  }
  return found;
}

function isAscending(values: readonly number[]): boolean {
  return (
    values.length > 0 &&
    values.every((v, at) => Number.isFinite(v) && (at === 0 || v > values[at - 1]))
  );
}

/** Seconds since 1970 leave a microsecond's rounding behind. */
function roundTime(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}
