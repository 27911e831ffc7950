import { describe, expect, it } from "vitest";
import { randomStream } from "../../../src/base/index.ts";
import { correlatedNoise, type PowerLaw } from "../../../src/datasets/phantoms/correlated-noise.ts";

const spectra: [PowerLaw, PowerLaw] = [
  { exponent: 3, cornerPerMm: 0.06 },
  { exponent: 2, cornerPerMm: 0.3 },
];
const size = 32;
const spacingMm = 0.5;
const fields = Array.from({ length: 400 }, (_, sample) =>
  correlatedNoise(
    size,
    spacingMm,
    spectra,
    randomStream({ seed: 1, purpose: "test/noise", sample }),
  ),
);

/** Power at `k` whole waves along x and `l` along y, by the definition of the transform. */
function power(field: Float64Array, k: number, l: number): number {
  let real = 0;
  let imaginary = 0;
  for (let index = 0; index < field.length; index++) {
    const angle = (2 * Math.PI * (k * (index % size) + l * Math.floor(index / size))) / size;
    real += field[index] * Math.cos(angle);
    imaginary -= field[index] * Math.sin(angle);
  }
  return real ** 2 + imaginary ** 2;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe("correlatedNoise", () => {
  it.each([0, 1])("has the spectrum it states (%i)", (which) => {
    const { exponent, cornerPerMm } = spectra[which];
    const places = [
      [1, 0],
      [0, 2],
      [2, -3],
      [-5, 1],
      [8, 8],
      [0, 15],
      [16, 3],
    ];
    const ratios = places.map(([k, l]) => {
      const f = Math.hypot(k, l) / (size * spacingMm);
      const stated = (cornerPerMm ** 2 + f ** 2) ** (-exponent / 2);
      return mean(fields.map((pair) => power(pair[which], k, l))) / stated;
    });
    // Each mean of 400 exponential variables is within 5 % (one sd).
    const overall = mean(ratios);
    for (const ratio of ratios) expect(Math.abs(ratio / overall - 1)).toBeLessThan(0.2);
  });

  it("has unit variance, no constant part, and two fields that know nothing of each other", () => {
    for (const which of [0, 1]) {
      const variances = fields.map((pair) => mean(Array.from(pair[which], (value) => value ** 2)));
      expect(Math.abs(mean(variances) - 1)).toBeLessThan(0.05);
      expect(mean(Array.from(fields[0][which]))).toBeCloseTo(0, 12);
    }
    const products = fields.map(([a, b]) =>
      mean(Array.from(a, (value, index) => value * b[index])),
    );
    expect(Math.abs(mean(products))).toBeLessThan(0.02);
  });

  it("fills pictures of any size", () => {
    const [field] = correlatedNoise(
      20,
      1,
      spectra,
      randomStream({ seed: 2, purpose: "test/noise" }),
    );
    expect(field).toHaveLength(400);
    expect(field.every((value) => Number.isFinite(value) && value !== 0)).toBe(true);
  });
});
