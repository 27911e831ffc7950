// Distribution functions against mpmath's at 50 digits (expected/make-distributions.py), and laws that bind them.

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as statistics from "../../src/statistics/index.ts";

const { functions } = JSON.parse(
  readFileSync(new URL("./expected/distributions.json", import.meta.url), "utf8"),
) as { functions: Record<string, number[][]> };

type Distribution = (...values: number[]) => number;
const ours = statistics as unknown as Record<string, Distribution>;

describe("distribution functions are right to 2e-12", () => {
  it.each(Object.entries(functions))("%s", (name, rows) => {
    for (const row of rows) {
      const value = ours[name](...row.slice(0, -1));
      const expected = row[row.length - 1];
      const relative = expected === 0 ? Math.abs(value) : Math.abs(value / expected - 1);
      expect(relative, `${name}(${row.slice(0, -1)}) = ${value}, not ${expected}`).toBeLessThan(
        2e-12,
      );
    }
  });
});

const probability = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true });
const shape = fc.double({ min: 0.05, max: 2000, noNaN: true });

describe("distribution functions", () => {
  it("are NaN, at once, for arguments that are none", () => {
    for (const [name, rows] of Object.entries(functions)) {
      const given = rows[0].slice(0, -1);
      given.forEach((_, index) => {
        expect(ours[name](...given.with(index, Number.NaN)), name).toBeNaN();
      });
    }
    expect(statistics.betaQuantile(0.3, 0, 1)).toBeNaN();
    expect(statistics.studentQuantile(0.9, 0)).toBeNaN();
  });

  it("have quantiles at 0 and 1", () => {
    expect(statistics.normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(statistics.studentQuantile(1, 5)).toBe(Number.POSITIVE_INFINITY);
    expect(statistics.betaQuantile(1, 2, 3)).toBe(1);
    expect(statistics.chiSquareQuantile(0, 3)).toBe(0);
    expect(statistics.fisherQuantile(0, 3, 4)).toBe(0);
    expect(statistics.fisherQuantile(1, 3, 4)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("quantiles invert distribution functions", () => {
  it("of the normal distribution", () => {
    fc.assert(
      fc.property(probability, (p) => {
        expect(statistics.normalCdf(statistics.normalQuantile(p)) / p).toBeCloseTo(1, 11);
      }),
    );
  });

  it("of the beta distribution, whose tails also add up to 1", () => {
    fc.assert(
      fc.property(probability, shape, shape, (p, a, b) => {
        const x = statistics.betaQuantile(p, a, b);
        // Beside 0 and 1 neighbouring numbers are too far apart to give p back.
        if (x > 1e-300 && x < 0.999) expect(statistics.betaCdf(x, a, b) / p).toBeCloseTo(1, 9);
        expect(statistics.betaCdf(x, a, b) + statistics.betaSurvival(x, a, b)).toBeCloseTo(1, 12);
      }),
    );
  });

  it("of Student's t, χ² and F", () => {
    fc.assert(
      fc.property(probability, fc.double({ min: 0.5, max: 500, noNaN: true }), (p, degrees) => {
        const t = statistics.studentQuantile(p, degrees);
        expect(statistics.studentCdf(t, degrees) / p).toBeCloseTo(1, 9);
        const x = statistics.chiSquareQuantile(p, degrees);
        if (x > 1e-300) expect(statistics.chiSquareCdf(x, degrees) / p).toBeCloseTo(1, 9);
        const f = statistics.fisherQuantile(p, degrees, 7);
        if (f > 1e-300) expect(statistics.fisherCdf(f, degrees, 7) / p).toBeCloseTo(1, 9);
      }),
    );
  });
});
