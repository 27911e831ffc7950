// Parquet's hybrid of run lengths and bit packing, never more values than were asked for.
// (parquet-format, Encodings.md, RLE = 3)

/**
 * Reads `count` values of `width` bits.
 * @throws RangeError where the bytes end before
 */
export function readRunLengths(bytes: Uint8Array, width: number, count: number): Uint32Array {
  const values = new Uint32Array(count);
  if (width === 0) return values;
  if (width > 32) throw new RangeError("bit width above 32");
  let at = 0;
  let filled = 0;
  while (filled < count) {
    const header = readVarint();
    if (header & 1) readPacked((header >>> 1) * 8);
    else readRun(header >>> 1);
  }
  return values;

  function readRun(length: number): void {
    let value = 0;
    for (let shift = 0; shift < width; shift += 8) value |= nextByte() << shift;
    const end = Math.min(count, filled + length);
    if (length === 0) throw new RangeError("an empty run");
    values.fill(value, filled, end);
    filled = end;
  }

  function readPacked(length: number): void {
    if (length === 0) throw new RangeError("an empty run");
    const end = Math.min(count, filled + length);
    const start = at;
    for (let bit = 0; filled < end; bit += width) {
      let value = 0;
      for (let taken = 0; taken < width; ) {
        const position = bit + taken;
        const shift = position & 7;
        const part = Math.min(8 - shift, width - taken);
        const byte = byteAt(start + (position >> 3));
        value |= ((byte >> shift) & ((1 << part) - 1)) << taken;
        taken += part;
      }
      values[filled++] = value;
    }
    at = start + (length * width) / 8;
  }

  function readVarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = nextByte();
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
    throw new RangeError("a number of over 5 bytes");
  }

  function nextByte(): number {
    return byteAt(at++);
  }

  function byteAt(position: number): number {
    if (position >= bytes.length) throw new RangeError("the data end before the last value");
    return bytes[position];
  }
}
