// Splits of rows with several findings: shares of each on every side, patients whole.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../../src/base/index.ts";
import { makeSplits } from "../../../src/datasets/index.ts";

/** Rows of patients with findings of these frequencies, some not known. */
function cohort(rowCount: number, frequencies: readonly number[], { unknown = 0, seed = 1 } = {}) {
  const random = randomStream({ seed, purpose: "test/findings-split" });
  const findings = Array.from({ length: rowCount }, () =>
    frequencies.map((frequency) =>
      random.uniform() < unknown ? Number.NaN : Number(random.uniform() < frequency),
    ),
  );
  const groups = Array.from({ length: rowCount }, () => random.integer(rowCount / 3));
  return { rowCount, findings, groups };
}

const count = (findings: readonly (readonly number[])[], rows: Uint32Array, at: number, is = 1) =>
  rows.filter((row) => findings[row][at] === is).length;

// Of NIH ChestX-ray14: infiltration, effusion, mass, pneumonia, hernia.
const frequencies = [0.18, 0.12, 0.05, 0.013, 0.004];

describe("splits of rows with several findings", () => {
  it("give the held-out side its share of every finding", () => {
    for (let seed = 0; seed < 5; seed++) {
      const rows = cohort(2000, frequencies, { seed });
      const [{ train, test }] = makeSplits({ ...rows, testFraction: 0.2, seed });
      expect(Math.abs(test.length / 2000 - 0.2)).toBeLessThan(0.005);
      frequencies.forEach((_, finding) => {
        const held = count(rows.findings, test, finding);
        const all = held + count(rows.findings, train, finding);
        expect(Math.abs(held - 0.2 * all), `finding ${finding} of ${all}`).toBeLessThanOrEqual(1);
      });
    }
  });

  it("give every fold its share, and a rare finding to as many folds as can have it", () => {
    const rows = cohort(1500, frequencies);
    const all = frequencies.map((_, finding) =>
      count(rows.findings, Uint32Array.from(rows.findings.keys()), finding),
    );
    for (const { test } of makeSplits({ ...rows, folds: 5 })) {
      all.forEach((total, finding) => {
        const own = count(rows.findings, test, finding);
        expect(Math.abs(own - total / 5), `finding ${finding}`).toBeLessThanOrEqual(2);
        if (total >= 5) expect(own).toBeGreaterThan(0);
      });
    }
  });

  it("share out what is known not to be there, where much is unknown", () => {
    const rows = cohort(800, [0.9, 0.5], { unknown: 0.85 });
    const [{ train, test }] = makeSplits({ ...rows, testFraction: 0.25 });
    const [held, learnt] = [test, train].map((side) => count(rows.findings, side, 0, 0));
    expect(held).toBeGreaterThan(0);
    expect(Math.abs(held - 0.25 * (held + learnt))).toBeLessThanOrEqual(1);
  });

  it("deal out every row once and keep patients whole", () => {
    const given = fc.record({
      rowCount: fc.integer({ min: 30, max: 120 }),
      seed: fc.integer({ min: 0, max: 999 }),
      unknown: fc.constantFrom(0, 0.5),
    });
    fc.assert(
      fc.property(given, ({ rowCount, seed, unknown }) => {
        const rows = cohort(rowCount, [0.4, 0.1, 0], { seed, unknown });
        const seen = new Uint32Array(rowCount);
        for (const { train, test } of makeSplits({ ...rows, folds: 3, seed })) {
          for (const row of test) seen[row] += 1;
          const learnt = new Set(Array.from(train, (row) => rows.groups[row]));
          expect(Array.from(test).some((row) => learnt.has(rows.groups[row]))).toBe(false);
        }
        expect(seen.every((times) => times === 1)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it("give the same split for the same seed and refuse what can't be split", () => {
    const rows = cohort(90, frequencies);
    const split = (seed: number) => makeSplits({ ...rows, testFraction: 0.2, seed });
    expect(split(2)).toEqual(split(2));
    expect(split(3)).not.toEqual(split(2));
    const one = { ...rows, groups: rows.groups.map(() => 0) };
    expect(() => makeSplits({ ...one, testFraction: 0.2 })).toThrow(/two patients/);
    expect(() => makeSplits({ ...one, folds: 2 })).toThrow(/2 groups/);
    expect(() => makeSplits({ ...rows, rowCount: 80, testFraction: 0.2 })).toThrow(/80/);
  });
});
