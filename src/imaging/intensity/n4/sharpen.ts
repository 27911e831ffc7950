// Sharpens the histogram of log intensities by Wiener deconvolution, and gives every intensity the value expected
// of it: Sled, Zijdenbos, Evans, "A nonparametric method for automatic correction of intensity nonuniformity in MRI
// data", IEEE TMI 17(1), 1998, section II-B; taken over by N4 (Tustison et al. 2010, eq. 3).

import { type Complex, complex, lineTransform } from "../../fourier/fourier.ts";

export interface Sharpening {
  readonly bins: number;
  /** Full width at half maximum of the Gaussian that the field is taken to blur the histogram with; log units. */
  readonly fieldWidth: number;
  /** The constant Z² of the Wiener filter. */
  readonly wienerNoise: number;
}

/** Writes E(u | v), the expected true log intensity of each measured one, into `into`. */
export function sharpenLog(values: Float64Array, into: Float64Array, options: Sharpening): void {
  const { bins } = options;
  const [low, high] = ends(values);
  const slope = (high - low) / (bins - 1);
  if (!(slope > 0)) {
    into.set(values);
    return;
  }
  const expected = expectation(triangleHistogram(values, low, slope, bins), low, slope, options);
  for (let at = 0; at < values.length; at++) {
    const place = (values[at] - low) / slope;
    const bin = Math.min(bins - 2, Math.floor(place));
    into[at] = expected[bin] + (expected[bin + 1] - expected[bin]) * (place - bin);
  }
}

function ends(values: Float64Array): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < values.length; at++) {
    low = Math.min(low, values[at]);
    high = Math.max(high, values[at]);
  }
  return [low, high];
}

/** A histogram in which each value is shared between the two bins that it lies between (Parzen). */
function triangleHistogram(values: Float64Array, low: number, slope: number, bins: number) {
  const counts = new Float64Array(bins + 1);
  for (let at = 0; at < values.length; at++) {
    const place = (values[at] - low) / slope;
    const bin = Math.floor(place);
    counts[bin] += 1 - (place - bin);
    counts[bin + 1] += place - bin;
  }
  // The highest value lies on the last bin but for rounding.
  counts[bins - 1] += counts[bins];
  return counts.subarray(0, bins);
}

/** E(u | v) at every bin: the deconvolved histogram U gives it as (F ∗ uU) / (F ∗ U). */
function expectation(
  counts: Float64Array,
  low: number,
  slope: number,
  { bins, fieldWidth, wienerNoise }: Sharpening,
): Float64Array {
  const padded = 2 ** (Math.ceil(Math.log2(bins)) + 1);
  const offset = (padded - bins) >> 1;
  const field = gaussianSpectrum(fieldWidth / slope, padded);
  const centred = new Float64Array(padded);
  centred.set(counts, offset);
  // G = F* / (|F|² + Z²); the deconvolved histogram has no bin below 0.
  const inverse = field.map((f) => f / (f * f + wienerNoise));
  const sharp = filtered(centred, inverse).map((count) => Math.max(count, 0));
  const weighted = sharp.map((count, bin) => (low + (bin - offset) * slope) * count);
  const numerator = filtered(weighted, field);
  const denominator = filtered(sharp, field);
  return numerator
    .map((sum, bin) => (denominator[bin] === 0 ? 0 : sum / denominator[bin]))
    .subarray(offset, offset + bins);
}

/** The spectrum of a circular Gaussian of unit area: real, as it is symmetric. Its full width at half maximum in bins. */
function gaussianSpectrum(width: number, size: number): Float64Array {
  const sharpness = (4 * Math.LN2) / width ** 2;
  const height = (2 * Math.sqrt(Math.LN2 / Math.PI)) / width;
  const line = complex(size);
  for (let at = 0; at < size; at++) {
    line.real[at] = height * Math.exp(-(Math.min(at, size - at) ** 2) * sharpness);
  }
  lineTransform(size).forward(line);
  return line.real;
}

/** Values whose spectrum is multiplied by a real gain. */
function filtered(values: Float64Array, gain: Float64Array): Float64Array {
  const line: Complex = { real: values.slice(), imaginary: new Float64Array(values.length) };
  const { forward, inverse } = lineTransform(values.length);
  forward(line);
  for (let at = 0; at < gain.length; at++) {
    line.real[at] *= gain[at];
    line.imaginary[at] *= gain[at];
  }
  inverse(line);
  return line.real;
}
