// Data elements of MAT-files level 5: tag, bytes, padding (MathWorks, MAT-File Format, chapter 1).

import { damaged, truncated } from "../damage.ts";
import type { ByteOrder } from "../elements/byte-order.ts";

/** Numbers that say how an element's bytes are stored (table 1-1). */
export const storage = {
  int8: 1,
  uint8: 2,
  int16: 3,
  uint16: 4,
  int32: 5,
  uint32: 6,
  single: 7,
  double: 9,
  int64: 12,
  uint64: 13,
  matrix: 14,
  compressed: 15,
  utf8: 16,
  utf16: 17,
  utf32: 18,
} as const;

/** Where reading has come to among the data elements of one variable. */
export interface ElementCursor {
  /** File and variable, for messages. */
  readonly name: string;
  /** Bytes of the variable; they belong to the reader. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView;
  readonly order: ByteOrder;
  at: number;
  end: number;
  /** Cells and structs that surround the element. */
  depth: number;
}

export interface Element {
  readonly type: number;
  readonly start: number;
  readonly length: number;
}

export function elementCursor(
  bytes: Uint8Array<ArrayBuffer>,
  order: ByteOrder,
  name: string,
): ElementCursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { name, bytes, view, order, at: 0, end: bytes.byteLength, depth: 0 };
}

/** The next element; the cursor moves past it and its padding. */
export function nextElement(cursor: ElementCursor): Element {
  const { view, order, at, end } = cursor;
  if (end - at < 8) {
    throw truncated(cursor.name, {
      expected: "another data element of 8 bytes or more",
      found: `${end - at} bytes`,
    });
  }
  const first = view.getUint32(at, order === "little");
  // Small elements put type and length in the first four bytes, the data in the next four.
  if (first >>> 16 !== 0) return smallElement(cursor, first & 0xffff, first >>> 16);
  const length = view.getUint32(at + 4, order === "little");
  if (length > end - at - 8) {
    throw truncated(cursor.name, {
      expected: `a data element of ${length} bytes`,
      found: `${end - at - 8} bytes`,
    });
  }
  const start = at + 8;
  // Some writers leave out the padding of the last element.
  cursor.at = Math.min(end, start + Math.ceil(length / 8) * 8);
  return { type: first, start, length };
}

function smallElement(cursor: ElementCursor, type: number, length: number): Element {
  if (length > 4) {
    throw damaged(cursor.name, {
      expected: "at most 4 bytes in a small data element",
      found: `${length}`,
    });
  }
  const start = cursor.at + 4;
  cursor.at += 8;
  return { type, start, length };
}

/** The bytes of an element, as a view. */
export function elementBytes(cursor: ElementCursor, element: Element): Uint8Array<ArrayBuffer> {
  return cursor.bytes.subarray(element.start, element.start + element.length);
}
