// The discrete Fourier transform of a power-of-two number of complex values (Cooley and Tukey, 1965).

/** Complex numbers, real and imaginary parts apart. */
export interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

export function complexOf(re: Float64Array): Complex {
  return { re, im: new Float64Array(re.length) };
}

/** X_k = Σ x_n exp(−2πi kn/N), in place. N is a power of two. */
export function transformInPlace({ re, im }: Complex): void {
  const size = re.length;
  reverseBitsInPlace(re);
  reverseBitsInPlace(im);
  for (let half = 1; half < size; half *= 2) {
    for (let k = 0; k < half; k++) {
      const cos = Math.cos((-Math.PI * k) / half);
      const sin = Math.sin((-Math.PI * k) / half);
      for (let low = k; low < size; low += 2 * half) {
        const high = low + half;
        const x = re[high] * cos - im[high] * sin;
        const y = re[high] * sin + im[high] * cos;
        re[high] = re[low] - x;
        im[high] = im[low] - y;
        re[low] += x;
        im[low] += y;
      }
    }
  }
}

/** The inverse, in place: the transform of swapped parts, swapped back, over N. */
export function invertInPlace({ re, im }: Complex): void {
  transformInPlace({ re: im, im: re });
  for (let at = 0; at < re.length; at++) {
    re[at] /= re.length;
    im[at] /= re.length;
  }
}

function reverseBitsInPlace(values: Float64Array): void {
  for (let at = 1, mirror = 0; at < values.length; at++) {
    let bit = values.length >> 1;
    for (; mirror & bit; bit >>= 1) mirror ^= bit;
    mirror ^= bit;
    if (at < mirror) [values[at], values[mirror]] = [values[mirror], values[at]];
  }
}
