// What an enhanced multi-frame object says of each frame: shared and per-frame functional groups (PS3.3 C.7.6.16).

import type { DataSet, Element, Tag } from "../data-set/data-set.ts";

/** Functional groups of a multi-frame object. */
export interface FunctionalGroups {
  /** Items of the Per-Frame Functional Groups Sequence (5200,9230). */
  readonly frames: number;
  /**
   * The item of one group, such as (0020,9113) Plane Position Sequence, for a frame counted from 0: its own
   * where it has one, else the shared one; the first where there are several.
   */
  group(frame: number, sequence: Tag): DataSet | undefined;
  /** All items of one group for a frame. */
  groups(frame: number, sequence: Tag): readonly DataSet[];
  /**
   * All that holds for a frame, as if it were an object of one frame: the elements around, over them those in
   * the shared groups, over those the frame's own. Groups that list references or that may have several items
   * (Real World Value Mapping) and private ones stay sequences.
   */
  view(frame: number): DataSet;
}

const SHARED = 0x52009229;
const PER_FRAME = 0x52009230;

/** Sequences whose elements mean something else than they would in the object itself. */
const NOT_MERGED: ReadonlySet<Tag> = new Set([
  0x00081140, // Referenced Image
  0x00082112, // Source Image
  0x00089124, // Derivation Image
  0x00089092, // Referenced Image Evidence
  0x00409096, // Real World Value Mapping
]);

/** The functional groups of a data set; undefined of an object that has none. */
export function functionalGroups(dataSet: DataSet): FunctionalGroups | undefined {
  const perFrame = itemsOf(dataSet, PER_FRAME);
  const shared = itemsOf(dataSet, SHARED)[0];
  if (perFrame.length === 0 && !shared) return undefined;
  const groups = (frame: number, sequence: Tag) => {
    const own = perFrame[frame] ? itemsOf(perFrame[frame], sequence) : [];
    return own.length > 0 || !shared ? own : itemsOf(shared, sequence);
  };
  const common = new Map(dataSet.elements);
  common.delete(PER_FRAME);
  if (shared) mergeGroups(common, shared);
  return {
    frames: perFrame.length,
    groups,
    group: (frame, sequence) => groups(frame, sequence)[0],
    view: (frame) => {
      const elements = new Map(common);
      if (perFrame[frame]) mergeGroups(elements, perFrame[frame]);
      return { ...dataSet, elements };
    },
  };
}

/** Lays the elements of a frame's groups over those that are there. */
function mergeGroups(elements: Map<Tag, Element>, item: DataSet): void {
  for (const [tag, element] of item.elements) {
    elements.set(tag, element);
    if (element.kind !== "sequence" || !isMerged(tag) || element.items.length !== 1) continue;
    for (const [inner, value] of element.items[0].elements) {
      if (!isPrivate(inner)) elements.set(inner, value);
    }
  }
}

function isMerged(tag: Tag): boolean {
  return !isPrivate(tag) && !NOT_MERGED.has(tag);
}

/** Private groups are odd (PS3.5 7.8). */
function isPrivate(tag: Tag): boolean {
  return ((tag >>> 16) & 1) === 1;
}

function itemsOf({ elements }: DataSet, tag: Tag): readonly DataSet[] {
  const element = elements.get(tag);
  return element?.kind === "sequence" ? element.items : [];
}
