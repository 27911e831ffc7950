// Lines of sight to a picture: each pixel between the four samples around it, grey by decibels.

import type { Lines, Probe } from "./beams.ts";

/** Where a pixel lies on the grid of lines and samples; undefined outside what the probe sees. */
export function lineAndSample(probe: Probe, x: number, y: number): [number, number] | undefined {
  const { kind, lines, samples, depthMm, widthMm, radiusMm, halfAngleRad } = probe;
  const below = y + radiusMm;
  const across = kind === "linear" ? x / (widthMm / 2) : Math.atan2(x, below) / halfAngleRad;
  const depth = kind === "linear" ? y : Math.hypot(x, below) - radiusMm;
  const line = ((across + 1) / 2) * (lines - 1);
  const sample = (depth / depthMm) * samples;
  const seen = line >= 0 && line <= lines - 1 && sample >= 0 && sample <= samples - 1;
  return seen ? [line, sample] : undefined;
}

/** Decibels shown from black to white. */
const RANGE_DB = 58;

/** `[size, size]` grey levels; 0 outside what the probe sees. */
export function toPicture(
  decibels: Lines,
  probe: Probe,
  placeOfPixel: (i: number, j: number) => [x: number, y: number],
  size: number,
  gainDb: number,
): Uint8Array {
  const picture = new Uint8Array(size * size);
  for (let j = 0; j < size; j++) {
    for (let i = 0; i < size; i++) {
      const at = lineAndSample(probe, ...placeOfPixel(i, j));
      if (!at) continue;
      const level = (between(decibels, probe, at) + gainDb + RANGE_DB) / RANGE_DB;
      picture[j * size + i] = Math.round(255 * Math.max(0.004, Math.min(1, level)));
    }
  }
  return picture;
}

function between(decibels: Lines, { lines, samples }: Probe, [line, sample]: [number, number]) {
  const [a, b] = [Math.min(lines - 2, Math.floor(line)), Math.min(samples - 2, Math.floor(sample))];
  const [u, v] = [line - a, sample - b];
  const at = a * samples + b;
  const first = decibels[at] + v * (decibels[at + 1] - decibels[at]);
  const second = decibels[at + samples] + v * (decibels[at + samples + 1] - decibels[at + samples]);
  return first + u * (second - first);
}
