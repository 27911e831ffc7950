// A short name for an image's values, to compare arrays without keeping them.

import { createHash } from "node:crypto";

/** First 16 digits of the hash of the values as float64, so that types may differ. */
export function hashOf({ data }: { data: ArrayLike<number> }): string {
  const bytes = new Uint8Array(Float64Array.from(data).buffer);
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}
