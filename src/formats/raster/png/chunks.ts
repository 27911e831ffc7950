// The chunks of a PNG file: taken apart and put together (PNG 3rd edition, section 5.3).

import { damaged, truncated } from "../../damage.ts";
import { crc32 } from "../../elements/checksums.ts";

export interface Chunk {
  /** Four letters: "IHDR". */
  readonly type: string;
  readonly data: Uint8Array;
}

export const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** Length, type and check sum. */
const chunkFrame = 12;

/**
 * Chunks up to IEND; views, not copies. A file that ends in the middle of its pixels is an error.
 * @throws RoentgenError "file-corrupt" for a wrong signature or check sum, "file-truncated"
 */
export function readChunks(bytes: Uint8Array, name: string): Chunk[] {
  if (!SIGNATURE.every((byte, at) => bytes[at] === byte)) {
    throw damaged(name, { expected: "the signature of a PNG file", found: "other bytes" });
  }
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE.length; chunks.at(-1)?.type !== "IEND"; ) {
    const chunk = chunkAt(bytes, at, name);
    chunks.push(chunk);
    at += chunkFrame + chunk.data.length;
  }
  return chunks;
}

function chunkAt(bytes: Uint8Array, at: number, name: string): Chunk {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const remaining = bytes.length - at - chunkFrame;
  const length = remaining < 0 ? 0 : view.getUint32(at);
  if (length > remaining) {
    throw truncated(name, { expected: "chunks up to IEND", found: "the end of the file" });
  }
  const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
  const data = bytes.subarray(at + 8, at + 8 + length);
  const isCritical = (bytes[at + 4] & 0x20) === 0;
  if (
    isCritical &&
    crc32(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length)
  ) {
    throw damaged(name, {
      expected: `a chunk ${JSON.stringify(type)} that matches its check sum`,
      found: "other bytes",
    });
  }
  return { type, data };
}

/** A chunk as it lies in a file. */
export function chunkBytes({ type, data }: Chunk): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(chunkFrame + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let at = 0; at < 4; at++) bytes[4 + at] = type.charCodeAt(at);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}
