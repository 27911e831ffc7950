// The outline of a lesion: its radius in every direction.

import type { Lesion } from "./lesion-model.ts";

/** Directions at which an outline is tabulated. */
export const DIRECTIONS = 720;

/** No outline reaches further from its centre, so that every lesion fits into its picture. */
export const LONGEST_RADIUS_MM = 14;

/** Radius in mm at the angle 2π·k / DIRECTIONS. */
export type Outline = Float64Array;

/** r(θ) = R (1 + Σ a cos(n (θ − φ)) + Σ l exp(−(θ − α)² / 2w²)), within 0.3 R … 14 mm. */
export function outlineOf({
  radiusMm,
  waves,
  spicules,
}: Pick<Lesion, "radiusMm" | "waves" | "spicules">): Outline {
  const outline = new Float64Array(DIRECTIONS);
  for (let k = 0; k < DIRECTIONS; k++) {
    const angle = (2 * Math.PI * k) / DIRECTIONS;
    let radius = 1;
    for (const { order, amplitude, phaseRad } of waves) {
      radius += amplitude * Math.cos(order * (angle - phaseRad));
    }
    for (const { angleRad, length, widthRad } of spicules) {
      const apart = Math.abs(angle - angleRad);
      const turned = Math.min(apart, 2 * Math.PI - apart) / widthRad;
      if (turned < 5) radius += length * Math.exp(-0.5 * turned * turned);
    }
    outline[k] = Math.min(radiusMm * Math.max(radius, 0.3), LONGEST_RADIUS_MM);
  }
  return outline;
}

/** Radius in the direction of an angle of −π … π, between the tabulated ones by their distance. */
export function radiusAt(outline: Outline, angleRad: number): number {
  const position = ((angleRad + 2 * Math.PI) * DIRECTIONS) / (2 * Math.PI);
  const before = Math.floor(position);
  const part = position - before;
  return outline[before % DIRECTIONS] * (1 - part) + outline[(before + 1) % DIRECTIONS] * part;
}

/** The longest distance between two points of the outline (maximum Feret diameter) in mm. */
export function longestDiameterMm(outline: Outline): number {
  // Every second direction: half a degree moves the end of a 10 mm radius by less than 0.1 mm.
  const step = 2;
  const xs = new Float64Array(DIRECTIONS / step);
  const ys = new Float64Array(DIRECTIONS / step);
  for (let i = 0; i < xs.length; i++) {
    const angle = (2 * Math.PI * i) / xs.length;
    xs[i] = outline[i * step] * Math.cos(angle);
    ys[i] = outline[i * step] * Math.sin(angle);
  }
  let longest = 0;
  for (let a = 0; a < xs.length; a++) {
    for (let b = 0; b < a; b++) {
      const dx = xs[a] - xs[b];
      const dy = ys[a] - ys[b];
      if (dx * dx + dy * dy > longest) longest = dx * dx + dy * dy;
    }
  }
  return Math.sqrt(longest);
}
