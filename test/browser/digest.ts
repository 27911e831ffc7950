// A digest of voxels that is the same in Node and in browsers.

import type { VoxelArray } from "../../src/base/index.ts";

/** FNV-1a over bytes. */
export function digest({ buffer, byteOffset, byteLength }: VoxelArray): string {
  let hash = 0x811c9dc5;
  for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return (hash >>> 0).toString(16);
}
