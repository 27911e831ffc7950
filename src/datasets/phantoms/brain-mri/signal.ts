// What a pulse sequence makes of a tissue: the equations of inversion recovery and spin echo.
// Haacke et al., "Magnetic Resonance Imaging: Physical Principles and Sequence Design" (1999), sections 8.2 and 8.4.

import { portableExp } from "../../../base/index.ts";
import type { MrTissue } from "./tissues.ts";

export type MrContrast = "T1" | "T2" | "FLAIR";

/** Times in ms; without an inversion, a plain spin echo. */
export interface MrSequence {
  readonly repetitionMs: number;
  readonly echoMs: number;
  readonly inversionMs?: number;
  /** Grey levels for the full magnetisation. */
  readonly gain: number;
}

/** As in brain protocols at 3 tesla: T1 as MPRAGE, T2 as turbo spin echo, FLAIR with the fluid's signal at its zero. */
export const MR_SEQUENCES: Readonly<Record<MrContrast, MrSequence>> = {
  T1: { repetitionMs: 2300, inversionMs: 900, echoMs: 3, gain: 2600 },
  T2: { repetitionMs: 5000, echoMs: 100, gain: 1600 },
  FLAIR: { repetitionMs: 9000, inversionMs: 2500, echoMs: 110, gain: 3600 },
};

/** S = gain · M₀ · |1 − 2 e^(−TI/T1) + e^(−TR/T1)| · e^(−TE/T2), without inversion 1 − e^(−TR/T1). */
export function mrSignal(
  { t1Ms, t2Ms, protons }: Omit<MrTissue, "label">,
  { repetitionMs, echoMs, inversionMs, gain }: MrSequence,
): number {
  const recovered = portableExp(-repetitionMs / t1Ms);
  const along =
    inversionMs === undefined
      ? 1 - recovered
      : Math.abs(1 - 2 * portableExp(-inversionMs / t1Ms) + recovered);
  return gain * protons * along * portableExp(-echoMs / t2Ms);
}
