// Checksums of compressed data: Adler-32 (RFC 1950) in MAT-files, CRC-32 (ISO 3309) in zip archives.

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

/** `tables[0]` is the usual table; `tables[k]` that of a byte followed by k zero bytes. */
const tables = crcTables();

/** Sum of `bytes` after what gave `sum`; start with 0. Four bytes a step ("slicing by 4"). */
export function crc32(bytes: Uint8Array, sum = 0): number {
  const [byte0, byte1, byte2, byte3] = tables;
  const whole = bytes.length - (bytes.length % 4);
  let crc = ~sum;
  let index = 0;
  for (; index < whole; index += 4) {
    crc ^=
      bytes[index] | (bytes[index + 1] << 8) | (bytes[index + 2] << 16) | (bytes[index + 3] << 24);
    crc =
      byte3[crc & 0xff] ^
      byte2[(crc >>> 8) & 0xff] ^
      byte1[(crc >>> 16) & 0xff] ^
      byte0[crc >>> 24];
  }
  for (; index < bytes.length; index++) crc = byte0[(crc ^ bytes[index]) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}

function crcTables(): Int32Array[] {
  const first = Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    return crc;
  });
  const all = [first];
  for (let k = 1; k < 4; k++) {
    all.push(all[k - 1].map((crc) => first[crc & 0xff] ^ (crc >>> 8)));
  }
  return all;
}
