// Data elements out of bytes: PS3.5 section 7, with the deviations that scanners and archives write.

import { RoentgenError } from "../../../base/index.ts";
import { damaged } from "../../damage.ts";
import type { DataSet, Element } from "./data-set.ts";
import { type ElementHeader, readElementHeader, UNDEFINED_LENGTH } from "./element-header.ts";
import { walkFragments } from "./fragments.ts";
import {
  addElement,
  beginDataSet,
  finishDataSet,
  type GrowingDataSet,
} from "./growing-data-set.ts";
import { ITEM, ITEM_DELIMITER, SEQUENCE_DELIMITER, showTag } from "./tag-text.ts";
import { dictionaryVr } from "./vr-choice.ts";
import { type Encoding, IMPLICIT, MORE_BYTES, type Window } from "./window.ts";

/** Sequences in sequences; real files stay below ten. */
const DEEPEST = 64;
/** Elements and items of one file; a whole-slide image with 100,000 frames has some 3 million. */
const MOST_ELEMENTS = 8_000_000;

/** What was read, and where the next element begins. */
export interface ParsedElement {
  readonly element: Element;
  readonly next: number;
}

/**
 * Reads the value after a header, whatever its kind, from bytes that are all at hand.
 * @param end where the item or file around it ends
 */
export function parseValue(
  window: Window,
  header: ElementHeader,
  growing: GrowingDataSet,
  end: number,
): ParsedElement {
  const { tag, vr, length, valueAt } = header;
  countElement(window);
  if (length === UNDEFINED_LENGTH) {
    const isSequence = vr === "SQ" || vr === "UN";
    return isSequence
      ? parseSequence(window, header, growing, end)
      : parseFragments(window, header, end);
  }
  const next = valueAt + length;
  if (next > end) throw overrun(window, header, end);
  if (vr === "SQ" || isUnknownSequence(window, header, growing)) {
    return parseKnownSequence(window, header, growing, end);
  }
  const hidden = vr === "UN" ? parseHiddenSequence(window, header, growing) : undefined;
  if (hidden) return hidden;
  if (length > window.longestValue) {
    return { element: { kind: "left", tag, vr, offset: valueAt, length }, next };
  }
  return { element: { kind: "value", tag, vr, bytes: window.take(valueAt, length) }, next };
}

/** UN of defined length whose tag is a sequence of the standard: PS3.5 6.2.2, note 2. */
function isUnknownSequence(
  window: Window,
  { tag, vr, length, valueAt }: ElementHeader,
  growing: GrowingDataSet,
): boolean {
  if (vr !== "UN" || length < 8 || dictionaryVr(tag, growing) !== "SQ") return false;
  return window.tagAt(valueAt, true) === ITEM;
}

/**
 * A private sequence that went through an implicit file, and so became UN: taken for one only if every byte of it
 * makes sense so.
 */
function parseHiddenSequence(
  window: Window,
  header: ElementHeader,
  growing: GrowingDataSet,
): ParsedElement | undefined {
  const { valueAt, length } = header;
  if (length < 8 || window.tagAt(valueAt, true) !== ITEM) return undefined;
  const strict: Window = {
    ...window,
    note(sentence) {
      throw damaged(window.name, { found: sentence });
    },
  };
  try {
    const parsed = parseSequence(strict, header, growing, valueAt + length);
    return parsed.next === valueAt + length ? parsed : undefined;
  } catch (cause) {
    if (cause instanceof RoentgenError && cause.code !== "too-large") return undefined;
    throw cause;
  }
}

/** A sequence whose length is told: where its inside is broken, it is kept as bytes. */
function parseKnownSequence(
  window: Window,
  header: ElementHeader,
  growing: GrowingDataSet,
  end: number,
): ParsedElement {
  const { tag, valueAt, length } = header;
  try {
    return parseSequence(window, header, growing, end);
  } catch (cause) {
    if (cause === MORE_BYTES || !(cause instanceof RoentgenError) || cause.code === "too-large") {
      throw cause;
    }
    window.note(`The sequence ${showTag(tag)} is damaged; its bytes are kept as they are.`);
    const bytes = window.take(valueAt, length);
    return { element: { kind: "value", tag, vr: "UN", bytes }, next: valueAt + length };
  }
}

function parseFragments(window: Window, header: ElementHeader, end: number): ParsedElement {
  const { tag, vr } = header;
  const walk = walkFragments(window, header, end);
  let step = walk.next();
  while (!step.done) {
    // All bytes of a nested value are at hand once they were asked for.
    window.need(step.value.at, step.value.length);
    step = walk.next();
  }
  const { offsets, fragments, next } = step.value;
  return { element: { kind: "fragments", tag, vr, offsets, fragments }, next };
}

/** Items up to the told length, or up to the delimiter: PS3.5 section 7.5. */
function parseSequence(
  window: Window,
  header: ElementHeader,
  around: GrowingDataSet,
  outerEnd: number,
): ParsedElement {
  const { tag, vr, length, valueAt } = header;
  if (around.depth >= DEEPEST) throw tooDeep(window, valueAt);
  const end = length === UNDEFINED_LENGTH ? outerEnd : valueAt + length;
  // PS3.5 6.2.2 note 1: what is inside UN of undefined length is implicit VR little endian.
  const encoding = vr === "UN" ? unknownEncoding(window, valueAt, end) : around.encoding;
  const items: DataSet[] = [];
  const finished = (next: number): ParsedElement => ({
    element: { kind: "sequence", tag, vr: "SQ", items },
    next,
  });
  let at = valueAt;
  while (at + 8 <= end) {
    const itemTag = window.tagAt(at, encoding.littleEndian);
    const itemLength = window.uint32(at + 4, encoding.littleEndian);
    if (itemTag === SEQUENCE_DELIMITER) return finished(Math.max(at + 8, toldEnd(header)));
    if (itemTag !== ITEM) {
      window.note(`The sequence ${showTag(tag)} has ${showTag(itemTag)} in place of an item.`);
      return finished(Math.max(at, toldEnd(header)));
    }
    countElement(window);
    // Where a delimiter is still to come, an item can't reach the end of the file.
    if (
      toldEnd(header) === 0 &&
      itemLength !== UNDEFINED_LENGTH &&
      at + 8 + itemLength > outerEnd
    ) {
      throw overrun(window, { ...header, length: itemLength, valueAt: at + 8 }, outerEnd);
    }
    const item = parseItem(window, at + 8, itemLength, outerEnd, beginDataSet(encoding, around));
    items.push({ ...item.dataSet, position: at });
    at = item.next;
  }
  checkSequenceEnd(window, header, at, outerEnd);
  return finished(Math.max(at, toldEnd(header)));
}

/** Where a sequence ends by its header; 0 where that does not say. */
function toldEnd({ length, valueAt }: ElementHeader): number {
  return length === UNDEFINED_LENGTH ? 0 : valueAt + length;
}

function checkSequenceEnd(
  window: Window,
  header: ElementHeader,
  at: number,
  outerEnd: number,
): void {
  const { tag, length } = header;
  if (length === UNDEFINED_LENGTH) {
    if (outerEnd === window.fileEnd) throw overrun(window, header, outerEnd);
    window.note(`The sequence ${showTag(tag)} has no end mark; it ends with what is around it.`);
  } else if (at !== toldEnd(header)) {
    window.note(`The length of the sequence ${showTag(tag)} is not that of its items.`);
  }
}

function parseItem(
  window: Window,
  start: number,
  length: number,
  outerEnd: number,
  growing: GrowingDataSet,
): { dataSet: DataSet; next: number } {
  const delimited = length === UNDEFINED_LENGTH;
  const end = delimited ? outerEnd : Math.min(start + length, outerEnd);
  if (!delimited && end < start + length) {
    window.note(`An item at position ${start} announces more bytes than are left in its sequence.`);
  }
  const finished = (next: number) => ({ dataSet: finishDataSet(growing), next });
  let at = start;
  while (at + 8 <= end) {
    const tag = window.tagAt(at, growing.encoding.littleEndian);
    if (tag === ITEM_DELIMITER) {
      at += 8;
      if (delimited) return finished(at);
      continue;
    }
    // Some writers leave the item's delimiter out; the sequence's closes both.
    if (delimited && (tag === SEQUENCE_DELIMITER || tag === ITEM)) {
      window.note(`An item before position ${at} has no end mark.`);
      return finished(at);
    }
    const header = readElementHeader(window, at, growing, end);
    const { element, next } = parseValue(window, header, growing, end);
    addElement(growing, element, window);
    at = next;
  }
  if (at !== end) window.note(`An item before position ${end} ends in stray bytes.`);
  return finished(end);
}

/** Implicit little endian by the standard; some writers keep the explicit form. */
function unknownEncoding(window: Window, at: number, end: number): Encoding {
  if (at + 14 > end || window.tagAt(at, true) !== ITEM) return IMPLICIT;
  return window.hasVr(at + 12) ? { explicit: true, littleEndian: true } : IMPLICIT;
}

function countElement(window: Window): void {
  window.elementCount += 1;
  if (window.elementCount <= MOST_ELEMENTS) return;
  throw new RoentgenError("too-large", {
    problem: `Cannot read ${window.name}`,
    expected: `at most ${MOST_ELEMENTS} elements`,
    found: "more",
    subject: window.name,
  });
}

function tooDeep(window: Window, at: number): RoentgenError {
  return damaged(window.name, {
    expected: `at most ${DEEPEST} sequences in one another`,
    found: `more at position ${at}`,
  });
}

function overrun(window: Window, { tag, length, valueAt }: ElementHeader, end: number): Error {
  const announced = length === UNDEFINED_LENGTH ? "an end mark" : `${length} bytes`;
  const finding = {
    expected: `${announced} of ${showTag(tag)} from position ${valueAt}`,
    found: `the end of ${end === window.fileEnd ? "the file" : "its sequence item"} at ${end}`,
  };
  if (end < window.fileEnd) return damaged(window.name, finding);
  return new RoentgenError("file-truncated", {
    problem: `Cannot read ${window.name}`,
    remedy: "The file is truncated or damaged; fetch or export it again.",
    subject: window.name,
    ...finding,
  });
}
