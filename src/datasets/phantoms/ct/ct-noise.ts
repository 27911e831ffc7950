// The noise of filtered back-projection: ramp-filtered, strongest where most body was in the way, and in streaks.
// Riederer, Pelc, Chesler: "The noise power spectrum in computed X-ray tomography", Physics in Medicine and Biology 23 (1978).

import type { RandomStream, Triple } from "../../../base/index.ts";
import { correlatedNoise, type PowerLaw } from "../correlated-noise.ts";

/** A soft kernel: the ramp, cut off towards 0.55 cycles a mm. */
const SPECTRUM: PowerLaw = { exponent: -1, cornerPerMm: 0.03, rollOffPerMm: 0.45 };

/** Attenuation of water at 70 keV, a mm (NIST XCOM: 0.193 cm² / g). */
const WATER_PER_MM = 0.0193;

/** Adds noise whose standard deviation is `sdHu` on average within the body. */
export function addCtNoiseInPlace(
  hu: Float32Array,
  size: Triple,
  spacing: Triple,
  sdHu: number,
  random: RandomStream,
): void {
  const [width, height, depth] = size;
  const side = Math.max(width, height);
  const plane = width * height;
  let spare: Float64Array | undefined;
  for (let k = 0; k < depth; k++) {
    const pair = spare ? [spare] : correlatedNoise(side, spacing[0], [SPECTRUM, SPECTRUM], random);
    spare = pair[1];
    const slice = hu.subarray(k * plane, (k + 1) * plane);
    addToSlice(slice, [width, height], spacing, { field: pair[0], side, sdHu }, random);
  }
}

interface SliceNoise {
  readonly field: Float64Array;
  readonly side: number;
  readonly sdHu: number;
}

/** The variance of a voxel is the mean of exp(path) over the rays through it; here, of the two along the axes. */
function addToSlice(
  slice: Float32Array,
  [width, height]: readonly [number, number],
  spacing: Triple,
  { field, side, sdHu }: SliceNoise,
  random: RandomStream,
): void {
  const rows = new Float64Array(height);
  const columns = new Float64Array(width);
  for (let j = 0, at = 0; j < height; j++) {
    for (let i = 0; i < width; i++, at++) {
      const density = Math.max(0, 1 + slice[at] / 1000) * WATER_PER_MM;
      rows[j] += density * spacing[0];
      columns[i] += density * spacing[1];
    }
  }
  // Relative to a path of 28 cm of water, as through a body of average build.
  const relative = (path: number) => Math.exp(0.5 * (path - 5.4));
  const streaks = rows.map((path) => 0.22 * relative(path) * random.normal());
  for (let j = 0, at = 0; j < height; j++) {
    for (let i = 0; i < width; i++, at++) {
      const strength = Math.sqrt((relative(rows[j]) ** 2 + relative(columns[i]) ** 2) / 2);
      slice[at] += sdHu * (strength * field[j * side + i] + streaks[j]);
    }
  }
}
