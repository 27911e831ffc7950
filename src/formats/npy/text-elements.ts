// Text of fixed width in .npy files: U (UTF-32 code points) and S (bytes), padded with NUL.

import { damaged } from "../damage.ts";
import type { ByteOrder } from "../elements/byte-order.ts";
import { nativeByteOrder, swapBytesInPlace } from "../elements/byte-order.ts";

/** Code points of each element as a string, without the NULs that pad it. */
export function decodeUnicode(
  bytes: Uint8Array,
  { count, itemBytes, byteOrder }: { count: number; itemBytes: number; byteOrder: ByteOrder },
  name: string,
): string[] {
  if (byteOrder !== nativeByteOrder) swapBytesInPlace(bytes, 4);
  const points = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  if (points.some((point) => point > 0x10ffff)) {
    throw damaged(name, { expected: "Unicode code points", found: "numbers beyond U+10FFFF" });
  }
  const width = itemBytes / 4;
  return Array.from({ length: count }, (_, index) =>
    codePointText(points.subarray(index * width, (index + 1) * width)),
  );
}

/** Bytes of each element as a string: UTF-8 if the whole array is, else Latin-1. */
export function decodeBytes(bytes: Uint8Array, count: number, itemBytes: number): string[] {
  const decoder = isUtf8(bytes) ? new TextDecoder("utf-8", { ignoreBOM: true }) : undefined;
  return Array.from({ length: count }, (_, index) => {
    const item = bytes.subarray(index * itemBytes, (index + 1) * itemBytes);
    const text = item.subarray(0, unpaddedLength(item));
    // Not TextDecoder("latin1"), which is windows-1252 on the web.
    return decoder?.decode(text) ?? Array.from(text, (byte) => String.fromCharCode(byte)).join("");
  });
}

/** UTF-32 of this machine's byte order, every element as wide as the longest. */
export function encodeUnicode(texts: readonly string[]): { bytes: Uint8Array; width: number } {
  const width = Math.max(
    1,
    texts.reduce((widest, text) => Math.max(widest, [...text].length), 0),
  );
  const points = new Uint32Array(texts.length * width);
  texts.forEach((text, index) => {
    let at = index * width;
    for (const character of text) points[at++] = character.codePointAt(0) ?? 0;
  });
  return { bytes: new Uint8Array(points.buffer), width };
}

function codePointText(points: Uint32Array): string {
  let text = "";
  const length = unpaddedLength(points);
  for (let index = 0; index < length; index++) text += String.fromCodePoint(points[index]);
  return text;
}

function unpaddedLength(units: Uint8Array | Uint32Array): number {
  let length = units.length;
  while (length > 0 && units[length - 1] === 0) length--;
  return length;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
