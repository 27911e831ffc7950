// From attenuation along rays to a radiograph: primary rays, scatter, photon noise, and the curve of the display.

import { portableExp, portableLog, type RandomStream, type Triple } from "../../../base/index.ts";
import { blurWidelyInPlace } from "../volumes/soften.ts";

/** How a site takes its films. */
export interface FilmTechnique {
  /** Photons a mm² that reach the detector where nothing is in the way. */
  readonly photonsPerMm2: number;
  /** Scattered against primary photons behind the grid, on average (Johns, Yaffe 1983: 0.2 … 1 behind lungs and heart). */
  readonly scatter: number;
  /** Attenuation that is shown at half brightness, and over which brightness rises by a factor e. */
  readonly middle: number;
  readonly width: number;
}

/** Scatter spreads over some 5 cm. */
const SCATTER_REACH_MM = 28;

/**
 * Takes `[height, width]` line integrals of attenuation to grey levels 0 … 4095 as shown to a reader:
 * what attenuates is bright (MONOCHROME2).
 */
export function takeFilm(
  attenuation: Float32Array,
  size: Triple,
  spacingMm: number,
  technique: FilmTechnique,
  random: RandomStream,
): Uint16Array {
  const { photonsPerMm2, scatter } = technique;
  const primary = attenuation.map((path) => portableExp(-path));
  const scattered = primary.slice();
  blurWidelyInPlace(scattered, size, Math.round(SCATTER_REACH_MM / spacingMm));
  const photons = photonsPerMm2 * spacingMm * spacingMm;
  const signal = primary.map((value, at) => {
    const counted = drawPoisson(photons * (value + scatter * scattered[at]), random);
    return -portableLog(Math.max(1, counted) / (photons * (1 + scatter)));
  });
  return display(signal, size, spacingMm, technique);
}

/** Exact for few photons (Knuth), normal for many. */
export function drawPoisson(mean: number, random: RandomStream): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal()));
  const limit = portableExp(-mean);
  let product = random.uniform();
  let count = 0;
  while (product > limit) {
    product *= random.uniform();
    count += 1;
  }
  return count;
}

/** Edges enhanced over 4 mm, then the sigmoid of PS3.3 C.11.2.1.3.1. */
function display(
  signal: Float32Array,
  size: Triple,
  spacingMm: number,
  { middle, width }: FilmTechnique,
): Uint16Array {
  const smooth = signal.slice();
  blurWidelyInPlace(smooth, size, Math.max(1, Math.round(4 / spacingMm)));
  return Uint16Array.from(signal, (value, at) => {
    const enhanced = value + 0.7 * (value - smooth[at]);
    return Math.round(4095 / (1 + portableExp((middle - enhanced) / width)));
  });
}
