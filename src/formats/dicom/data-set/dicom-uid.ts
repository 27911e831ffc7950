// Unique identifiers: PS3.5 section 9 and annex B.2 (UUID-derived, root 2.25).

import { type RandomKey, randomStream } from "../../../base/index.ts";

/** A UID from a random key: the same key gives the same UID, other keys others. */
export function dicomUid({ seed, purpose, sample, epoch }: RandomKey): string {
  const stream = randomStream({ seed, purpose: `dicom-uid/${purpose}`, sample, epoch });
  const words = [stream.uint32(), stream.uint32(), stream.uint32(), stream.uint32()];
  // A random UUID, version 4 (RFC 9562 section 5.4).
  words[1] = ((words[1] & 0xffff0fff) | 0x4000) >>> 0;
  words[2] = ((words[2] & 0x3fffffff) | 0x80000000) >>> 0;
  const value = words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n);
  return `2.25.${value}`;
}
