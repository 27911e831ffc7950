// Words of a value in the other byte order: PS3.5 section 7.3.

import { VALUE_REPRESENTATIONS } from "./value-representations.ts";

/** The bytes of a value in the wanted byte order; a copy only where words must be turned. */
export function inByteOrder(
  bytes: Uint8Array,
  vr: string,
  isLittle: boolean,
  wantsLittle: boolean,
): Uint8Array {
  const size = VALUE_REPRESENTATIONS[vr]?.wordBytes ?? 1;
  if (isLittle === wantsLittle || size === 1) return bytes;
  const swapped = bytes.slice();
  const whole = swapped.length - (swapped.length % size);
  for (let at = 0; at < whole; at += size) {
    for (let i = 0; i < size; i++) swapped[at + i] = bytes[at + size - 1 - i];
  }
  return swapped;
}
