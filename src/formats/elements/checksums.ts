// Checksums of compressed data: Adler-32 (RFC 1950) in MAT-files, CRC-32 (ISO 3309) in zip archives,
// CRC-32C (RFC 3720, appendix B.4) in TensorBoard's event files.

import { nativeByteOrder } from "./byte-order.ts";

/** Sum of `bytes` after what gave `sum`; start with 1. */
export function adler32(bytes: Uint8Array, sum = 1): number {
  let low = sum & 0xffff;
  let high = sum >>> 16;
  // 5552 bytes are the most whose sums stay below 2³².
  for (let start = 0; start < bytes.length; start += 5552) {
    const end = Math.min(bytes.length, start + 5552);
    for (let index = start; index < end; index++) {
      low += bytes[index];
      high += low;
    }
    low %= 65521;
    high %= 65521;
  }
  return ((high << 16) | low) >>> 0;
}

/** Eight tables of 256: the usual one, then those of a byte followed by 1 to 7 zero bytes. */
const table = crcTable(0xedb88320);
const castagnoli = crcTable(0x82f63b78);

/** Sum of `bytes` after what gave `sum`; start with 0. */
export function crc32(bytes: Uint8Array, sum = 0): number {
  const beforeWords = Math.min(bytes.length, (4 - (bytes.byteOffset % 4)) % 4);
  const pairs = nativeByteOrder === "little" ? Math.floor((bytes.length - beforeWords) / 8) : 0;
  const afterWords = beforeWords + 8 * pairs;
  let crc = crcByBytes(bytes, ~sum, 0, beforeWords);
  if (pairs > 0) {
    const start = bytes.byteOffset + beforeWords;
    crc = crcByWords(new Uint32Array(bytes.buffer, start, 2 * pairs), crc);
  }
  return ~crcByBytes(bytes, crc, afterWords, bytes.length) >>> 0;
}

/** CRC-32C of `bytes`. */
export function crc32c(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) crc = castagnoli[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}

function crcByBytes(bytes: Uint8Array, crc: number, start: number, end: number): number {
  for (let at = start; at < end; at++) crc = table[(crc ^ bytes[at]) & 0xff] ^ (crc >>> 8);
  return crc;
}

/** Eight bytes a step (Kounavis and Berry 2005, "slicing by 8"), little-endian. */
function crcByWords(words: Uint32Array, crc: number): number {
  for (let at = 0; at < words.length; at += 2) {
    const low = words[at] ^ crc;
    const high = words[at + 1];
    crc =
      table[0x700 | (low & 0xff)] ^
      table[0x600 | ((low >>> 8) & 0xff)] ^
      table[0x500 | ((low >>> 16) & 0xff)] ^
      table[0x400 | (low >>> 24)] ^
      table[0x300 | (high & 0xff)] ^
      table[0x200 | ((high >>> 8) & 0xff)] ^
      table[0x100 | ((high >>> 16) & 0xff)] ^
      table[high >>> 24];
  }
  return crc;
}

/** By a polynomial, its bits in reverse. */
function crcTable(polynomial: number): Int32Array {
  const all = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    all[byte] = crc;
  }
  for (let at = 256; at < all.length; at++) {
    const before = all[at - 256];
    all[at] = all[before & 0xff] ^ (before >>> 8);
  }
  return all;
}
