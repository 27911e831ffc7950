import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/base/index.ts";
import {
  adjustPValues,
  driftReport,
  estimateClassShares,
  kolmogorovSmirnovTest,
  kolmogorovSurvival,
  meanDiscrepancyTest,
  predictedClassTest,
} from "../../src/statistics/index.ts";

const expected = JSON.parse(
  readFileSync(new URL("./expected/drift.json", import.meta.url), "utf8"),
) as {
  smirnov: { first: number[]; second: number[]; statistic: number; p: number }[];
  large: { m: number; n: number; power: number; statistic: number; p: number }[];
  kolmogorov: { x: number; p: number }[];
  squares: { first: number[]; second: number[]; statistic: number; p: number; degrees: number }[];
  discrepancies: { first: number[]; second: number[]; dimension: number; statistic: number }[];
};

/** Normal numbers. */
function normals(count: number, { seed, shift = 0 }: { seed: number; shift?: number }): number[] {
  const random = randomStream({ seed, purpose: "test/drift" });
  return Array.from({ length: count }, () => random.normal() + shift);
}

/** Classes as often as counted. */
const classesOf = (counts: number[]) => counts.flatMap((count, index) => Array(count).fill(index));

describe("kolmogorovSmirnovTest", () => {
  it("is scipy's exact test, ties included", () => {
    for (const { first, second, statistic, p } of expected.smirnov) {
      const test = kolmogorovSmirnovTest(first, second);
      expect(test.statistic).toBeCloseTo(statistic, 12);
      expect(test.pValue).toBeCloseTo(p, 11);
      expect(kolmogorovSmirnovTest(second, first).pValue).toBeCloseTo(p, 11);
      expect(test).toMatchObject({ n: first.length + second.length, method: /exact/ });
    }
  });

  it("has scipy's limiting distribution", () => {
    expect(kolmogorovSurvival(0)).toBe(1);
    for (const { x, p } of expected.kolmogorov) expect(kolmogorovSurvival(x)).toBeCloseTo(p, 13);
  });

  it("is within 7 % of it for large samples", () => {
    for (const { m, n, power, statistic, p } of expected.large) {
      const first = Array.from({ length: m }, (_, i) => i / m);
      const second = Array.from({ length: n }, (_, i) => (i / n) ** power + 1e-7);
      const test = kolmogorovSmirnovTest(first, second);
      expect(test.method).toMatch(/large samples/);
      expect(test.statistic).toBeCloseTo(statistic, 12);
      expect(Math.abs((test.pValue as number) / p - 1)).toBeLessThan(0.07);
    }
  });

  it("says why there is no test", () => {
    expect(kolmogorovSmirnovTest([], [1])).toMatchObject({
      pValue: null,
      undefinedBecause: "a sample has no cases",
    });
  });
});

describe("meanDiscrepancyTest", () => {
  it("has the statistic of its formula", async () => {
    for (const { first, second, dimension, statistic } of expected.discrepancies) {
      const test = await meanDiscrepancyTest(first, second, { dimension, permutations: 19 });
      expect(test.statistic).toBeCloseTo(statistic, 11);
    }
  });

  it("finds a difference that no single feature shows, and as seldom as it should where there is none", async () => {
    // Two features that agree, against two that are opposite: each alone is the same.
    const paired = (sign: number, seed: number) =>
      normals(60, { seed }).flatMap((value, i) => [
        value,
        sign * value + 0.3 * normals(1, { seed: seed * 1000 + i })[0],
      ]);
    const options = { dimension: 2, permutations: 99 };
    const different = await meanDiscrepancyTest(paired(1, 1), paired(-1, 2), options);
    expect(different.pValue).toBe(0.01);
    let found = 0;
    for (let seed = 0; seed < 100; seed++) {
      const first = normals(40, { seed });
      const second = normals(40, { seed: seed + 500 });
      const { pValue } = await meanDiscrepancyTest(first, second, {
        dimension: 2,
        permutations: 99,
        seed,
      });
      if ((pValue as number) <= 0.1) found += 1;
    }
    expect(found).toBeGreaterThanOrEqual(2);
    expect(found).toBeLessThanOrEqual(20);
  });

  it("draws from large samples, the same for one seed", async () => {
    const first = normals(400, { seed: 1 });
    const options = { dimension: 2, permutations: 19, most: 50, seed: 3 };
    const test = await meanDiscrepancyTest(first, normals(90, { seed: 2 }), options);
    expect(test.n).toBe(95);
    expect(await meanDiscrepancyTest(first, normals(90, { seed: 2 }), options)).toEqual(test);
  });

  it("says why there is no test, and does with equal cases", async () => {
    const alone = await meanDiscrepancyTest([1], [1, 2], { dimension: 1 });
    expect(alone).toMatchObject({ pValue: null, undefinedBecause: /two cases/ });
    const equal = await meanDiscrepancyTest([1, 1, 1], [1, 1], { dimension: 1, permutations: 19 });
    expect(equal.pValue).toBe(1);
  });
});

describe("predictedClassTest", () => {
  it("is scipy's χ² test, unseen classes left out", () => {
    for (const { first, second, statistic, p, degrees } of expected.squares) {
      const test = predictedClassTest(classesOf(first), classesOf(second), {
        classCount: first.length,
      });
      expect(test.statistic).toBeCloseTo(statistic, 10);
      expect(test.pValue).toBeCloseTo(p, 11);
      expect(test.degreesOfFreedom).toBe(degrees);
    }
  });

  it("counts random splits where few cases are expected", () => {
    // 3 of 3 against 0 of 3: one of 20 splits in each direction.
    const test = predictedClassTest([1, 1, 1], [0, 0, 0], { classCount: 2 });
    expect(test.method).toMatch(/2000 permutations/);
    expect(test.pValue).toBeGreaterThan(0.08);
    expect(test.pValue).toBeLessThan(0.12);
    expect(predictedClassTest([1, 1], [1], { classCount: 2 })).toMatchObject({
      pValue: null,
      undefinedBecause: "all cases were given one class",
    });
  });
});

describe("estimateClassShares", () => {
  it("gives back the shares of a batch with the reference's confusions", () => {
    // Sensitivity 0.8, specificity 0.9.
    const labels = classesOf([100, 100]);
    const predicted = [...classesOf([90, 10]), ...classesOf([20, 80])];
    // 30 positive and 70 negative: 24 + 7 are given class 1.
    const batch = classesOf([69, 31]);
    const { shares, n } = estimateClassShares({ labels, predicted }, batch, { classCount: 2 });
    expect(n).toBe(100);
    expect(shares?.[0]).toBeCloseTo(0.7, 12);
    expect(shares?.[1]).toBeCloseTo(0.3, 12);
  });

  it("keeps shares within 0 … 1, and says when classes can't be told apart", () => {
    const labels = classesOf([100, 100]);
    const predicted = [...classesOf([90, 10]), ...classesOf([20, 80])];
    const none = estimateClassShares({ labels, predicted }, classesOf([100, 0]), { classCount: 2 });
    expect(none.shares).toEqual([1, 0]);
    const blind = estimateClassShares({ labels, predicted: labels.map(() => 0) }, [0, 1], {
      classCount: 2,
    });
    expect(blind).toMatchObject({ shares: null, undefinedBecause: /tell all classes apart/ });
  });
});

describe("adjustPValues", () => {
  it("by Bonferroni multiplies by the number of tests", () => {
    const adjusted = adjustPValues([0.01, null, 0.4, 0.02], { correction: "bonferroni" });
    expect(adjusted).toEqual([0.03, null, 1, 0.06]);
  });
});

describe("driftReport", () => {
  const sample = (rows: number, { seed, shift = 0 }: { seed: number; shift?: number }) => ({
    rows,
    features: normals(rows * 3, { seed }).map((value, i) => (i % 3 === 1 ? value + shift : value)),
    scores: normals(rows, { seed: seed + 100, shift }),
    predicted: normals(rows, { seed: seed + 200, shift }).map((value) => +(value > 0)),
  });

  it("finds what differs, and says so", async () => {
    const report = await driftReport(sample(150, { seed: 1 }), sample(60, { seed: 2, shift: 1 }));
    expect(report).toMatchObject({
      drifted: true,
      n: { reference: 150, batch: 60 },
      classShares: null,
    });
    expect(report.tests.map(({ what }) => what)).toEqual([
      "features one by one",
      "features together",
      "unusualness",
      "predicted classes",
    ]);
    expect(report.changedFeatures.map(({ feature }) => feature)).toEqual([1]);
    expect(report.sentence).toMatch(
      /^Drift: 60 new cases against 150 of the reference differ in features/,
    );
    const adjusted = adjustPValues(report.tests.map(({ pValue }) => pValue));
    expect(report.tests.map(({ adjustedPValue }) => adjustedPValue)).toEqual(adjusted);
  });

  it("finds no drift where there is none about as often as it should", async () => {
    let found = 0;
    for (let seed = 0; seed < 60; seed++) {
      const before = sample(50, { seed: 10 + seed });
      const after = sample(40, { seed: 5000 + seed });
      const report = await driftReport(before, after, { alpha: 0.1, permutations: 99, seed });
      if (report.drifted) found += 1;
      else
        expect(report.sentence).toMatch(/^No drift found in 40 new cases .* large changes only\.$/);
    }
    expect(found).toBeLessThanOrEqual(12);
  });

  it("counts a patient once, however many images there are", async () => {
    const once = sample(12, { seed: 1 });
    const often = (times: number) => ({
      rows: 12 * times,
      scores: Array(times).fill(once.scores).flat(),
      groups: Array(times)
        .fill([...once.scores.keys()])
        .flat(),
    });
    const other = { rows: 12, scores: normals(12, { seed: 9, shift: 0.6 }) };
    const report = await driftReport(often(20), other);
    expect(report.n).toEqual({ reference: 12, batch: 12 });
    expect(report).toEqual(await driftReport({ rows: 12, scores: once.scores }, other));
    const rows = await driftReport({ ...often(20), groups: undefined }, other);
    expect(rows.tests[0].pValue).toBeLessThan(report.tests[0].pValue as number);
  });

  it("estimates the shares of true classes where the reference has labels", async () => {
    const labels = classesOf([50, 50]);
    const before = { rows: 100, predicted: labels, labels };
    const { classShares } = await driftReport(before, { rows: 10, predicted: classesOf([8, 2]) });
    expect(classShares?.shares).toEqual([expect.closeTo(0.8, 12), expect.closeTo(0.2, 12)]);
  });

  it("tells how far it is, and can be cancelled", async () => {
    const steps: number[] = [];
    const before = sample(20, { seed: 1 });
    await driftReport(before, before, {}, { onProgress: ({ done }) => steps.push(done) });
    expect(steps).toEqual([1, 2, 3]);
    const cancelled = driftReport(before, before, {}, { signal: AbortSignal.abort() });
    await expect(cancelled).rejects.toMatchObject({ code: "cancelled" });
  });

  it("says when nothing can be told, and refuses what does not fit", async () => {
    const empty = await driftReport({ rows: 3, scores: [1, 2, 3] }, { rows: 0, scores: [] });
    expect(empty).toMatchObject({
      drifted: null,
      sentence: /can't be told: a sample has no cases/,
    });
    expect((await driftReport({ rows: 3 }, { rows: 2 })).sentence).toMatch(/nothing is known/);
    await expect(driftReport({ rows: 2, scores: [1] }, { rows: 1 })).rejects.toThrow(
      /each of 2 cases/,
    );
    const before = { rows: 2, features: [1, 2, 3, 4] };
    await expect(driftReport(before, { rows: 2, features: [1, 2] })).rejects.toThrow(/2 of each/);
    await expect(driftReport({ rows: 1, predicted: [2] }, { rows: 0 })).rejects.toThrow(/0 … 1/);
  });
});
