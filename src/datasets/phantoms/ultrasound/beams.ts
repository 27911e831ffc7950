// From tissue to an ultrasound picture: scatterers, beam, loss, envelope and logarithm, line by line.
// Wagner et al., "Statistics of speckle in ultrasound B-scans", IEEE Trans Sonics Ultrason 30 (1983): many scatterers in
// a resolution cell add up to a complex normal number, whose length is Rayleigh distributed.

import { portableExp, portableLog, type RandomStream } from "../../../base/index.ts";

/** Where the lines of sight run. */
export interface Probe {
  readonly kind: "linear" | "convex";
  readonly megahertz: number;
  readonly depthMm: number;
  readonly lines: number;
  readonly samples: number;
  /** Of a linear probe, its length. */
  readonly widthMm: number;
  /** Of a convex one, radius of its face and half the angle that it sees. */
  readonly radiusMm: number;
  readonly halfAngleRad: number;
  readonly focusMm: number;
  /** Electronic noise against scattering from glands at the surface. */
  readonly noiseDb: number;
}

/** Tissue at a point: x across, y below the middle of the probe's face, in mm. */
export interface EchoMap {
  echoDb(x: number, y: number): number;
  lossDb(x: number, y: number): number;
  impedance(x: number, y: number): number;
}

/** Decibels of the envelope, `[lines, samples]`. */
export type Lines = Float32Array;

/** Mean loss that the machine makes up for with depth (time gain compensation), dB a cm and MHz. */
const COMPENSATED_DB = 0.6;
/** What is left of differences in loss, as beams overlap and harmonics come from near by. */
const LOSS_SHARE = 0.55;

export function soundLines(map: EchoMap, probe: Probe, random: RandomStream): Lines {
  const { lines, samples } = probe;
  const real = new Float32Array(lines * samples);
  const imaginary = new Float32Array(lines * samples);
  for (let line = 0; line < lines; line++) sendLine(map, probe, line, { real, imaginary }, random);
  spreadInPlace(real, probe);
  spreadInPlace(imaginary, probe);
  const noise = decibelsToFactor(probe.noiseDb);
  return real.map((re, at) => {
    // Compensation lifts the noise with depth.
    const gain = noise * (1 + 5 * ((at % samples) / samples) ** 2);
    const a = re + gain * random.normal();
    const b = imaginary[at] + gain * random.normal();
    return (10 / Math.LN10) * portableLog(a * a + b * b + 1e-12);
  });
}

/** Place of a sample in mm. */
function placeOf(probe: Probe, line: number, sample: number): [x: number, y: number] {
  const across = (line / (probe.lines - 1)) * 2 - 1;
  const depth = (sample / probe.samples) * probe.depthMm;
  if (probe.kind === "linear") return [(across * probe.widthMm) / 2, depth];
  const angle = across * probe.halfAngleRad;
  const radius = probe.radiusMm + depth;
  return [radius * Math.sin(angle), radius * Math.cos(angle) - probe.radiusMm];
}

/** Scatterers along one line, weakened by what lies before them, and steps of impedance as reflectors. */
function sendLine(
  map: EchoMap,
  probe: Probe,
  line: number,
  { real, imaginary }: { real: Float32Array; imaginary: Float32Array },
  random: RandomStream,
): void {
  const { samples, megahertz, depthMm } = probe;
  const stepCm = depthMm / samples / 10;
  let db = 0;
  let before = 1.6;
  for (let sample = 0; sample < samples; sample++) {
    const at = line * samples + sample;
    const [x, y] = placeOf(probe, line, sample);
    const factor = decibelsToFactor(map.echoDb(x, y) + db);
    const impedance = map.impedance(x, y);
    const step = ((impedance - before) / (impedance + before)) * decibelsToFactor(db);
    real[at] = factor * random.normal() + Math.max(-9, Math.min(9, 16 * step));
    imaginary[at] = factor * random.normal();
    before = impedance;
    db -= 2 * LOSS_SHARE * (map.lossDb(x, y) - COMPENSATED_DB) * megahertz * stepCm;
    db = Math.max(-45, Math.min(14, db));
  }
}

function decibelsToFactor(db: number): number {
  return portableExp((db * Math.LN10) / 20);
}

/** The point spread: as long as the pulse along the line, across it as wide as the beam, narrowest at the focus. */
function spreadInPlace(field: Float32Array, probe: Probe): void {
  const { lines, samples, depthMm, megahertz, focusMm } = probe;
  const wavelength = 1.54 / megahertz;
  const pulse = (0.65 * wavelength * samples) / depthMm;
  for (let line = 0; line < lines; line++) {
    blurLine(field, line * samples, 1, samples, pulse);
  }
  for (let sample = 0; sample < samples; sample++) {
    const depth = (sample / samples) * depthMm;
    const apart = Math.hypot(
      placeOf(probe, 1, sample)[0] - placeOf(probe, 0, sample)[0],
      placeOf(probe, 1, sample)[1] - placeOf(probe, 0, sample)[1],
    );
    const width = wavelength * (1.15 + 1.6 * Math.abs(depth / focusMm - 1));
    blurLine(field, sample, samples, lines, width / apart);
  }
}

/** A Gaussian that keeps the variance of white noise, so that speckle is as bright wherever the beam is wide. */
function blurLine(field: Float32Array, start: number, stride: number, length: number, sd: number) {
  const reach = Math.min(length - 1, Math.max(1, Math.ceil(2.5 * sd)));
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, n) =>
    portableExp(-0.5 * ((n - reach) / sd) ** 2),
  );
  const power = Math.sqrt(kernel.reduce((sum, weight) => sum + weight * weight, 0));
  const line = Float32Array.from({ length }, (_, n) => field[start + n * stride]);
  for (let n = 0; n < length; n++) {
    let sum = 0;
    const from = Math.max(-reach, -n);
    const to = Math.min(reach, length - 1 - n);
    for (let d = from; d <= to; d++) sum += kernel[d + reach] * line[n + d];
    field[start + n * stride] = sum / power;
  }
}
