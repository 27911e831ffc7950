// Compressed variables of MAT-files level 5: a zlib stream (RFC 1950) that holds one array element.

import { damaged, truncated } from "../damage.ts";
import type { ByteOrder } from "../elements/byte-order.ts";
import { adler32 } from "../elements/checksums.ts";
import { allocateBytes } from "../elements/element-types.ts";
import { createInflater, inflateInto, largestInflation } from "../elements/inflater.ts";
import { joinBytes } from "../elements/join-bytes.ts";
import { storage } from "./level5-tags.ts";

const tagBytes = 8;
/** Enough compressed bytes to decompress a tag from. */
const tagSourceBytes = 2048;

/** The content of the array element within, its tag checked and left out. */
export function inflateMatrix(
  compressed: Uint8Array,
  order: ByteOrder,
  name: string,
): Uint8Array<ArrayBuffer> {
  const tag = inflatePrefix(compressed.subarray(0, tagSourceBytes), name);
  const length = tagBytes + contentLength(tag, order, compressed.byteLength, name);
  // One byte more than should come shows whether there is more.
  const room = allocateBytes(length + 1, name);
  const inflated = inflateInto(room, compressed.subarray(2), name);
  if (inflated !== length) {
    throw (inflated < length ? truncated : damaged)(name, {
      expected: `a variable of ${length - tagBytes} bytes`,
      found: inflated < length ? `${inflated - tagBytes} bytes when decompressed` : "more",
    });
  }
  checkSum(compressed, adler32(room.subarray(0, length)), name);
  return room.subarray(tagBytes, length);
}

/** What comes out of the first bytes of a compressed variable, after the tag of the array within. */
export function inflateStart(compressed: Uint8Array, name: string): Uint8Array<ArrayBuffer> {
  return inflatePrefix(compressed, name).subarray(tagBytes);
}

function inflatePrefix(compressed: Uint8Array, name: string): Uint8Array<ArrayBuffer> {
  checkZlibHeader(compressed, name);
  const pieces: Uint8Array[] = [];
  createInflater(name, (bytes) => pieces.push(bytes)).push(compressed.subarray(2), false);
  return joinBytes(pieces);
}

/** Bytes that the tag announces, if so much can come out of the compressed bytes. */
function contentLength(
  tag: Uint8Array,
  order: ByteOrder,
  compressedBytes: number,
  name: string,
): number {
  if (tag.byteLength < tagBytes) {
    throw truncated(name, {
      expected: "an array in a compressed variable",
      found: `${tag.byteLength} bytes when decompressed`,
    });
  }
  const view = new DataView(tag.buffer);
  const type = view.getUint32(0, order === "little");
  const length = view.getUint32(4, order === "little");
  if (type !== storage.matrix) {
    throw damaged(name, {
      expected: "an array in a compressed variable",
      found: `a data element of type ${type}`,
    });
  }
  if (length > compressedBytes * largestInflation) {
    throw damaged(name, {
      expected: `at most ${compressedBytes * largestInflation} bytes out of ${compressedBytes} compressed bytes`,
      found: `${length} announced`,
    });
  }
  return length;
}

/** RFC 1950, 2.2: method 8 (deflate), a check number, no preset dictionary. */
function checkZlibHeader(bytes: Uint8Array, name: string): void {
  const [method, flags] = bytes;
  if (bytes.byteLength >= 6 && (method & 15) === 8 && (method * 256 + flags) % 31 === 0) {
    if ((flags & 0x20) === 0) return;
  }
  throw damaged(name, {
    expected: "a zlib stream in a compressed variable",
    found: "bytes that are not one",
  });
}

/** The Adler-32 sum ends the stream; up to 7 bytes of padding may follow it. */
function checkSum(compressed: Uint8Array, sum: number, name: string): void {
  const view = new DataView(compressed.buffer, compressed.byteOffset, compressed.byteLength);
  for (let padding = 0; padding < 8 && padding <= compressed.byteLength - 6; padding++) {
    if (view.getUint32(compressed.byteLength - 4 - padding) === sum) return;
  }
  throw damaged(name, {
    expected: "decompressed data that match their checksum",
    found: "other data",
  });
}
