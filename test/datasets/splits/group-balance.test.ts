import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { makeSplits } from "../../../src/datasets/index.ts";

interface Cohort {
  /** `[groups][classes]` rows. */
  counts: number[][];
  folds: number;
  share: number;
  proportion: number;
}

const expected: { cohorts: Cohort[] } = JSON.parse(
  readFileSync(new URL("../expected/group-splits.json", import.meta.url), "utf8"),
);

const SEEDS = 5;

/** The two deviations that make-group-splits.py defines, averaged over seeds. */
function deviations({ counts, folds }: Cohort): { share: number; proportion: number } {
  const groups = counts.flatMap((row, group) => row.flatMap((n) => Array<number>(n).fill(group)));
  const labels = counts.flatMap((row) => row.flatMap((n, label) => Array<number>(n).fill(label)));
  const totals = counts[0].map((_, label) => labels.filter((other) => other === label).length);
  let share = 0;
  let proportion = 0;
  for (let seed = 0; seed < SEEDS; seed++) {
    for (const { test } of makeSplits({ rowCount: labels.length, labels, groups, folds, seed })) {
      totals.forEach((total, label) => {
        const count = test.reduce((sum, row) => sum + (labels[row] === label ? 1 : 0), 0);
        share += Math.abs(count / total - 1 / folds);
        proportion += Math.abs(count / test.length - total / labels.length);
      });
    }
  }
  const terms = SEEDS * folds * totals.length;
  return { share: share / terms, proportion: proportion / terms };
}

describe("stratified group k-fold", () => {
  const ours = expected.cohorts.map(deviations);
  const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;

  it.each(["share", "proportion"] as const)(
    "spreads classes over folds more evenly (%s) than scikit-learn on average over 40 cohorts",
    (measure) => {
      const own = mean(ours.map((deviation) => deviation[measure]));
      const theirs = mean(expected.cohorts.map((cohort) => cohort[measure]));
      // Measured: share 0.0072 against 0.0125, proportion 0.0064 against 0.0109.
      expect(own).toBeLessThan(theirs);
    },
  );

  it("is hardly ever less even than scikit-learn on a single cohort", () => {
    const worse = ours.filter((deviation, i) => deviation.share > expected.cohorts[i].share);
    expect(worse.length).toBeLessThanOrEqual(2);
  });

  it("puts a class that few patients have on both sides", () => {
    const groups = Array.from({ length: 120 }, (_, row) => Math.floor(row / 3));
    const labels = groups.map((group) => (group === 7 || group === 31 ? 2 : group % 2));
    for (let seed = 0; seed < 20; seed++) {
      const [{ train, test }] = makeSplits({ rowCount: 120, labels, groups, seed });
      for (const side of [train, test]) {
        expect(new Set(Array.from(side, (row) => labels[row])).size).toBe(3);
      }
    }
  });

  it("holds every group out equally often, whatever its size", () => {
    const groups = Array.from({ length: 30 }, (_, group) =>
      Array(1 + (group % 5)).fill(group),
    ).flat();
    const held = new Array(5).fill(0);
    for (let seed = 0; seed < 400; seed++) {
      const [{ test }] = makeSplits({ rowCount: groups.length, groups, seed, testFraction: 0.3 });
      for (const group of new Set(Array.from(test, (row) => groups[row]))) held[group % 5] += 1;
    }
    for (const times of held) expect(times / (400 * 6)).toBeCloseTo(0.3, 1);
  });
});
