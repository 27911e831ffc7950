// A source whose SHA-256 is worked out while it is read, so that what is read from front to back is read once; what
// was skipped or read out of order is read again for the digest.

import { createHash } from "node:crypto";
import type { ByteSource } from "./bytes.ts";

export interface HashedSource extends ByteSource {
  /**
   * SHA-256 of the whole content, in hexadecimal. To be asked for once, after reading: it reads
   * everything from the first gap in the reading order on, again where it was read already.
   */
  digest(): Promise<string>;
}

const PIECE = 4 * 2 ** 20;

/** Reads go to `source`, and what they bring in file order goes into the hash. */
export function hashWhileReading(source: ByteSource): HashedSource {
  const hash = createHash("sha256");
  let hashed = 0;

  function take(offset: number, bytes: Uint8Array): void {
    if (offset > hashed || offset + bytes.byteLength <= hashed) return;
    hash.update(bytes.subarray(hashed - offset));
    hashed = offset + bytes.byteLength;
  }

  return {
    name: source.name,
    byteLength: source.byteLength,
    async read(offset, length) {
      const bytes = await source.read(offset, length);
      take(offset, bytes);
      return bytes;
    },
    async readInto(offset, target) {
      await source.readInto(offset, target);
      take(offset, target);
    },
    async digest() {
      while (hashed < source.byteLength) {
        const length = Math.min(PIECE, source.byteLength - hashed);
        take(hashed, await source.read(hashed, length));
      }
      return hash.digest("hex");
    },
    close: () => source.close(),
  };
}
