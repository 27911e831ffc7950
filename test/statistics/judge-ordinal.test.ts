import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/base/index.ts";
import { judgeOrdinal, predictedGrades, wilsonInterval } from "../../src/statistics/index.ts";

const { cases } = JSON.parse(
  readFileSync(new URL("./expected/ordinal.json", import.meta.url), "utf8"),
) as {
  cases: {
    grades: number;
    labels: number[];
    predicted: number[];
    weights?: number[];
    figures: Record<string, number>;
  }[];
};

const grades = ["none", "mild", "moderate", "severe"];

function drawn(rows: number, seed = 1) {
  const random = randomStream({ seed, purpose: "test/grades" });
  const labels = Array.from({ length: rows }, () => random.integer(4));
  const predicted = labels.map((grade) => Math.min(3, Math.max(0, grade + random.integer(3) - 1)));
  return { grades, labels, predicted, resamples: 300 };
}

describe("judgeOrdinal", () => {
  it("has scikit-learn's scores", async () => {
    for (const one of cases) {
      const { labels, predicted, weights } = one;
      const names = Array.from({ length: one.grades }, (_, grade) => `grade ${grade}`);
      const { figures } = await judgeOrdinal({
        grades: names,
        labels,
        predicted,
        weights,
        resamples: 1,
      });
      for (const [name, value] of Object.entries(one.figures)) {
        expect(figures[name as keyof typeof figures].value, name).toBeCloseTo(value, 12);
      }
    }
  });

  it("has Wilson's intervals for shares of independent rows, the bootstrap's for the rest", async () => {
    const { figures, confusion, counts } = await judgeOrdinal(drawn(80));
    const near = confusion.flatMap((row, i) => row.filter((_, j) => Math.abs(i - j) <= 1));
    const hits = near.reduce((sum, count) => sum + count, 0);
    expect(figures.withinOne).toMatchObject({ n: 80, ...wilsonInterval(hits, 80) });
    expect(figures.quadraticKappa.method).toMatch(/BCa bootstrap by row, 300 resamples/);
    expect(figures.quadraticKappa.low).toBeLessThan(figures.quadraticKappa.value as number);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(80);
  });

  it("does not take alike rows of a patient for more cases", async () => {
    const once = drawn(60);
    const five = [0, 1, 2, 3, 4];
    const repeated = {
      ...once,
      labels: five.flatMap(() => once.labels),
      predicted: five.flatMap(() => once.predicted),
    };
    const groups = five.flatMap(() => once.labels.map((_, row) => row));
    const widths = await Promise.all(
      [once, { ...repeated, groups }, repeated].map(async (input) => {
        const { figures } = await judgeOrdinal(input);
        return (["quadraticKappa", "accuracy"] as const).map(
          (score) => (figures[score].high as number) - (figures[score].low as number),
        );
      }),
    );
    for (const score of [0, 1]) {
      expect(widths[1][score] / widths[0][score]).toBeGreaterThan(0.8);
      expect(widths[1][score] / widths[0][score]).toBeLessThan(1.25);
      expect(widths[2][score] / widths[0][score]).toBeLessThan(0.6);
    }
  });

  it("says why a figure is undefined", async () => {
    const same = await judgeOrdinal({ grades, labels: [1, 1], predicted: [1, 1] });
    expect(same.figures.quadraticKappa.undefinedBecause).toMatch(/one grade/);
    expect(same.figures.accuracy.value).toBe(1);
    const none = await judgeOrdinal({ grades, labels: [], predicted: [] });
    expect(none.figures.meanAbsoluteError.undefinedBecause).toBe("there are no cases");
    const weightless = await judgeOrdinal({
      grades,
      labels: [0, 1],
      predicted: [0, 1],
      weights: [0, 0],
    });
    expect(weightless.figures.accuracy.undefinedBecause).toMatch(/weight 0/);
  });

  it("refuses what does not fit", async () => {
    const attempt = (change: object) => expect(judgeOrdinal({ ...drawn(4), ...change })).rejects;
    await attempt({ grades: ["one"] }).toThrow(/two or more/);
    await attempt({ predicted: [0] }).toThrow(/a grade for each of 4 rows/);
    await attempt({ predicted: [0, 1, 2, 4] }).toThrow(/predicted: expected whole numbers 0 … 3/);
    await attempt({ weights: [1, 1, 1, -1] }).toThrow(/0 or more/);
    await attempt({ groups: [1] }).toThrow(/one patient/);
    await attempt({ level: 2 }).toThrow(/level/);
  });
});

describe("predictedGrades", () => {
  it("takes the most probable grade or the median", () => {
    const probabilities = [0.4, 0.1, 0.2, 0.3, 0, 0, 0, 1, 0.5, 0.5, 0, 0];
    expect([...predictedGrades(probabilities, { gradeCount: 4 })]).toEqual([0, 3, 0]);
    const median = predictedGrades(probabilities, { gradeCount: 4, decision: "median" });
    expect([...median]).toEqual([1, 3, 0]);
  });

  it("by the median has the least expected distance", () => {
    const shares = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(
        shares.filter((counts) => counts.some((count) => count > 0)),
        (counts) => {
          const sum = counts.reduce((total, count) => total + count, 0);
          const gradeCount = counts.length;
          const p = counts.map((count) => count / sum);
          const [chosen] = predictedGrades(p, { gradeCount, decision: "median" });
          const cost = (given: number) =>
            p.reduce((total, q, grade) => total + q * Math.abs(grade - given), 0);
          counts.forEach((_, grade) => {
            expect(cost(chosen)).toBeLessThanOrEqual(cost(grade) + 1e-9);
          });
        },
      ),
    );
  });
});
