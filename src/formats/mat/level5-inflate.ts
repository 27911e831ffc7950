// Compressed variables of MAT-files level 5: a zlib stream (RFC 1950) that holds one array element.

import { damaged, truncated } from "../damage.ts";
import type { ByteOrder } from "../elements/byte-order.ts";
import { adler32 } from "../elements/checksums.ts";
import { allocateBytes } from "../elements/element-types.ts";
import { createInflater, largestInflation } from "../elements/inflater.ts";
import { joinBytes } from "../elements/join-bytes.ts";
import { storage } from "./level5-tags.ts";

/** Compressed bytes taken apart at a time; each piece can grow a thousandfold. */
const pieceBytes = 2 ** 16;
const tagBytes = 8;

/** The content of the array element within, its tag checked and left out. */
export function inflateMatrix(
  compressed: Uint8Array,
  order: ByteOrder,
  name: string,
): Uint8Array<ArrayBuffer> {
  checkZlibHeader(compressed, name);
  const tag = new Uint8Array(tagBytes);
  let content: Uint8Array<ArrayBuffer> | undefined;
  let taken = 0;
  let sum = 1;

  const inflater = createInflater(name, (bytes) => {
    copyInto(tag, taken, bytes);
    if (taken + bytes.byteLength >= tagBytes) {
      content ??= allocateContent(tag, order, compressed.byteLength, name);
      copyInto(
        content,
        Math.max(0, taken - tagBytes),
        bytes.subarray(Math.max(0, tagBytes - taken)),
      );
    }
    taken += bytes.byteLength;
    sum = adler32(bytes, sum);
    if (content && taken > tagBytes + content.byteLength) {
      throw damaged(name, {
        expected: `${content.byteLength} bytes`,
        found: "more when decompressed",
      });
    }
  });
  for (let at = 2; at < compressed.byteLength; at += pieceBytes) {
    const end = at + pieceBytes;
    inflater.push(compressed.subarray(at, end), end >= compressed.byteLength);
  }

  if (!content || taken < tagBytes + content.byteLength) {
    throw truncated(name, {
      expected: `a variable of ${content?.byteLength ?? tagBytes} bytes`,
      found: `${Math.max(0, taken - tagBytes)} bytes when decompressed`,
    });
  }
  checkSum(compressed, sum, name);
  return content;
}

/** What comes out of the first bytes of a compressed variable, after the tag of the array within. */
export function inflateStart(compressed: Uint8Array, name: string): Uint8Array<ArrayBuffer> {
  checkZlibHeader(compressed, name);
  const pieces: Uint8Array[] = [];
  createInflater(name, (bytes) => pieces.push(bytes)).push(compressed.subarray(2), false);
  return joinBytes(pieces).subarray(tagBytes);
}

function copyInto(target: Uint8Array, at: number, bytes: Uint8Array): void {
  if (at < target.byteLength) target.set(bytes.subarray(0, target.byteLength - at), at);
}

/** Memory for what the tag announces, if so much can come out of the compressed bytes. */
function allocateContent(
  tag: Uint8Array,
  order: ByteOrder,
  compressedBytes: number,
  name: string,
): Uint8Array<ArrayBuffer> {
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
  return allocateBytes(length, name);
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
