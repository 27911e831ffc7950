// Measurements of grey levels inside and around a region.

import type { Region } from "./measure-shape.ts";

export interface TextureMeasurements {
  /** Mean inside less mean of the ring from 1 to 4 mm outside, in grey levels. */
  readonly contrast: number;
  /** Standard deviation inside, in grey levels. */
  readonly intensity_sd: number;
  /** Shannon entropy in bits of 32 equal bins between the lowest and highest grey level inside. */
  readonly entropy_bits: number;
  /** Contrast of the grey-level co-occurrence matrix: the mean of (i − j)² over neighbours. */
  readonly glcm_contrast: number;
  /**
   * Mean of the outermost millimetre inside less mean of the first millimetre outside, over the contrast:
   * near 1 for a sharp edge, near 0 for a gradual one; NaN without contrast.
   */
  readonly edge_sharpness: number;
}

const ENTROPY_BINS = 32;
const GLCM_LEVELS = 16;
const RING_MM = [1, 4] as const;
const EDGE_MM = 1;

/** Measures a region that has at least one pixel. NaN where nothing of the ring is in the picture. */
export function measureTexture(region: Region, image: Float32Array): TextureMeasurements {
  const { mask, size, spacingMm } = region;
  const reach = Math.ceil(RING_MM[1] / spacingMm);
  const outward = distanceTo(mask, size, reach, true);
  const inward = distanceTo(mask, size, Math.ceil(EDGE_MM / spacingMm), false);
  // Distances are between pixel centres; the outline runs half a pixel before the first one outside.
  const within = (distances: Float32Array, min: number, max: number) => (index: number) => {
    const distance = (distances[index] - 0.5) * spacingMm;
    return distance > min && distance <= max;
  };
  const isInside = (index: number) => mask[index] !== 0;
  const inside = moments(image, isInside);
  const contrast = inside.mean - moments(image, within(outward, ...RING_MM)).mean;
  const rim = moments(image, within(inward, 0, EDGE_MM)).mean;
  const halo = moments(image, within(outward, 0, EDGE_MM)).mean;
  return {
    contrast,
    intensity_sd: inside.sd,
    entropy_bits: entropyBits(binned(image, mask, ENTROPY_BINS)),
    glcm_contrast: glcmContrast(binned(image, mask, GLCM_LEVELS), size),
    edge_sharpness: contrast === 0 ? Number.NaN : (rim - halo) / contrast,
  };
}

function moments(image: Float32Array, selects: (index: number) => boolean) {
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (let index = 0; index < image.length; index++) {
    if (!selects(index)) continue;
    // Welford's update.
    count += 1;
    const step = image[index] - mean;
    mean += step / count;
    squares += step * (image[index] - mean);
  }
  return count === 0
    ? { mean: Number.NaN, sd: Number.NaN }
    : { mean, sd: Math.sqrt(squares / count) };
}

/**
 * Distance in pixels to the nearest pixel inside (`toInside`) or outside; Infinity beyond `reach`.
 * First along the rows, then the lower envelope over the columns (Meijster, Roerdink, Hesselink 2000).
 */
function distanceTo(mask: Uint8Array, size: number, reach: number, toInside: boolean) {
  const squaredAlongRow = new Float32Array(mask.length);
  for (let y = 0; y < size; y++) {
    for (let pass = 0; pass < 2; pass++) {
      let distance = Number.POSITIVE_INFINITY;
      for (let step = 0; step < size; step++) {
        const index = y * size + (pass === 0 ? step : size - 1 - step);
        distance = (mask[index] !== 0) === toInside ? 0 : distance + 1;
        const squared = distance * distance;
        if (pass === 0 || squared < squaredAlongRow[index]) squaredAlongRow[index] = squared;
      }
    }
  }
  const distances = new Float32Array(mask.length).fill(Number.POSITIVE_INFINITY);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      let best = (reach + 1) ** 2;
      for (let row = Math.max(0, y - reach); row <= Math.min(size - 1, y + reach); row++) {
        const squared = squaredAlongRow[row * size + x] + (row - y) * (row - y);
        if (squared < best) best = squared;
      }
      if (best < (reach + 1) ** 2) distances[y * size + x] = Math.sqrt(best);
    }
  }
  return distances;
}

/** Grey levels inside in equal bins between the lowest and the highest; 255 outside. */
function binned(image: Float32Array, mask: Uint8Array, bins: number): Uint8Array {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < mask.length; index++) {
    if (!mask[index]) continue;
    low = Math.min(low, image[index]);
    high = Math.max(high, image[index]);
  }
  const scale = high > low ? bins / (high - low) : 0;
  const levels = new Uint8Array(mask.length).fill(OUTSIDE);
  for (let index = 0; index < mask.length; index++) {
    if (mask[index]) levels[index] = Math.min(bins - 1, Math.floor((image[index] - low) * scale));
  }
  return levels;
}

const OUTSIDE = 255;

/** −Σ p log₂ p */
function entropyBits(levels: Uint8Array): number {
  const counts = new Float64Array(ENTROPY_BINS);
  let total = 0;
  for (const level of levels) {
    if (level === OUTSIDE) continue;
    counts[level] += 1;
    total += 1;
  }
  return counts.reduce((sum, n) => (n > 0 ? sum - (n / total) * Math.log2(n / total) : sum), 0);
}

/**
 * Σ p(i, j) (i − j)² of Haralick's matrix of 16 levels over neighbours at distance 1 in the four directions,
 * both inside. Haralick, Shanmugam, Dinstein 1973, feature f₂.
 */
function glcmContrast(levels: Uint8Array, size: number): number {
  let pairs = 0;
  let sum = 0;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const level = levels[y * size + x];
      if (level === OUTSIDE) continue;
      for (const [dx, dy] of NEIGHBOURS) {
        if (x + dx < 0 || x + dx >= size || y + dy >= size) continue;
        const other = levels[(y + dy) * size + x + dx];
        if (other === OUTSIDE) continue;
        pairs += 1;
        sum += (level - other) ** 2;
      }
    }
  }
  return pairs === 0 ? 0 : sum / pairs;
}

const NEIGHBOURS = [
  [1, 0],
  [0, 1],
  [1, 1],
  [-1, 1],
] as const;
