// Data elements out of bytes: PS3.5 section 7, with the deviations that scanners and archives write.

import { RoentgenError } from "../../../base/index.ts";
import { damaged } from "../../damage.ts";
import { parseTermsOfCharacterSets } from "./character-set-terms.ts";
import type { DataSet, Element, Tag } from "./data-set.ts";
import { type ElementHeader, readElementHeader, UNDEFINED_LENGTH } from "./element-header.ts";
import { walkFragments } from "./fragments.ts";
import { ITEM, ITEM_DELIMITER, SEQUENCE_DELIMITER, showTag } from "./tag-text.ts";
import { dictionaryVr } from "./vr-choice.ts";
import { type Encoding, IMPLICIT, MORE_BYTES, type Window } from "./window.ts";

/** Sequences in sequences; real files stay below ten. */
const DEEPEST = 64;
/** Elements and items of one file; a whole-slide image with 100,000 frames has some 3 million. */
const MOST_ELEMENTS = 8_000_000;

const SPECIFIC_CHARACTER_SET = 0x00080005;
const PIXEL_REPRESENTATION = 0x00280103;
const LUT_DESCRIPTOR = 0x00283002;

/** A data set while it is read. */
export interface GrowingDataSet {
  readonly elements: Map<Tag, Element>;
  readonly encoding: Encoding;
  characterSets: readonly string[];
  signedPixels: boolean;
  tableEntries?: number;
  readonly depth: number;
}

export function beginDataSet(encoding: Encoding, around?: GrowingDataSet): GrowingDataSet {
  return {
    elements: new Map(),
    encoding,
    characterSets: around?.characterSets ?? [],
    signedPixels: around?.signedPixels ?? false,
    depth: around ? around.depth + 1 : 0,
  };
}

export function finishDataSet(growing: GrowingDataSet): DataSet {
  return {
    elements: growing.elements,
    littleEndian: growing.encoding.littleEndian,
    characterSets: growing.characterSets,
  };
}

/** Adds an element; what follows may depend on it. */
export function addElement(growing: GrowingDataSet, element: Element, window: Window): void {
  const { elements, encoding } = growing;
  if (elements.has(element.tag)) {
    window.note(`${showTag(element.tag)} occurs more than once; the last one counts.`);
  }
  elements.set(element.tag, element);
  if (element.kind !== "value") return;
  const { tag, bytes } = element;
  if (tag === SPECIFIC_CHARACTER_SET) {
    growing.characterSets = parseTermsOfCharacterSets(bytes);
  } else if (tag === PIXEL_REPRESENTATION && bytes.length >= 2) {
    growing.signedPixels = firstWord(bytes, encoding) === 1;
  } else if (tag === LUT_DESCRIPTOR && bytes.length >= 2) {
    growing.tableEntries = firstWord(bytes, encoding);
  }
}

function firstWord(bytes: Uint8Array, { littleEndian }: Encoding): number {
  return littleEndian ? bytes[0] | (bytes[1] << 8) : (bytes[0] << 8) | bytes[1];
}

/**
 * Reads the value after a header, whatever its kind, from bytes that are all at hand.
 * @param end where the item or file around it ends
 * @returns the element, and where the next one begins
 */
export function parseValue(
  window: Window,
  header: ElementHeader,
  growing: GrowingDataSet,
  end: number,
): { element: Element; next: number } {
  const { tag, vr, length, valueAt } = header;
  countElement(window);
  if (length === UNDEFINED_LENGTH) return parseUndefinedLength(window, header, growing, end);
  const next = valueAt + length;
  if (next > end) throw overrun(window, header, end);
  if (vr === "SQ") return { element: parseKnownSequence(window, header, growing), next };
  if (vr === "UN" && growing.encoding.littleEndian) {
    const known = parseUnknownSequence(window, header, growing);
    if (known) return { element: known, next };
  }
  if (length > window.longestValue) {
    return { element: { kind: "left", tag, vr, offset: valueAt, length }, next };
  }
  return { element: { kind: "value", tag, vr, bytes: window.take(valueAt, length) }, next };
}

/** UN of defined length whose tag is a sequence of the standard: PS3.5 6.2.2, note 2. */
function parseUnknownSequence(
  window: Window,
  header: ElementHeader,
  growing: GrowingDataSet,
): Element | undefined {
  if (header.length < 8 || dictionaryVr(header.tag, growing) !== "SQ") return undefined;
  if (window.tagAt(header.valueAt, true) !== ITEM) return undefined;
  return parseKnownSequence(window, { ...header, vr: "SQ" }, growing);
}

/** A sequence whose length is told: where its inside is broken, it is kept as bytes. */
function parseKnownSequence(
  window: Window,
  header: ElementHeader,
  growing: GrowingDataSet,
): Element {
  const { tag, valueAt, length } = header;
  try {
    return parseSequence(window, header, growing, valueAt + length).element;
  } catch (cause) {
    if (cause === MORE_BYTES || !(cause instanceof RoentgenError) || cause.code === "too-large") {
      throw cause;
    }
    window.note(`The sequence ${showTag(tag)} is damaged; its bytes are kept as they are.`);
    return { kind: "value", tag, vr: "UN", bytes: window.take(valueAt, length) };
  }
}

function parseUndefinedLength(
  window: Window,
  header: ElementHeader,
  growing: GrowingDataSet,
  end: number,
): { element: Element; next: number } {
  const { tag, vr } = header;
  if (vr === "SQ" || vr === "UN") return parseSequence(window, header, growing, end);
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

/** Items up to a known end, or up to the delimiter: PS3.5 section 7.5. */
function parseSequence(
  window: Window,
  { tag, vr, length, valueAt }: ElementHeader,
  around: GrowingDataSet,
  end: number,
): { element: Element; next: number } {
  if (around.depth >= DEEPEST) {
    throw damaged(window.name, {
      expected: `at most ${DEEPEST} sequences in one another`,
      found: `more at position ${valueAt}`,
    });
  }
  const delimited = length === UNDEFINED_LENGTH;
  const { littleEndian } = around.encoding;
  // PS3.5 6.2.2 note 1: what is inside UN of undefined length is implicit VR little endian.
  const unknown = vr === "UN";
  const encoding = unknown ? unknownEncoding(window, valueAt, end) : around.encoding;
  const items: DataSet[] = [];
  let at = valueAt;
  let closed = false;
  while (at + 8 <= end) {
    const itemTag = window.tagAt(at, unknown || littleEndian);
    const itemLength = window.uint32(at + 4, unknown || littleEndian);
    if (itemTag === SEQUENCE_DELIMITER) {
      at += 8;
      closed = true;
      break;
    }
    if (itemTag !== ITEM) {
      window.note(
        `The sequence ${showTag(tag)} has ${showTag(itemTag)} where an item was expected; it ends there.`,
      );
      if (!delimited) at = end;
      closed = true;
      break;
    }
    countElement(window);
    const item = parseItem(window, at + 8, itemLength, end, beginDataSet(encoding, around));
    items.push(item.dataSet);
    at = item.next;
  }
  if (delimited && !closed && end < window.fileEnd) {
    window.note(`The sequence ${showTag(tag)} has no end mark; it ends with what is around it.`);
  } else if (delimited && !closed) {
    throw overrun(window, { tag, vr, length, valueAt }, end);
  }
  return { element: { kind: "sequence", tag, vr: "SQ", items }, next: at };
}

function parseItem(
  window: Window,
  at: number,
  length: number,
  outerEnd: number,
  growing: GrowingDataSet,
): { dataSet: DataSet; next: number } {
  const delimited = length === UNDEFINED_LENGTH;
  let end = delimited ? outerEnd : at + length;
  if (end > outerEnd) {
    throw damaged(window.name, {
      expected: `an item that ends before position ${outerEnd}`,
      found: `${length} bytes announced at ${at}`,
    });
  }
  while (at + 8 <= end) {
    const tag = window.tagAt(at, growing.encoding.littleEndian);
    if (tag === ITEM_DELIMITER) {
      at += 8;
      if (delimited) end = at;
      continue;
    }
    // Some writers leave the item's delimiter out; the sequence's closes both.
    if (delimited && (tag === SEQUENCE_DELIMITER || tag === ITEM)) {
      window.note(`An item before position ${at} has no end mark.`);
      end = at;
      break;
    }
    const header = readElementHeader(window, at, growing, end);
    const { element, next } = parseValue(window, header, growing, end);
    addElement(growing, element, window);
    at = next;
  }
  return { dataSet: finishDataSet(growing), next: end };
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
