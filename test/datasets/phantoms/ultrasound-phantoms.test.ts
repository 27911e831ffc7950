import { describe, expect, it } from "vitest";
import { randomStream } from "../../../src/base/index.ts";
import { type UltrasoundScan, ultrasoundPhantoms } from "../../../src/datasets/index.ts";
import { type Probe, soundLines } from "../../../src/datasets/phantoms/ultrasound/beams.ts";
import { expectReproducible, expectTruth, meanOf } from "./scans.ts";

const probe: Probe = {
  kind: "linear",
  megahertz: 10,
  depthMm: 40,
  lines: 128,
  samples: 256,
  widthMm: 40,
  radiusMm: 0,
  halfAngleRad: 0,
  focusMm: 20,
  noiseDb: -120,
};

/** Mean power of the envelope over some samples of some lines. */
function power(decibels: Float32Array, lines: [number, number], samples: [number, number]): number {
  let sum = 0;
  for (let line = lines[0]; line < lines[1]; line++) {
    for (let n = samples[0]; n < samples[1]; n++) sum += 10 ** (decibels[line * 256 + n] / 10);
  }
  return sum / ((lines[1] - lines[0]) * (samples[1] - samples[0]));
}

describe("Ultrasound phantoms", () => {
  it("depend on seed and position alone", () => {
    for (const kind of ["linear", "convex"] as const) {
      expectReproducible((options) => ultrasoundPhantoms({ size: 48, probe: kind, ...options }));
    }
  });

  it("come with masks, names and boxes that agree", () => {
    for (const kind of ["linear", "convex"] as const) {
      const scans = [...ultrasoundPhantoms({ size: 96, probe: kind, count: 12, seed: 1 })];
      for (const scan of scans) {
        expectTruth(scan);
        expect(scan.findings.length === 0).toBe(scan.diagnosis === "none");
      }
      expect(new Set(scans.map(({ diagnosis }) => diagnosis)).size).toBe(4);
    }
  });

  it("show cysts black and brighter tissue behind them", () => {
    const scans = [...ultrasoundPhantoms({ size: 128, count: 40, seed: 2 })];
    const cysts = scans.filter(({ diagnosis }) => diagnosis === "cyst");
    expect(cysts.length).toBeGreaterThan(3);
    for (const scan of cysts) {
      expect(meanOf(scan, "cyst")).toBeLessThan(0.35 * meanOf(scan, "gland"));
    }
    const behind = cysts.map((scan) => muscleBehind(scan, true) - muscleBehind(scan, false));
    expect(behind.reduce((sum, one) => sum + one, 0) / behind.length).toBeGreaterThan(5);
  });

  it("have speckle whose length is Rayleigh distributed", () => {
    const even = { echoDb: () => 0, lossDb: () => 0.6, impedance: () => 1.6 };
    const decibels = soundLines(even, probe, randomStream({ seed: 3, purpose: "test" }));
    const envelope = decibels
      .filter((_, at) => at % 256 > 8 && at % 256 < 248)
      .map((db) => 10 ** (db / 20));
    const mean = envelope.reduce((sum, one) => sum + one, 0) / envelope.length;
    const variance = envelope.reduce((sum, one) => sum + (one - mean) ** 2, 0) / envelope.length;
    // Mean over standard deviation of a Rayleigh variable: √(π / (4 − π)) = 1.913.
    expect(mean / Math.sqrt(variance)).toBeGreaterThan(1.83);
    expect(mean / Math.sqrt(variance)).toBeLessThan(2);
  });

  it("cast shadows behind what takes sound away", () => {
    const lime = (x: number, y: number) => Math.abs(x) < 5 && y > 10 && y < 12;
    const map = {
      echoDb: () => 0,
      lossDb: (x: number, y: number) => (lime(x, y) ? 14 : 0.6),
      impedance: () => 1.6,
    };
    const decibels = soundLines(map, probe, randomStream({ seed: 4, purpose: "test" }));
    const beside = power(decibels, [0, 30], [100, 240]);
    expect(power(decibels, [55, 73], [100, 240])).toBeLessThan(0.01 * beside);
    expect(power(decibels, [55, 73], [10, 50])).toBeGreaterThan(0.5 * beside);
  });
});

/** Mean grey level of muscle in the columns of the lesion, or in the others. */
function muscleBehind({ image, mask, structures, findings }: UltrasoundScan, below: boolean) {
  const { from, to } = findings[0].box;
  const quarter = (to[0] - from[0]) / 4;
  let sum = 0;
  let count = 0;
  for (let at = 0; at < mask.data.length; at++) {
    const i = at % 128;
    const inside = i > from[0] + quarter && i < to[0] - quarter;
    const outside = i < from[0] || i > to[0];
    if (mask.data[at] !== structures.muscle || !(below ? inside : outside)) continue;
    sum += image.data[at];
    count += 1;
  }
  return sum / count;
}
