// Voxels as the bytes of a file.

import type { VoxelArray } from "../../base/index.ts";
import { type ByteOrder, nativeByteOrder, swapBytesInPlace } from "../elements/byte-order.ts";

/** The voxels' own memory where its byte order is the file's, else a copy. */
export function bytesInOrder(data: VoxelArray, order: ByteOrder): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (order === nativeByteOrder || data.BYTES_PER_ELEMENT === 1) return bytes;
  const swapped = bytes.slice();
  swapBytesInPlace(swapped, data.BYTES_PER_ELEMENT);
  return swapped;
}
