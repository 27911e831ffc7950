// Random fields with a power-law spectrum, as breast tissue has in mammograms:
// Burgess, Jacobson, Judy: "Human observer detection experiments with mammograms and power-law noise",
// Medical Physics 28 (2001) 419–437.

import type { RandomStream } from "../../base/index.ts";
import { transformAxisInPlace } from "../../imaging/index.ts";

/** S(f) ∝ (cornerPerMm² + f²)^(−exponent / 2) · exp(−(f / rollOffPerMm)²), f in cycles per mm; flat below the corner. */
export interface PowerLaw {
  readonly exponent: number;
  readonly cornerPerMm: number;
  /** Where a spectrum that rises (exponent below 0) is cut off softly; nowhere by default. */
  readonly rollOffPerMm?: number;
}

/** `[size, size]` values of zero mean and unit expected variance. */
export type Field = Float64Array;

/**
 * Two independent Gaussian fields, one of each spectrum. They are periodic over the next power of two
 * at or above `size` pixels, and have no constant part.
 */
export function correlatedNoise(
  size: number,
  spacingMm: number,
  spectra: readonly [PowerLaw, PowerLaw],
  random: RandomStream,
): [Field, Field] {
  const side = 2 ** Math.ceil(Math.log2(size));
  const [first, second] = spectra.map((spectrum) => amplitudes(side, spacingMm, spectrum));
  const real = new Float64Array(side * side);
  const imaginary = new Float64Array(side * side);
  // A Hermitian spectrum transforms to a real field, an anti-Hermitian one to an imaginary field:
  // white noise G splits into (G(k) + G*(−k)) / 2 and (G(k) − G*(−k)) / 2, and each part is shaped by itself.
  for (let y = 0; y < side; y++) {
    const mirroredRow = ((side - y) % side) * side;
    for (let x = 0; x < side; x++) {
      const here = y * side + x;
      const mirrored = mirroredRow + ((side - x) % side);
      if (mirrored < here) continue;
      const a = random.normal();
      const b = random.normal();
      const c = mirrored === here ? a : random.normal();
      const d = mirrored === here ? b : random.normal();
      const u = first[here];
      const v = second[here];
      real[here] = (u * (a + c) + v * (a - c)) / 2;
      imaginary[here] = (u * (b - d) + v * (b + d)) / 2;
      real[mirrored] = (u * (a + c) - v * (a - c)) / 2;
      imaginary[mirrored] = (v * (b + d) - u * (b - d)) / 2;
    }
  }
  for (const axis of [0, 1]) {
    transformAxisInPlace({ real, imaginary }, [side, side, 1], axis, "inverse");
  }
  return [crop(real, side, size), crop(imaginary, side, size)];
}

const amplitudesByKey = new Map<string, Float64Array>();

/** √S at each frequency of the grid, scaled so that the field has unit variance. */
function amplitudes(side: number, spacingMm: number, law: PowerLaw) {
  const { exponent, cornerPerMm, rollOffPerMm = Number.POSITIVE_INFINITY } = law;
  const key = `${side} ${spacingMm} ${exponent} ${cornerPerMm} ${rollOffPerMm}`;
  const known = amplitudesByKey.get(key);
  if (known) return known;
  const values = new Float64Array(side * side);
  let power = 0;
  for (let index = 1; index < values.length; index++) {
    const fx = frequency(index % side, side, spacingMm);
    const fy = frequency(Math.floor(index / side), side, spacingMm);
    const square = fx * fx + fy * fy;
    const kept = Math.exp(-square / rollOffPerMm ** 2);
    const density = kept * (cornerPerMm ** 2 + square) ** (-exponent / 2);
    values[index] = Math.sqrt(density);
    power += density;
  }
  // Each part carries half of the white noise's variance of 2 (real and imaginary) at every frequency.
  // The inverse transform divides by the number of values, which is made up for here.
  const scale = values.length / Math.sqrt(power);
  for (let index = 0; index < values.length; index++) values[index] *= scale;
  if (amplitudesByKey.size > 16) amplitudesByKey.clear();
  amplitudesByKey.set(key, values);
  return values;
}

/** Cycles per mm of a position on the grid; the upper half are the negative frequencies. */
function frequency(position: number, side: number, spacingMm: number): number {
  return (position <= side / 2 ? position : position - side) / (side * spacingMm);
}

function crop(values: Float64Array, side: number, size: number): Field {
  if (side === size) return values;
  const cropped = new Float64Array(size * size);
  for (let y = 0; y < size; y++) {
    cropped.set(values.subarray(y * side, y * side + size), y * size);
  }
  return cropped;
}
