// Zstandard frames (RFC 8878), decompressed into memory of the size that was announced.

import { decompress } from "fzstd";

/**
 * @param length bytes that must come out
 * @throws Error (RangeError where the frame announces another length)
 */
export function unpackZstd(bytes: Uint8Array, length: number): Uint8Array {
  const announced = contentSize(bytes);
  if (announced !== undefined && announced !== length) {
    throw new RangeError(`a frame of ${announced} bytes where ${length} belong`);
  }
  return decompress(bytes, new Uint8Array(length)).subarray(0, length);
}

/** Frame_Content_Size (RFC 8878, 3.1.1.1), where the frame has one. */
function contentSize(bytes: Uint8Array): number | undefined {
  if (bytes.length < 6) throw new RangeError("a frame that is cut off");
  const descriptor = bytes[4];
  const single = (descriptor >> 5) & 1;
  const sizeFlag = descriptor >> 6;
  const size = sizeFlag === 0 ? single : 2 ** sizeFlag;
  if (size === 0) return undefined;
  const dictionaryId = [0, 1, 2, 4][descriptor & 3];
  const start = 5 + (1 - single) + dictionaryId;
  let value = 0;
  for (let index = size - 1; index >= 0; index--) value = value * 256 + bytes[start + index];
  return size === 2 ? value + 256 : value;
}
