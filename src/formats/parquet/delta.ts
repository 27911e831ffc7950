// Parquet's delta encodings, bounded by their bytes and by the number of values asked for.
// (parquet-format, Encodings.md, DELTA_BINARY_PACKED, DELTA_LENGTH_BYTE_ARRAY, DELTA_BYTE_ARRAY)

/** The most that shared prefixes may add up to in a page. */
const MOST_PREFIX_BYTES = 2 ** 28;

/** Integers modulo 2^64, and the position after them. */
interface DeltaIntegers {
  readonly values: BigInt64Array;
  readonly end: number;
}

/** @throws RangeError where the bytes don't hold that many */
export function readDeltas(bytes: Uint8Array, count: number, start = 0): DeltaIntegers {
  let at = start;
  const blockSize = Number(readVarint());
  const miniblocks = Number(readVarint());
  readVarint(); // the number of values, known from the page
  const values = new BigInt64Array(count);
  let filled = 0;
  if (count > 0) values[filled++] = readZigzag();
  else readZigzag();
  const perMiniblock = blockSize / miniblocks;
  if (!(perMiniblock > 0) || perMiniblock % 8 > 0) throw new RangeError("delta blocks of no size");

  while (filled < count) {
    const least = readZigzag();
    const widths = at;
    if (widths + miniblocks > bytes.length) throw new RangeError("the deltas end early");
    at += miniblocks;
    for (let index = 0; index < miniblocks && filled < count; index++) {
      const width = bytes[widths + index];
      if (width > 64) throw new RangeError("deltas of over 64 bits");
      const end = Math.min(count, filled + perMiniblock);
      for (let bit = at * 8; filled < end; bit += width) {
        // Storing takes it modulo 2^64, as the specification wants.
        values[filled] = values[filled - 1] + least + readBits(bit, width);
        filled++;
      }
      at += (perMiniblock * width) / 8;
    }
  }
  return { values, end: at };

  function readBits(position: number, width: number): bigint {
    if (position + width > bytes.length * 8) throw new RangeError("the deltas end early");
    let low = 0;
    let high = 0n;
    for (let taken = 0; taken < width; ) {
      const shift = (position + taken) & 7;
      const part = Math.min(8 - shift, width - taken);
      const piece = (bytes[(position + taken) >> 3] >> shift) & ((1 << part) - 1);
      if (taken < 45) low += piece * 2 ** taken;
      else high |= BigInt(piece) << BigInt(taken);
      taken += part;
    }
    return BigInt(low) + high;
  }

  function readZigzag(): bigint {
    const value = readVarint();
    return (value >> 1n) ^ -(value & 1n);
  }

  function readVarint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (at >= bytes.length) throw new RangeError("the deltas end early");
      const byte = bytes[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw new RangeError("a number of over 10 bytes");
  }
}

/** Lengths by their deltas, then the byte arrays one after the other. */
export function readDeltaLengths(bytes: Uint8Array, count: number, start = 0): Uint8Array[] {
  const { values: lengths, end } = readDeltas(bytes, count, start);
  let at = end;
  return Array.from(lengths, (length) => {
    const next = at + Number(length);
    if (length < 0n || next > bytes.length) throw new RangeError("a value beyond its page");
    const value = bytes.subarray(at, next);
    at = next;
    return value;
  });
}

/** How much each byte array shares with the one before it, and what comes after that. */
export function readDeltaPrefixes(bytes: Uint8Array, count: number): Uint8Array[] {
  const { values: prefixes, end } = readDeltas(bytes, count);
  const suffixes = readDeltaLengths(bytes, count, end);
  let before = new Uint8Array(0);
  let total = 0;
  return suffixes.map((suffix, index) => {
    const shared = Number(prefixes[index]);
    total += shared;
    if (shared < 0 || shared > before.length || total > MOST_PREFIX_BYTES) {
      throw new RangeError("a prefix longer than what it is of");
    }
    const value = new Uint8Array(shared + suffix.length);
    value.set(before.subarray(0, shared));
    value.set(suffix, shared);
    before = value;
    return value;
  });
}
