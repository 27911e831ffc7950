import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/base/index.ts";
import {
  type ConformalFit,
  type ConformalOptions,
  clopperPearsonInterval,
  conformalSets,
  coverageFigure,
  fitConformal,
} from "../../src/statistics/index.ts";
import { simulateClassification } from "./simulated.ts";

const { cases } = JSON.parse(
  readFileSync(new URL("./expected/conformal.json", import.meta.url), "utf8"),
) as {
  cases: {
    method: "lac" | "aps" | "raps";
    perClass: boolean;
    coverage: number;
    p: number[];
    labels: number[];
    test: number[];
    thresholds: (number | null)[];
    sets: number[][];
  }[];
};

const methods = ["lac", "aps", "raps"] as const;

/** Shares of test cases covered, of each of many calibrations and their tests. */
function coverages(
  options: ConformalOptions,
  { repeats, calibration, test = 200, classCount = 4 }: Record<string, number>,
): number[] {
  return Array.from({ length: repeats }, (_, seed) => {
    const all = simulateClassification({ rows: calibration + test, classCount, seed });
    const cut = calibration * classCount;
    const fit = fitConformal(
      all.probabilities.subarray(0, cut),
      all.labels.subarray(0, calibration),
      {
        classes: all.classes,
        seed,
        ...options,
      },
    );
    const sets = conformalSets(fit, all.probabilities.subarray(cut));
    const { coverage } = coverageFigure(sets, all.labels.subarray(calibration), all);
    return coverage.value as number;
  });
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("fitConformal and conformalSets", () => {
  it("give the thresholds and sets of the papers' definitions", () => {
    expect(cases.length).toBe(36);
    for (const one of cases) {
      const classCount = one.p.length / one.labels.length;
      const classes = Array.from({ length: classCount }, (_, index) => `class ${index}`);
      const { method, perClass, coverage } = one;
      const fit = fitConformal(
        one.p.map((count) => count / 1024),
        one.labels,
        {
          classes,
          method,
          perClass,
          coverage,
          randomised: false,
          penalty: 0.125,
          freeRanks: 2,
          allowEmpty: true,
        },
      );
      expect(fit.thresholds.map(({ threshold }) => threshold)).toEqual(one.thresholds);
      const sets = conformalSets(
        fit,
        one.test.map((count) => count / 1024),
      );
      expect(sets.map((set) => [...set].sort())).toEqual(one.sets);
    }
  });

  it.each(methods)("hold the true class as often as %s promises, and hardly more", (method) => {
    const coverage = mean(
      coverages({ method, coverage: 0.9, allowEmpty: true }, { repeats: 150, calibration: 99 }),
    );
    // Exactly 0.9 with 99 cases and no ties; the mean of 150 × 200 cases has a standard error below 0.003.
    expect(coverage).toBeGreaterThan(0.89);
    expect(coverage).toBeLessThan(0.91);
  });

  it("hold more than promised where they are not randomised", () => {
    const sizes = { repeats: 60, calibration: 99 };
    const options = { method: "aps", coverage: 0.8 } as const;
    expect(mean(coverages({ ...options, randomised: false }, sizes))).toBeGreaterThanOrEqual(
      mean(coverages({ ...options, allowEmpty: true }, sizes)),
    );
  });

  it("keep the promise for each class where thresholds are per class", () => {
    const covered = [0, 0];
    const seen = [0, 0];
    const overall = [0, 0];
    for (let seed = 0; seed < 150; seed++) {
      // Class 1 is rare and hard: overall thresholds leave it out.
      const random = randomStream({ seed, purpose: "test/conformal" });
      const draw = (rows: number) => {
        const labels = Array.from({ length: rows }, () => +(random.uniform() < 0.15));
        const p = labels.flatMap((label) => {
          const own = label === 1 ? random.uniform() * 0.6 : random.uniform() * 0.4;
          return [1 - own, own];
        });
        return { labels, p };
      };
      const calibration = draw(200);
      const test = draw(100);
      const classes = ["usual", "rare"];
      for (const perClass of [true, false]) {
        const fit = fitConformal(calibration.p, calibration.labels, {
          classes,
          perClass,
          coverage: 0.8,
        });
        conformalSets(fit, test.p).forEach((set, row) => {
          const label = test.labels[row];
          const hit = +set.includes(label);
          if (perClass) covered[label] += hit;
          else overall[label] += hit;
          if (perClass) seen[label] += 1;
        });
      }
    }
    expect(covered[1] / seen[1]).toBeGreaterThan(0.78);
    expect(overall[1] / seen[1]).toBeLessThan(0.7);
  });

  it("promise nothing false where rows of a patient repeat each other", () => {
    const shares = [true, false].map((known) =>
      mean(
        Array.from({ length: 100 }, (_, seed) => {
          const { classes, labels, probabilities } = simulateClassification({
            rows: 30,
            classCount: 3,
            seed,
          });
          // Patient 0 has 60 alike rows; the others have one.
          const rows = [...Array(60).fill(0), ...Array.from({ length: 29 }, (_, i) => i + 1)];
          const taken = rows.flatMap((row) => [...probabilities.subarray(row * 3, row * 3 + 3)]);
          const fit = fitConformal(
            taken,
            rows.map((row) => labels[row]),
            {
              classes,
              coverage: 0.9,
              groups: known ? rows : undefined,
              allowEmpty: true,
            },
          );
          if (known) expect(fit).toMatchObject({ n: 30, rows: 89 });
          const test = simulateClassification({ rows: 200, classCount: 3, seed: seed + 1000 });
          const sets = conformalSets(fit, test.probabilities);
          return coverageFigure(sets, test.labels, test).coverage.value as number;
        }),
      ),
    );
    expect(shares[0]).toBeGreaterThan(0.89);
    expect(shares[1]).toBeLessThan(0.85);
  });

  it("put classes of more probability in first, and more of them for more coverage", () => {
    const drawn = fc.record({
      seed: fc.integer({ min: 0, max: 1e6 }),
      method: fc.constantFrom(...methods),
      perClass: fc.boolean(),
      coverage: fc.double({ min: 0.3, max: 0.95, noNaN: true }),
    });
    fc.assert(
      fc.property(drawn, ({ seed, method, perClass, coverage }) => {
        const data = simulateClassification({ rows: 60, classCount: 4, seed });
        const setsAt = (share: number) => {
          const options = { method, perClass, seed, coverage: share, allowEmpty: true };
          return conformalSets(
            fitConformal(data.probabilities, data.labels, { classes: data.classes, ...options }),
            data.probabilities,
          );
        };
        const more = setsAt(coverage + 0.04);
        setsAt(coverage).forEach((set, row) => {
          expect(more[row]).toEqual(expect.arrayContaining(set));
          const p = set.map((index) => data.probabilities[row * 4 + index]);
          expect(p).toEqual([...p].sort((a, b) => b - a));
          if (!perClass) expect(more[row].slice(0, set.length)).toEqual(set);
        });
      }),
      { numRuns: 60 },
    );
  });

  it("are the same for one case alone as among others, by its sample number", () => {
    const data = simulateClassification({ rows: 80, classCount: 4 });
    const fit = fitConformal(data.probabilities, data.labels, {
      classes: data.classes,
      method: "aps",
      coverage: 0.6,
    });
    const sets = conformalSets(fit, data.probabilities);
    const alone = Array.from(data.labels, (_, row) => {
      const own = data.probabilities.subarray(row * 4, row * 4 + 4);
      return conformalSets(fit, own, { samples: [row] })[0];
    });
    expect(alone).toEqual(sets);
    expect(
      conformalSets(JSON.parse(JSON.stringify(fit)) as ConformalFit, data.probabilities),
    ).toEqual(sets);
  });

  it("hold a class with too few cases always, and say so", () => {
    const labels = [...Array(19).fill(0), 1, 1];
    const probabilities = labels.flatMap(() => [0.99, 0.01, 0]);
    const classes = ["no tumour", "glioma", "meningioma"];
    const fit = fitConformal(probabilities, labels, { classes, perClass: true, coverage: 0.95 });
    expect(fit.thresholds.map(({ threshold, n }) => [threshold, n])).toEqual([
      [1 - 0.99, 19],
      [null, 2],
      [null, 0],
    ]);
    expect(fit.promise).toBe(
      "The set holds the true class in at least 95 % of each class's own cases, for new cases like those" +
        " calibrated on. In every set, for want of cases: glioma (2 calibration cases; 95 % needs 19 or" +
        " more), meningioma (0 calibration cases; 95 % needs 19 or more).",
    );
    expect(conformalSets(fit, [0.99, 0.01, 0])).toEqual([[0, 1, 2]]);
    const none = fitConformal([], [], { classes });
    expect(conformalSets(none, [0.2, 0.3, 0.5])).toEqual([[2, 1, 0]]);
    expect(none.promise).toMatch(/holds every class: there were 0 calibration cases; 90 % needs 9/);
  });

  it("give no empty set unless asked to", () => {
    const labels = Array(20).fill(0);
    const sure = labels.flatMap(() => [0.99, 0.01]);
    const unsure = [0.4, 0.6];
    for (const allowEmpty of [false, true]) {
      const fit = fitConformal(sure, labels, { classes: ["a", "b"], allowEmpty });
      expect(conformalSets(fit, unsure)).toEqual([allowEmpty ? [] : [1]]);
    }
  });

  it("refuse what does not fit", () => {
    const classes = ["a", "b"];
    expect(() => fitConformal([0.5, 0.5], [0], { classes, coverage: 1 })).toThrow(/below 1/);
    expect(() => fitConformal([0.5], [0], { classes })).toThrow(/2 values \(1 rows of 2 classes\)/);
    expect(() => fitConformal([1.5, -0.5], [0], { classes })).toThrow(/\[0, 1\].*1.5/);
    expect(() => fitConformal([0.5, 0.5], [2], { classes })).toThrow(/0 … 1/);
    const fit = fitConformal([0.5, 0.5], [0], { classes });
    expect(() => conformalSets(fit, [1, 0, 0])).toThrow(/rows of 2/);
  });
});

describe("coverageFigure", () => {
  const classes = ["a", "b", "c"];
  const sets = [[0], [0, 1], [], [2, 1, 0]];

  it("counts what sets hold, overall and by class", () => {
    const coverage = coverageFigure(sets, [0, 2, 1, 1], { classes });
    const { low, high } = clopperPearsonInterval(2, 4);
    expect(coverage.coverage).toMatchObject({ value: 0.5, low, high, n: 4 });
    expect(coverage.perClass.map(({ coverage: { value, n } }) => [value, n])).toEqual([
      [1, 1],
      [0.5, 2],
      [0, 1],
    ]);
    expect(coverage.meanSize).toMatchObject({ value: 1.5, n: 4 });
    expect(coverage.singletons).toMatchObject({ value: 0.25, n: 4 });
    expect(coverage.singletonsRight).toMatchObject({ value: 1, n: 1 });
    expect(coverage.sizes).toEqual([1, 1, 1, 1]);
  });

  it("says why a figure is undefined", () => {
    const coverage = coverageFigure([[0, 1]], [0], { classes });
    expect(coverage.perClass[2].coverage.undefinedBecause).toBe("there are no cases of class c");
    expect(coverage.singletonsRight.undefinedBecause).toBe("no set has just one class");
    expect(coverage.meanSize).toMatchObject({ value: 2, low: null });
    expect(coverageFigure([], [], { classes }).coverage.value).toBeNull();
  });

  it("counts patients where rows repeat each other", () => {
    const once = simulateClassification({ rows: 60, classCount: 3 });
    const own = Array.from(once.labels, (label, row) => (row % 7 === 0 ? [] : [label]));
    const five = [0, 1, 2, 3, 4];
    const repeated = coverageFigure(
      five.flatMap(() => own),
      five.flatMap(() => [...once.labels]),
      { classes, groups: five.flatMap(() => [...once.labels.keys()]) },
    );
    const single = coverageFigure(own, once.labels, { classes });
    expect(repeated.coverage.n).toBe(300);
    expect(repeated.coverage.low).toBeCloseTo(single.coverage.low as number, 2);
    expect(repeated.coverage.high).toBeCloseTo(single.coverage.high as number, 2);
    expect(repeated.meanSize.low).toBeCloseTo(single.meanSize.low as number, 10);
    const perfect = coverageFigure(
      five.flatMap(() => [[0], [0]]),
      Array(10).fill(0),
      { classes, groups: five.flatMap((patient) => [patient, patient]) },
    );
    expect(perfect.coverage).toMatchObject({ value: 1, high: 1 });
    expect(perfect.coverage.low).toBeLessThan(clopperPearsonInterval(5, 5).low as number);
  });
});
