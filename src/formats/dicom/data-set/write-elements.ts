// Data elements into bytes, in any uncompressed encoding: PS3.5 sections 7.1 to 7.5 and A.4.

import { RoentgenError } from "../../../base/index.ts";
import type { DataSet, Element, Tag } from "./data-set.ts";
import { UNDEFINED_LENGTH } from "./element-header.ts";
import { padEven } from "./encode-value.ts";
import { ITEM, SEQUENCE_DELIMITER, showTag } from "./tag-text.ts";
import { VALUE_REPRESENTATIONS } from "./value-representations.ts";
import type { Encoding } from "./window.ts";
import { inByteOrder } from "./word-order.ts";

/** Pixel data frame by frame, each in one fragment or several. */
export type EncodedFrames = readonly (readonly Uint8Array[])[];

/** Bytes in pieces, so that long values are not copied. */
export interface Pieces {
  readonly pieces: Uint8Array[];
  length: number;
}

const PIXEL_DATA = 0x7fe00010;
const LONGEST = 0xfffffffe;

export function noPieces(): Pieces {
  return { pieces: [], length: 0 };
}

/** Writes the elements of a data set in the order of their tags; group lengths (retired) are left out. */
export function writeElements(target: Pieces, dataSet: DataSet, encoding: Encoding): void {
  const elements = [...dataSet.elements.values()].sort((a, b) => a.tag - b.tag);
  for (const element of elements) {
    const isGroupLength = (element.tag & 0xffff) === 0 && element.tag >>> 16 !== 0x0002;
    if (!isGroupLength) writeElement(target, element, dataSet, encoding);
  }
}

/** Encapsulated pixel data with a basic offset table, where that can hold the offsets. */
export function writeFrames(target: Pieces, frames: EncodedFrames, encoding: Encoding): void {
  append(target, header(PIXEL_DATA, "OB", UNDEFINED_LENGTH, encoding));
  const offsets: number[] = [];
  let offset = 0;
  for (const fragments of frames) {
    offsets.push(offset);
    for (const fragment of fragments) offset += 8 + fragment.length + (fragment.length % 2);
  }
  // PS3.5 A.4: the table may be empty; it must be where offsets pass 32 bits.
  const table = offset > LONGEST ? [] : offsets;
  append(target, itemHeader(ITEM, 4 * table.length, encoding));
  append(target, uint32s(table, encoding));
  for (const fragment of frames.flat()) {
    append(target, itemHeader(ITEM, fragment.length + (fragment.length % 2), encoding));
    append(target, padEven(fragment, 0));
  }
  append(target, itemHeader(SEQUENCE_DELIMITER, 0, encoding));
}

function writeElement(
  target: Pieces,
  element: Element,
  dataSet: DataSet,
  encoding: Encoding,
): void {
  const { tag, vr } = element;
  switch (element.kind) {
    case "value": {
      const bytes = inByteOrder(element.bytes, vr, dataSet.littleEndian, encoding.littleEndian);
      const padded = padEven(
        bytes,
        VALUE_REPRESENTATIONS[vr]?.layout === "text" && vr !== "UI" ? 0x20 : 0,
      );
      append(target, header(tag, vr, padded.length, encoding));
      append(target, padded);
      return;
    }
    case "sequence":
      writeSequence(target, tag, element.items, encoding);
      return;
    case "left":
    case "fragments":
      throw new RoentgenError("value-missing", {
        problem: `Cannot write ${showTag(tag)}`,
        found: "a value that was left in its file",
        remedy: "Load it first (loadValues), or give the pixel data as frames.",
        subject: showTag(tag),
      });
  }
}

function writeSequence(
  target: Pieces,
  tag: Tag,
  items: readonly DataSet[],
  encoding: Encoding,
): void {
  const inside = noPieces();
  for (const item of items) {
    const content = noPieces();
    writeElements(content, item, encoding);
    append(inside, itemHeader(ITEM, content.length, encoding));
    appendAll(inside, content);
  }
  append(target, header(tag, "SQ", inside.length, encoding));
  appendAll(target, inside);
}

function header(
  tag: Tag,
  vr: string,
  length: number,
  { explicit, littleEndian }: Encoding,
): Uint8Array {
  if (length > LONGEST && length !== UNDEFINED_LENGTH) throw tooLong(tag, length);
  if (!explicit) return itemHeader(tag, length, { explicit, littleEndian });
  const isLong = VALUE_REPRESENTATIONS[vr]?.longHeader ?? true;
  // PS3.5 6.2.2 note 3: what a short length can't hold is written as UN.
  const fits = isLong || length <= 0xffff;
  const bytes = new Uint8Array(isLong || !fits ? 12 : 8);
  const view = new DataView(bytes.buffer);
  writeTag(view, tag, littleEndian);
  const name = fits ? vr : "UN";
  bytes[4] = name.charCodeAt(0);
  bytes[5] = name.charCodeAt(1);
  if (bytes.length === 8) view.setUint16(6, length, littleEndian);
  else view.setUint32(8, length, littleEndian);
  return bytes;
}

/** Tag and length: of items, delimiters and implicit elements. */
function itemHeader(tag: Tag, length: number, { littleEndian }: Encoding): Uint8Array {
  if (length > LONGEST && length !== UNDEFINED_LENGTH) throw tooLong(tag, length);
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  writeTag(view, tag, littleEndian);
  view.setUint32(4, length, littleEndian);
  return bytes;
}

function writeTag(view: DataView, tag: Tag, littleEndian: boolean): void {
  view.setUint16(0, tag >>> 16, littleEndian);
  view.setUint16(2, tag & 0xffff, littleEndian);
}

function uint32s(values: readonly number[], { littleEndian }: Encoding): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    view.setUint32(4 * i, value, littleEndian);
  });
  return bytes;
}

function append(target: Pieces, bytes: Uint8Array): void {
  target.pieces.push(bytes);
  target.length += bytes.length;
}

function appendAll(target: Pieces, { pieces, length }: Pieces): void {
  for (const piece of pieces) target.pieces.push(piece);
  target.length += length;
}

function tooLong(tag: Tag, length: number): RoentgenError {
  return new RoentgenError("too-large", {
    problem: `Cannot write ${showTag(tag)}`,
    expected: `at most ${LONGEST} bytes`,
    found: `${length}`,
    remedy: "Split the object, or compress its frames.",
    subject: showTag(tag),
  });
}
