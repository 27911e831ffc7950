// The fast Fourier transform along an axis, for any length: radix 2 where the length is a power of two
// (Cooley, Tukey 1965), else by chirps (Bluestein, "A linear filtering approach to the computation of
// discrete Fourier transform", IEEE Trans Audio 18(4), 1970). The same bits in every JavaScript engine.

import { portableCos, portableSin, type Triple } from "../../base/index.ts";

/** Complex values, as two arrays. */
export interface Complex {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/** The transform of lines of a length, in place. */
export interface LineTransform {
  /** X[k] = Σ x[n] exp(−2πi kn / N). */
  forward(line: Complex): void;
  /** x[n] = 1/N Σ X[k] exp(2πi kn / N). */
  inverse(line: Complex): void;
}

const transforms = new Map<number, LineTransform>();

/** What can be worked out once for lines of `count` values. */
export function lineTransform(count: number): LineTransform {
  const known = transforms.get(count);
  if (known) return known;
  const forward = (count & (count - 1)) === 0 ? radixTwo(count) : chirpTransform(count);
  const made = { forward, inverse: inverseOf(forward, count) };
  transforms.set(count, made);
  return made;
}

type Transform = (line: Complex) => void;

/** Swapped parts turn a forward transform into an inverse one. */
function inverseOf(forward: Transform, count: number): Transform {
  return ({ real, imaginary }) => {
    forward({ real: imaginary, imaginary: real });
    for (let n = 0; n < count; n++) {
      real[n] /= count;
      imaginary[n] /= count;
    }
  };
}

/**
 * Transforms every line along an axis of `[size[2], size[1], size[0]]` values, in place.
 * @param axis 0 for the fastest
 */
export function transformAxisInPlace(
  { real, imaginary }: Complex,
  size: Triple,
  axis: number,
  direction: "forward" | "inverse",
): void {
  const count = size[axis];
  const line = complex(count);
  const transform = lineTransform(count)[direction];
  eachLineStart(size, axis, (start, stride) => {
    for (let n = 0, at = start; n < count; n++, at += stride) {
      line.real[n] = real[at];
      line.imaginary[n] = imaginary[at];
    }
    transform(line);
    for (let n = 0, at = start; n < count; n++, at += stride) {
      real[at] = line.real[n];
      imaginary[at] = line.imaginary[n];
    }
  });
}

/** Visits the first value of every line along an axis; the line's values lie `stride` apart. */
export function eachLineStart(
  size: Triple,
  axis: number,
  visit: (start: number, stride: number) => void,
): void {
  const stride = [1, size[0], size[0] * size[1]][axis];
  const block = stride * size[axis];
  for (let first = 0; first < size[0] * size[1] * size[2]; first += block) {
    for (let start = first; start < first + stride; start++) visit(start, stride);
  }
}

/** Zeros. */
export function complex(count: number): Complex {
  return { real: new Float64Array(count), imaginary: new Float64Array(count) };
}

function radixTwo(count: number): Transform {
  const roots = complex(count / 2);
  for (let k = 0; k < count / 2; k++) {
    roots.real[k] = portableCos((2 * Math.PI * k) / count);
    roots.imaginary[k] = -portableSin((2 * Math.PI * k) / count);
  }
  return (line) => {
    reverseBits(line, count);
    for (let half = 1; half < count; half *= 2) butterflies(line, count, half, roots);
  };
}

function butterflies({ real, imaginary }: Complex, count: number, half: number, roots: Complex) {
  const step = count / (2 * half);
  for (let block = 0; block < count; block += 2 * half) {
    for (let k = 0; k < half; k++) {
      const even = block + k;
      const odd = even + half;
      const cos = roots.real[k * step];
      const sin = roots.imaginary[k * step];
      const re = real[odd] * cos - imaginary[odd] * sin;
      const im = real[odd] * sin + imaginary[odd] * cos;
      real[odd] = real[even] - re;
      imaginary[odd] = imaginary[even] - im;
      real[even] += re;
      imaginary[even] += im;
    }
  }
}

function reverseBits({ real, imaginary }: Complex, count: number): void {
  for (let i = 1, j = 0; i < count; i++) {
    let bit = count >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i >= j) continue;
    const re = real[i];
    const im = imaginary[i];
    real[i] = real[j];
    imaginary[i] = imaginary[j];
    real[j] = re;
    imaginary[j] = im;
  }
}

/** X[k] = w[k]* Σ (x[n] w[n]*) w[k − n] with w[n] = exp(πi n² / N): a convolution, done by radix 2. */
function chirpTransform(count: number): Transform {
  let length = 1;
  while (length < 2 * count - 1) length *= 2;
  const { forward, inverse } = lineTransform(length);
  const chirp = chirpOf(count);
  const filter = complex(length);
  for (let n = 0; n < count; n++) {
    for (const at of n === 0 ? [0] : [n, length - n]) {
      filter.real[at] = chirp.real[n];
      filter.imaginary[at] = chirp.imaginary[n];
    }
  }
  forward(filter);
  const work = complex(length);
  return (line) => {
    work.real.fill(0);
    work.imaginary.fill(0);
    multiplyInto(work, line, chirp, count, -1);
    forward(work);
    multiplyInto(work, work, filter, length, 1);
    inverse(work);
    multiplyInto(line, work, chirp, count, -1);
  };
}

function chirpOf(count: number): Complex {
  const chirp = complex(count);
  for (let n = 0; n < count; n++) {
    // n² grows past what an angle keeps precise; its remainder does not.
    const angle = (Math.PI * ((n * n) % (2 * count))) / count;
    chirp.real[n] = portableCos(angle);
    chirp.imaginary[n] = portableSin(angle);
  }
  return chirp;
}

/** out ← a · b, or a · conjugate of b for `sign` −1. */
function multiplyInto(out: Complex, a: Complex, b: Complex, count: number, sign: 1 | -1): void {
  for (let n = 0; n < count; n++) {
    const [re, im] = [a.real[n], a.imaginary[n]];
    const [cos, sin] = [b.real[n], sign * b.imaginary[n]];
    out.real[n] = re * cos - im * sin;
    out.imaginary[n] = re * sin + im * cos;
  }
}
