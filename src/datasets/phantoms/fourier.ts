// The fast Fourier transform of square images whose side is a power of two.
// Cooley, Tukey: "An algorithm for the machine calculation of complex Fourier series", 1965.

/** Inverse transform (without the factor 1/N²) of a `[side, side]` complex image, in place. */
export function inverseTransformInPlace(
  real: Float64Array,
  imaginary: Float64Array,
  side: number,
): void {
  for (let row = 0; row < side; row++) transformLine(real, imaginary, row * side, 1, side);
  for (let column = 0; column < side; column++) transformLine(real, imaginary, column, side, side);
}

/** One line of `length` values that lie `stride` apart. */
function transformLine(
  real: Float64Array,
  imaginary: Float64Array,
  start: number,
  stride: number,
  length: number,
): void {
  reorder(real, imaginary, start, stride, length);
  const { cosines, sines } = rootsOfUnity(length);
  for (let half = 1; half < length; half *= 2) {
    const step = length / (2 * half);
    for (let block = 0; block < length; block += 2 * half) {
      for (let k = 0; k < half; k++) {
        const even = start + (block + k) * stride;
        const odd = even + half * stride;
        const cosine = cosines[k * step];
        const sine = sines[k * step];
        const re = real[odd] * cosine - imaginary[odd] * sine;
        const im = real[odd] * sine + imaginary[odd] * cosine;
        real[odd] = real[even] - re;
        imaginary[odd] = imaginary[even] - im;
        real[even] += re;
        imaginary[even] += im;
      }
    }
  }
}

/** Bit-reversed order. */
function reorder(
  real: Float64Array,
  imaginary: Float64Array,
  start: number,
  stride: number,
  length: number,
): void {
  for (let i = 1, j = 0; i < length; i++) {
    let bit = length >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      const a = start + i * stride;
      const b = start + j * stride;
      [real[a], real[b]] = [real[b], real[a]];
      [imaginary[a], imaginary[b]] = [imaginary[b], imaginary[a]];
    }
  }
}

interface Roots {
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
}

const rootsBySide = new Map<number, Roots>();

/** exp(2πi k / length) for k below length / 2. */
function rootsOfUnity(length: number): Roots {
  const known = rootsBySide.get(length);
  if (known) return known;
  const angle = (k: number) => (2 * Math.PI * k) / length;
  const roots = {
    cosines: Float64Array.from({ length: length / 2 }, (_, k) => Math.cos(angle(k))),
    sines: Float64Array.from({ length: length / 2 }, (_, k) => Math.sin(angle(k))),
  };
  rootsBySide.set(length, roots);
  return roots;
}
