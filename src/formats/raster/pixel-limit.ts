// The most pixels that a picture may have before memory is taken for them: decompression bombs end here.

import { RoentgenError } from "../../base/index.ts";

/** @throws RoentgenError "too-large" */
export function checkPixels(width: number, height: number, most: number, name: string): void {
  if (width * height <= most) return;
  throw new RoentgenError("too-large", {
    problem: `Cannot read ${name}`,
    expected: `at most ${most} pixels`,
    found: `${width} × ${height}`,
    remedy: "Raise the option mostPixels if the file can be trusted and memory suffices.",
    subject: name,
  });
}

/**
 * The most pixels believed of a compressed file whose codec does not bound them: 2²⁴, as of a single colour,
 * and 4096 a byte; at most `most`.
 */
export function believablePixels(bytes: Uint8Array, most: number): number {
  return Math.min(most, 2 ** 24 + 4096 * bytes.length);
}
