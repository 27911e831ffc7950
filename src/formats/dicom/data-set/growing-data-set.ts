// A data set while it is read: what was found so far tells how to read what follows (PS3.5 sections 6.1 and 7.8).

import { parseTermsOfCharacterSets } from "./character-sets.ts";
import type { DataSet, Element, Tag } from "./data-set.ts";
import { showTag } from "./tag-text.ts";
import type { Encoding, Window } from "./window.ts";

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
