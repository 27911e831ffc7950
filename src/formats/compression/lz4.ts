// LZ4 frames and blocks, decompressed into memory of the size that was announced.
// (lz4/doc/lz4_Frame_format.md and lz4_Block_format.md)

const FRAME_MAGIC = 0x184d2204;

/** @throws RangeError where frame and length don't fit */
export function unpackLz4Frame(bytes: Uint8Array, length: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== FRAME_MAGIC) throw new RangeError("no LZ4 frame");
  const flags = bytes[4];
  const blockChecksum = (flags >> 4) & 1;
  const contentSize = (flags >> 3) & 1;
  const dictionaryId = flags & 1;
  let at = 6 + 8 * contentSize + 4 * dictionaryId + 1;
  const output = new Uint8Array(length);
  let filled = 0;
  for (;;) {
    const header = view.getUint32(at, true);
    at += 4;
    if (header === 0) break;
    const size = header & 0x7fffffff;
    if (at + size > bytes.length) throw new RangeError("a block beyond the frame");
    const block = bytes.subarray(at, at + size);
    if (header >>> 31) {
      output.set(block, filled);
      filled += size;
    } else filled = unpackBlock(block, output, filled);
    at += size + 4 * blockChecksum;
  }
  if (filled !== length) throw new RangeError(`${filled} bytes where ${length} belong`);
  return output;
}

/** Unpacks a block behind what is there already, which it may refer to; returns the new end. */
function unpackBlock(block: Uint8Array, output: Uint8Array, start: number): number {
  let at = 0;
  let filled = start;
  while (at < block.length) {
    const token = block[at++];
    const literals = readLength(token >> 4);
    if (at + literals > block.length) throw new RangeError("literals beyond the block");
    output.set(block.subarray(at, at + literals), filled);
    at += literals;
    filled += literals;
    if (at >= block.length) break;
    const distance = block[at] | (block[at + 1] << 8);
    at += 2;
    const match = readLength(token & 15) + 4;
    if (distance === 0 || distance > filled) throw new RangeError("a match before the beginning");
    if (filled + match > output.length) throw new RangeError("a match beyond the end");
    // Byte by byte, since a match may overlap itself.
    for (let end = filled + match; filled < end; filled++) {
      output[filled] = output[filled - distance];
    }
  }
  return filled;

  function readLength(nibble: number): number {
    if (nibble < 15) return nibble;
    let value = 15;
    for (;;) {
      if (at >= block.length) throw new RangeError("a length beyond the block");
      const byte = block[at++];
      value += byte;
      if (byte < 255) return value;
    }
  }
}
