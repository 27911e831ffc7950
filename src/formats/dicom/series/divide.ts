// Divides frames that repeat places into whole stacks: time points, b-values, cardiac phases.

import { type DicomFrame, ORDER_KEYS, type OrderKey } from "./dicom-frame.ts";
import type { Place, PlacedFrame } from "./places.ts";

/** One stack: the frame of each place, undefined where it lacks one. */
export type StackEntry = readonly (PlacedFrame | undefined)[];

export interface Division {
  readonly entries: readonly StackEntry[];
  /** The keys that told the entries apart; "instance" where only the order of instances did. */
  readonly by: readonly (OrderKey | "instance")[];
  /** Frames beyond the first at places where a few frames lie on top of others. */
  readonly surplus: readonly PlacedFrame[];
}

/**
 * The stacks that the frames of these places make, in order.
 *
 * The first key of `ORDER_KEYS` that divides them so that every part covers every place equally often is
 * taken, and each part is divided further. Where no key does, the order of instance numbers at each place
 * decides. Where some places have fewer frames than others, the key that leaves most stacks whole.
 */
export function divideRepeats(places: readonly Place[]): Division {
  const whole = divideWhole(places, ORDER_KEYS);
  if (whole) return { ...whole, entries: inOrderOfTime(whole), surplus: [] };
  return divideWithHoles(places) ?? divideByRank(places);
}

/** Frames in the order in which a file or scanner counts them. */
export function compareInstances(a: DicomFrame, b: DicomFrame): number {
  return (
    a.instanceNumber - b.instanceNumber ||
    compareText(a.uid, b.uid) ||
    a.frame - b.frame ||
    (a.tile ?? 0) - (b.tile ?? 0)
  );
}

type WholeDivision = Omit<Division, "surplus">;

function divideWhole(
  places: readonly Place[],
  keys: readonly OrderKey[],
): WholeDivision | undefined {
  const repeats = places[0].frames.length;
  if (places.some(({ frames }) => frames.length !== repeats)) return undefined;
  if (repeats === 1) return { entries: [places.map(({ frames }) => frames[0])], by: [] };
  for (const [at, key] of keys.entries()) {
    const parts = partsBy(places, key);
    const divided = parts?.map((part) => divideWhole(part, keys.slice(at + 1)));
    if (!divided?.every((part) => part !== undefined)) continue;
    const by = [key, ...new Set(divided.flatMap((part) => part.by))];
    return { entries: divided.flatMap((part) => part.entries), by };
  }
  return { entries: ranks(places), by: ["instance"] };
}

/** The places with the frames of each value of a key, in order of the value; nothing where a frame has none. */
function partsBy(places: readonly Place[], key: OrderKey): Place[][] | undefined {
  const values = new Set<string | number>();
  for (const { frames } of places) {
    for (const { order } of frames) {
      const value = order[key];
      if (value === undefined) return undefined;
      values.add(value);
    }
  }
  if (values.size < 2) return undefined;
  // A value for each slice is no time point; counting that much would be slow for nothing.
  if (values.size > places.reduce((most, { frames }) => Math.max(most, frames.length), 0)) return;
  return [...values].sort(compareValues).map((value) =>
    places.map(({ position, frames }) => ({
      position,
      frames: frames.filter(({ order }) => order[key] === value),
    })),
  );
}

function ranks(places: readonly Place[]): StackEntry[] {
  const sorted = places.map(({ frames }) => frames.toSorted(compareInstances));
  const most = sorted.reduce((found, { length }) => Math.max(found, length), 0);
  return Array.from({ length: most }, (_, rank) => sorted.map((frames) => frames[rank]));
}

/** Directions are compared as text; their stacks are wanted in the order of acquisition. */
function inOrderOfTime({ entries, by }: WholeDivision): readonly StackEntry[] {
  if (!by.includes("diffusion")) return entries;
  const first = (entry: StackEntry) => entry.toSorted((a, b) => compareInstances(a!, b!))[0]!;
  return entries
    .map((entry) => ({ entry, at: first(entry) }))
    .sort((a, b) => compareInstances(a.at, b.at))
    .map(({ entry }) => entry);
}

/** Three or more stacks of which most are whole: a run that ended early, a lost file. */
function divideWithHoles(places: readonly Place[]): Division | undefined {
  for (const key of ORDER_KEYS) {
    const parts = partsBy(places, key);
    if (!parts || parts.length < 3) continue;
    if (parts.some((part) => part.some(({ frames }) => frames.length > 1))) continue;
    const entries = parts.map((part) => part.map(({ frames }) => frames[0]));
    const isWhole = (entry: StackEntry) => entry.every((frame) => frame !== undefined);
    const whole = entries.filter(isWhole).length;
    if (2 * whole > entries.length) return { entries, by: [key], surplus: [] };
  }
  return undefined;
}

function divideByRank(places: readonly Place[]): Division {
  const entries = ranks(places);
  const filled = (entry: StackEntry) => entry.filter((frame) => frame !== undefined).length;
  if (entries.length > 2 && 2 * filled(entries[1]) > places.length) {
    return { entries, by: ["instance"], surplus: [] };
  }
  const surplus = entries.slice(1).flatMap((entry) => entry.filter((frame) => frame !== undefined));
  return { entries: entries.slice(0, 1), by: [], surplus };
}

function compareValues(a: string | number, b: string | number): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return compareText(String(a), String(b));
}

/** By code unit, so that no locale changes the order. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
