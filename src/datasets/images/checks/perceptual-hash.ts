// 64 bits that hardly change when an image is compressed, brightened or resized: the signs of its low frequencies about their
// median. Zauner, "Implementation and benchmarking of perceptual image hash functions" (2010), section 3.2.1 (DCT).

import { portableCos } from "../../../base/index.ts";
import { THUMBNAIL_SIDE } from "./thumbnail.ts";

/** Frequencies along each axis, the mean included. */
const FREQUENCIES = 8;

/** Basis of the DCT-II: cos(π (2 n + 1) k / 2 N), k below 8. */
const BASIS = Float64Array.from({ length: FREQUENCIES * THUMBNAIL_SIDE }, (_, at) => {
  const [k, n] = [Math.floor(at / THUMBNAIL_SIDE), at % THUMBNAIL_SIDE];
  return portableCos((Math.PI * (2 * n + 1) * k) / (2 * THUMBNAIL_SIDE));
});

/** Writes the hash of a thumbnail as two numbers of 32 bits. */
export function hashThumbnailInto(hash: Uint32Array, thumbnail: Float32Array): void {
  const coefficients = lowFrequencies(thumbnail);
  const sorted = Float64Array.from(coefficients).sort();
  const median = (sorted[31] + sorted[32]) / 2;
  hash.fill(0, 0, 2);
  for (let bit = 0; bit < 64; bit++) {
    if (coefficients[bit] > median) hash[bit >> 5] |= 1 << (bit & 31);
  }
}

/** Rows, then columns. */
function lowFrequencies(thumbnail: Float32Array): Float64Array {
  const along = new Float64Array(THUMBNAIL_SIDE * FREQUENCIES);
  for (let row = 0; row < THUMBNAIL_SIDE; row++) {
    for (let k = 0; k < FREQUENCIES; k++) {
      let sum = 0;
      for (let n = 0; n < THUMBNAIL_SIDE; n++) {
        sum += BASIS[k * THUMBNAIL_SIDE + n] * thumbnail[row * THUMBNAIL_SIDE + n];
      }
      along[row * FREQUENCIES + k] = sum;
    }
  }
  const both = new Float64Array(FREQUENCIES * FREQUENCIES);
  for (let j = 0; j < FREQUENCIES; j++) {
    for (let k = 0; k < FREQUENCIES; k++) {
      let sum = 0;
      for (let row = 0; row < THUMBNAIL_SIDE; row++) {
        sum += BASIS[j * THUMBNAIL_SIDE + row] * along[row * FREQUENCIES + k];
      }
      both[j * FREQUENCIES + k] = sum;
    }
  }
  return both;
}

/** Bits in which two hashes differ, at their positions in a list of hashes. */
export function hashDistance(hashes: Uint32Array, a: number, b: number): number {
  return bitsOf(hashes[2 * a] ^ hashes[2 * b]) + bitsOf(hashes[2 * a + 1] ^ hashes[2 * b + 1]);
}

/** Bits that are 1 among 32, added up in pairs, fours and bytes. */
function bitsOf(value: number): number {
  const pairs = value - ((value >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
