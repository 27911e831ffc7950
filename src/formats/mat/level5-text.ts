// Text of MAT-files level 5: characters in UTF-8, -16, -32 or bytes, column-major, as rows of strings.

import { damaged } from "../damage.ts";
import type { ArrayHeader } from "./level5-matrix.ts";
import { readAllNumbers } from "./level5-numbers.ts";
import type { Element, ElementCursor } from "./level5-tags.ts";
import { elementBytes, nextElement, storage } from "./level5-tags.ts";
import type { MatChar } from "./mat-value.ts";

/** Names of variables, fields and classes: bytes up to the first NUL. */
export function latin1(bytes: Uint8Array): string {
  const nul = bytes.indexOf(0);
  let text = "";
  for (const byte of nul < 0 ? bytes : bytes.subarray(0, nul)) text += String.fromCharCode(byte);
  return text;
}

export function readChar(cursor: ElementCursor, { shape, count }: ArrayHeader): MatChar {
  if (count === 0 && cursor.at === cursor.end) return charFromUnits([], shape);
  const characters = readCharacters(cursor, count);
  if (characters.length === count) return charFromUnits(characters, shape);
  throw damaged(cursor.name, {
    expected: `${count} characters, as the dimensions say`,
    found: `${characters.length}`,
  });
}

/** Rows of the characters in column-major order: those of row r are `rows` apart. */
export function charFromUnits(characters: readonly string[], shape: readonly number[]): MatChar {
  const [height, width] = shape;
  if (characters.length === 0) {
    const emptyRow = height === 1 && shape.length === 2;
    return { kind: "char", shape, rows: emptyRow ? [""] : [] };
  }
  const rows = Array.from({ length: characters.length / width }, (_, index) => {
    const start = Math.floor(index / height) * height * width + (index % height);
    return Array.from({ length: width }, (_, column) => characters[start + column * height]).join(
      "",
    );
  });
  return { kind: "char", shape, rows };
}

/** One string for each position: a UTF-16 unit, or a code point where the writer counted those. */
function readCharacters(cursor: ElementCursor, count: number): string[] {
  const start = cursor.at;
  const element = nextElement(cursor);
  const bytes = elementBytes(cursor, element);
  if (element.type === storage.utf8) return splitText(decode("utf-8", bytes, cursor), count);
  if (element.type === storage.utf16) {
    return splitText(
      decode(`utf-16${cursor.order === "little" ? "le" : "be"}`, bytes, cursor),
      count,
    );
  }
  if (element.type === storage.utf32) return splitText(decodeUtf32(cursor, element), count);
  cursor.at = start;
  const units = readAllNumbers(cursor, "uint16") as Uint16Array;
  return Array.from(units, (unit) => String.fromCharCode(unit));
}

function splitText(text: string, count: number): string[] {
  const units = text.split("");
  return units.length === count ? units : Array.from(text);
}

function decode(encoding: string, bytes: Uint8Array, cursor: ElementCursor): string {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw damaged(cursor.name, {
      expected: `text in ${encoding.toUpperCase()}`,
      found: "bytes that are not",
      cause,
    });
  }
}

function decodeUtf32(cursor: ElementCursor, { start, length }: Element): string {
  const points = Array.from({ length: Math.floor(length / 4) }, (_, index) =>
    cursor.view.getUint32(start + 4 * index, cursor.order === "little"),
  );
  if (points.every((point) => point <= 0x10ffff)) {
    return points.map((point) => String.fromCodePoint(point)).join("");
  }
  throw damaged(cursor.name, {
    expected: "text in UTF-32",
    found: "numbers beyond U+10FFFF",
  });
}
