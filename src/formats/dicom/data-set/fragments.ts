// Encapsulated pixel data: where the fragments are, without reading them (PS3.5 section A.4).

import { damaged } from "../../damage.ts";
import type { FragmentsElement } from "./data-set.ts";
import type { ElementHeader } from "./element-header.ts";
import { formatTag, ITEM, ITEM_DELIMITER, SEQUENCE_DELIMITER, showTag } from "./tag-text.ts";
import type { Window } from "./window.ts";

/** Bytes that the walk needs in memory before it goes on. */
export interface Request {
  readonly at: number;
  readonly length: number;
}

export interface FoundFragments extends Pick<FragmentsElement, "offsets" | "fragments"> {
  /** Where the next element begins. */
  readonly next: number;
}

/** A file of 100,000 frames in ten fragments each stays below. */
const MOST_FRAGMENTS = 4_000_000;

/** Walks from item to item; asks for eight bytes at a time, and for the basic offset table. */
export function* walkFragments(
  window: Window,
  { tag, valueAt }: ElementHeader,
  end: number,
): Generator<Request, FoundFragments, void> {
  const fragments: { offset: number; length: number }[] = [];
  let offsets: number[] = [];
  let at = valueAt;
  let isFirst = true;
  while (at + 8 <= end) {
    yield { at, length: 8 };
    const itemTag = window.tagAt(at, true);
    const length = window.uint32(at + 4, true);
    if (itemTag === SEQUENCE_DELIMITER) return { offsets, fragments, next: at + 8 };
    if (itemTag === ITEM_DELIMITER && length === 0) {
      at += 8;
      continue;
    }
    if (itemTag !== ITEM && isFirst) {
      throw damaged(window.name, {
        expected: `${showTag(tag)}, of undefined length, to begin with an item`,
        found: `${formatTag(itemTag)} at position ${at}`,
      });
    }
    if (itemTag !== ITEM) {
      window.note(
        `${showTag(tag)} has ${showTag(itemTag)} at position ${at} where a fragment was expected; it ends there.`,
      );
      return { offsets, fragments, next: at };
    }
    const present = Math.min(length, end - at - 8);
    if (present < length) {
      window.note(`${showTag(tag)} is cut off: its last fragment lacks ${length - present} bytes.`);
    }
    if (isFirst) {
      yield { at: at + 8, length: present };
      offsets = readOffsets(window, at + 8, present);
    } else {
      fragments.push({ offset: at + 8, length: present });
    }
    if (fragments.length > MOST_FRAGMENTS) {
      throw damaged(window.name, {
        expected: `at most ${MOST_FRAGMENTS} fragments`,
        found: "more",
      });
    }
    isFirst = false;
    at += 8 + present;
  }
  window.note(`${showTag(tag)} has no end mark.`);
  return { offsets, fragments, next: end };
}

function readOffsets(window: Window, at: number, length: number): number[] {
  return Array.from({ length: Math.floor(length / 4) }, (_, i) => window.uint32(at + 4 * i, true));
}
