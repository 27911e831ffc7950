// The build of a torso: what differs between people, in mm.

import type { RandomStream } from "../../../base/index.ts";
import { normalAround, uniformIn } from "../volumes/draw.ts";
import type { ScanPatient } from "../volumes/scan.ts";

/**
 * Coordinates: x to the left from the median plane, y posterior from the middle of the body, z superior from the top of the
 * right diaphragm. Widths as in adults (Geraghty et al., "Normal organ volumes assessed by CT", 2004; women some 7 % smaller).
 */
export interface Torso {
  /** Organs against those of an average man. */
  readonly scale: number;
  readonly halfWidth: number;
  readonly halfDepth: number;
  readonly fat: number;
  /** Height of the left dome against the right one. */
  readonly leftDome: number;
  readonly liver: number;
  readonly spleen: number;
  readonly heart: number;
  readonly kidneyShift: number;
  readonly stomach: number;
  /** Of the ribs at the middle of the back, between two of them. */
  readonly ribPitch: number;
  readonly ribPhase: number;
  /** By how much a rib lies lower in front than at the spine. */
  readonly ribDrop: number;
  readonly spineBend: number;
}

export function drawTorso(patient: ScanPatient, random: RandomStream): Torso {
  const scale = (patient.sex === "F" ? 0.95 : 1.01) * normalAround(1, 0.03, random);
  const fat = Math.max(8, normalAround(patient.sex === "F" ? 20 : 16, 6, random));
  return {
    scale,
    fat,
    halfWidth: scale * normalAround(152, 5, random) + 0.9 * fat,
    halfDepth: scale * normalAround(98, 4, random) + 0.8 * fat,
    leftDome: -normalAround(14, 5, random),
    liver: normalAround(1, 0.06, random),
    spleen: normalAround(1, 0.12, random),
    heart: normalAround(1, 0.07, random),
    kidneyShift: normalAround(0, 6, random),
    stomach: normalAround(1, 0.12, random),
    ribPitch: scale * normalAround(27, 1, random),
    ribPhase: uniformIn(0, 1, random),
    ribDrop: normalAround(88, 8, random),
    spineBend: normalAround(0, 4, random),
  };
}

/** Of a rounded rectangle, nearly the square of the level: below 1 inside. */
export function roundedLevel(x: number, y: number, halfWidth: number, halfDepth: number): number {
  const u = (x / halfWidth) ** 2;
  const v = (y / halfDepth) ** 2;
  return u > 1 || v > 1 ? u + v : u + v - 0.35 * u * v;
}

/** How wide the body is at a height, against its width at the chest. */
export function bodyTaper(z: number): { width: number; depth: number } {
  if (z < -140) return { width: 1 - 0.0003 * (-140 - z), depth: 1 };
  if (z < 170) return { width: 1, depth: 1 };
  const t = Math.min(1, (z - 170) / 75);
  return { width: 1 - 0.62 * t * t, depth: 1 - 0.4 * t };
}

/** How wide the rib cage is at a height: it closes towards the neck. */
export function cageTaper(z: number): number {
  const t = (z - 40) / 185;
  return t <= 0 ? 1 : Math.sqrt(Math.max(0.02, 1 - 0.86 * t * t));
}

/** Height of the diaphragm over a point. */
export function diaphragm({ leftDome, scale }: Torso, x: number, y: number): number {
  const right = x < 0;
  const dx = (Math.abs(x) - (right ? 68 : 72) * scale) / scale;
  const dy = (y + 18) / scale;
  const across = (dx < 0 ? 0.0035 : 0.0095) * dx * dx;
  return (right ? 0 : leftDome) - across - 0.0066 * dy * dy;
}

/** Middle of the vertebral bodies: across and in depth. */
export function spineAt({ halfDepth, fat, scale, spineBend }: Torso, z: number): [number, number] {
  const bend = spineBend * Math.sin(z / 110);
  const lordosis = 6 * Math.cos((z - 60) / 90);
  return [bend, halfDepth - 0.8 * fat - 62 * scale + lordosis];
}
