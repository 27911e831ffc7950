// Deflated bytes read in sequence as what they were before, in bounded memory.

import { damaged, truncated } from "../damage.ts";
import type { ByteReader } from "./byte-reader.ts";
import { checkRemaining, readBytes } from "./byte-reader.ts";
import { createInflater, largestInflation } from "./inflater.ts";

/** Compressed bytes taken at a time; what comes out of them, at most a thousand times more, waits in memory. */
const pieceBytes = 2 ** 16;

/**
 * Reads `length` bytes out of a raw deflate stream.
 * @throws RoentgenError "file-corrupt" at once where so much can't come out of the compressed bytes
 */
export function inflatingReader(compressed: ByteReader, length: number): ByteReader {
  const { name } = compressed;
  const most = compressed.remaining * largestInflation;
  if (length > most) {
    throw damaged(name, {
      expected: `at most ${most} bytes out of ${compressed.remaining} compressed bytes`,
      found: `${length} announced`,
    });
  }
  const waiting: Uint8Array[] = [];
  const inflater = createInflater(name, (bytes) => {
    if (bytes.byteLength > 0) waiting.push(bytes);
  });
  let remaining = length;

  async function inflateMore(): Promise<void> {
    if (compressed.remaining === 0) {
      throw truncated(name, {
        expected: `${remaining} more bytes`,
        found: "the end of the compressed data",
      });
    }
    const piece = await readBytes(compressed, Math.min(pieceBytes, compressed.remaining));
    inflater.push(piece, compressed.remaining === 0);
  }

  return {
    name,
    get remaining() {
      return remaining;
    },
    async readInto(target) {
      checkRemaining(this, target.byteLength);
      let filled = 0;
      while (filled < target.byteLength) {
        const bytes = waiting.shift();
        if (!bytes) {
          await inflateMore();
          continue;
        }
        const taken = Math.min(bytes.byteLength, target.byteLength - filled);
        target.set(bytes.subarray(0, taken), filled);
        if (taken < bytes.byteLength) waiting.unshift(bytes.subarray(taken));
        filled += taken;
        remaining -= taken;
      }
    },
  };
}
