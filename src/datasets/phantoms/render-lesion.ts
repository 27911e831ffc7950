// The picture of a lesion on tissue, and its mask.

import type { RandomStream } from "../../base/index.ts";
import { correlatedNoise } from "./correlated-noise.ts";
import { LESION_MODEL, type Lesion, type Patient } from "./lesion-model.ts";
import { DIRECTIONS, type Outline, radiusAt } from "./outline.ts";

export interface Picture {
  /** `[size, size]` grey levels, row-major. */
  readonly image: Float32Array;
  /** `[size, size]`, 1 inside the outline (at the pixel's centre). */
  readonly mask: Uint8Array;
}

/** image = level + texture · T + contrast · (1 + heterogeneity · H) · edge(distance to the outline) + noise. */
export function renderLesion(
  patient: Patient,
  lesion: Lesion,
  outline: Outline,
  { size, spacingMm }: { size: number; spacingMm: number },
  random: RandomStream,
): Picture {
  const { tissueSpectrum, lesionSpectrum, sites } = LESION_MODEL;
  const spectra = [tissueSpectrum, lesionSpectrum] as const;
  const [tissue, texture] = correlatedNoise(size, spacingMm, spectra, random);
  const { noiseSd } = sites[patient.site];
  const image = new Float32Array(size * size);
  const mask = new Uint8Array(size * size);
  const middle = (size - 1) / 2;
  const reachMm = Math.max(...outline) + 8 * lesion.edgeWidthMm;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const index = y * size + x;
      let value = patient.tissueLevel + patient.tissueTextureSd * tissue[index];
      const dx = (x - middle) * spacingMm - lesion.offsetMm[0];
      const dy = (y - middle) * spacingMm - lesion.offsetMm[1];
      const fromCentre = Math.sqrt(dx * dx + dy * dy);
      if (fromCentre < reachMm) {
        const inside = distanceInsideMm(outline, fromCentre, Math.atan2(dy, dx));
        if (inside > 0) mask[index] = 1;
        const edge = 1 / (1 + Math.exp(-inside / lesion.edgeWidthMm));
        value += lesion.contrast * (1 + lesion.heterogeneity * texture[index]) * edge;
      }
      image[index] = value + noiseSd * random.normal();
    }
  }
  return { image, mask };
}

/** Distance to the outline, positive inside: the radial one, shortened where the outline runs steeply. */
function distanceInsideMm(outline: Outline, fromCentre: number, angleRad: number): number {
  const step = (2 * Math.PI) / DIRECTIONS;
  const radius = radiusAt(outline, angleRad);
  const slope =
    (radiusAt(outline, angleRad + step) - radiusAt(outline, angleRad - step)) / (2 * step);
  return (radius - fromCentre) / Math.sqrt(1 + (slope / radius) ** 2);
}
