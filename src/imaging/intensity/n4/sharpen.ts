// Sharpens the histogram of log intensities by Wiener deconvolution, and gives every intensity the value expected
// of it: Sled, Zijdenbos, Evans, "A nonparametric method for automatic correction of intensity nonuniformity in MRI
// data", IEEE TMI 17(1), 1998, section II-B; taken over by N4 (Tustison et al. 2010, eq. 3).

import { type Complex, complexOf, invertInPlace, transformInPlace } from "./fourier.ts";

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
  const field = gaussian(fieldWidth / slope, padded);
  transformInPlace(field);
  const sharp = deconvolved(counts, field, padded, offset, wienerNoise);
  const weighted = sharp.map((count, bin) => (low + (bin - offset) * slope) * count);
  const numerator = convolved(weighted, field);
  const denominator = convolved(sharp, field);
  return numerator
    .map((sum, bin) => (denominator[bin] === 0 ? 0 : sum / denominator[bin]))
    .subarray(offset, offset + bins);
}

/** A circular Gaussian of unit area; `width` is its full width at half maximum in bins. */
function gaussian(width: number, size: number): Complex {
  const sharpness = (4 * Math.LN2) / width ** 2;
  const height = (2 * Math.sqrt(Math.LN2 / Math.PI)) / width;
  const re = new Float64Array(size);
  for (let at = 0; at < size; at++) {
    re[at] = height * Math.exp(-(Math.min(at, size - at) ** 2) * sharpness);
  }
  return complexOf(re);
}

/** U: the histogram with the Gaussian taken out, G = F* / (|F|² + Z²); what falls below 0 is 0. */
function deconvolved(
  counts: Float64Array,
  field: Complex,
  padded: number,
  offset: number,
  noise: number,
): Float64Array {
  const spectrum = complexOf(new Float64Array(padded));
  spectrum.re.set(counts, offset);
  transformInPlace(spectrum);
  for (let at = 0; at < padded; at++) {
    // The transform of a symmetric function is real.
    const gain = field.re[at] / (field.re[at] ** 2 + noise);
    spectrum.re[at] *= gain;
    spectrum.im[at] *= gain;
  }
  invertInPlace(spectrum);
  return spectrum.re.map((count) => Math.max(count, 0));
}

function convolved(values: Float64Array, field: Complex): Float64Array {
  const spectrum = complexOf(values.slice());
  transformInPlace(spectrum);
  for (let at = 0; at < values.length; at++) {
    spectrum.re[at] *= field.re[at];
    spectrum.im[at] *= field.re[at];
  }
  invertInPlace(spectrum);
  return spectrum.re;
}
