// What tissues give in spin echo and inversion recovery.
// Haacke et al., "Magnetic Resonance Imaging: Physical Principles and Sequence Design" (1999), chapters 8 and 15.

import { portableExp, portableLog } from "../../../base/index.ts";
import { type FieldStrength, HEAD_TISSUES, type MrContrast } from "./brain-tissues.ts";

/** Times in ms; without inversion for spin echo. */
export interface MrSequence {
  readonly repetitionMs: number;
  readonly echoMs: number;
  readonly inversionMs?: number;
}

/** The sequence of a contrast; FLAIR inverts so long before that water gives nothing. */
export function sequenceOf(contrast: MrContrast): MrSequence {
  if (contrast === "T1") return { repetitionMs: 550, echoMs: 10 };
  if (contrast === "T2") return { repetitionMs: 4500, echoMs: 95 };
  const repetitionMs = 9000;
  const t1 = HEAD_TISSUES.CSF.t1Ms[3];
  const inversionMs = t1 * (portableLog(2) - portableLog(1 + portableExp(-repetitionMs / t1)));
  return { repetitionMs, echoMs: 115, inversionMs };
}

/** |M| at the echo: PD (1 − e^(−TR/T1)) e^(−TE/T2), or PD |1 − 2 e^(−TI/T1) + e^(−TR/T1)| e^(−TE/T2). */
export function signalOf(
  { protonDensity, t1Ms, t2Ms }: { protonDensity: number; t1Ms: number; t2Ms: number },
  { repetitionMs, echoMs, inversionMs }: MrSequence,
): number {
  const left = portableExp(-repetitionMs / t1Ms);
  const along =
    inversionMs === undefined ? 1 - left : 1 - 2 * portableExp(-inversionMs / t1Ms) + left;
  return protonDensity * Math.abs(along) * portableExp(-echoMs / t2Ms);
}

/** Signals by label; 0, air, gives none. */
export function signalsByLabel(sequence: MrSequence, field: FieldStrength): Float32Array {
  const signals = new Float32Array(64);
  for (const { label, protonDensity, t1Ms, t2Ms } of Object.values(HEAD_TISSUES)) {
    signals[label] = signalOf({ protonDensity, t1Ms: t1Ms[field], t2Ms: t2Ms[field] }, sequence);
  }
  return signals;
}
