import { describe, expect, it } from "vitest";
import { compareClassifiers, judgeClassification } from "../../src/statistics/index.ts";
import { simulateClassification } from "./simulated.ts";

/** Two classifiers of the same rows, the first with more knowledge. */
function pairOf(rows: number, classCount = 2) {
  const {
    classes,
    labels,
    probabilities: first,
  } = simulateClassification({ rows, classCount, knowledge: 2 });
  // The same seed draws the same labels.
  const { probabilities: second } = simulateClassification({ rows, classCount, knowledge: 0.5 });
  return { classes, labels, first, second };
}

describe("compareClassifiers", () => {
  it("gives both scores as judged alone, and their difference with an interval that holds it", async () => {
    const { classes, labels, first, second } = pairOf(80);
    const { scores } = await compareClassifiers({ classes, labels, first, second, resamples: 200 });
    const [{ figures: a }, { figures: b }] = await Promise.all(
      [first, second].map((probabilities) =>
        judgeClassification({ classes, labels, probabilities, resamples: 1 }),
      ),
    );
    for (const name of ["accuracy", "rocAuc", "brier", "mcc"] as const) {
      const {
        first: one,
        second: two,
        difference,
      } = scores[name] as NonNullable<(typeof scores)["mcc"]>;
      expect(one).toBeCloseTo(a[name]?.value as number, 12);
      expect(two).toBeCloseTo(b[name]?.value as number, 12);
      expect(difference.value).toBeCloseTo((one as number) - (two as number), 12);
      expect(difference.low as number).toBeLessThan(difference.value as number);
      expect(difference.high as number).toBeGreaterThan(difference.value as number);
    }
  });

  it("finds a true difference, and mostly none where there is none", async () => {
    const better = await compareClassifiers({ ...pairOf(200), resamples: 500 });
    expect(better.scores.rocAuc?.pValue).toBeLessThan(0.01);
    expect(better.delong?.test.pValue).toBeLessThan(0.01);
    expect(better.mcnemar.pValue).toBeLessThan(0.05);
    let found = 0;
    for (let seed = 0; seed < 60; seed++) {
      const { classes, labels, probabilities } = simulateClassification({ rows: 80, seed });
      // Rows of equal labels swapped in pairs: as good a classifier, with other errors.
      const second = swapWithinClasses(labels, probabilities);
      const { scores } = await compareClassifiers({
        classes,
        labels,
        first: probabilities,
        second,
        resamples: 200,
      });
      if ((scores.brier?.pValue as number) < 0.05) found += 1;
    }
    expect(found).toBeLessThanOrEqual(9);
  });

  it("leaves out tests that need independent rows when patients have several", async () => {
    const groups = Int32Array.from({ length: 80 }, (_, row) => row >> 1);
    const { mcnemar, delong, patients, scores } = await compareClassifiers({
      ...pairOf(80),
      groups,
      resamples: 50,
    });
    expect(patients).toBe(40);
    expect(mcnemar).toMatchObject({ pValue: null, n: 80 });
    expect(mcnemar.undefinedBecause).toMatch(/independent/);
    expect(delong).toBeUndefined();
    expect(scores.accuracy?.difference.method).toMatch(/by patient/);
  });

  it("compares more than two classes, and survives JSON", async () => {
    const comparison = await compareClassifiers({ ...pairOf(60, 3), resamples: 50 });
    expect(comparison.scores.rocAucOneVsOne?.difference.value).toBeGreaterThan(0);
    expect(comparison.delong).toBeUndefined();
    expect(JSON.parse(JSON.stringify(comparison))).toEqual(comparison);
  });

  it("says for which classifier a score is undefined", async () => {
    const certain = (label: number) => [1 - label, label];
    const { scores } = await compareClassifiers({
      classes: ["a", "b"],
      labels: Int32Array.of(0, 0, 1, 1),
      first: Float64Array.from([0, 0, 0, 0].flatMap(certain)),
      second: Float64Array.from([0, 0, 1, 1].flatMap(certain)),
      resamples: 20,
    });
    expect(scores.ppv).toMatchObject({ first: null, second: 1, pValue: null });
    expect(scores.ppv?.difference.undefinedBecause).toMatch(/for the first/);
  });
});

/** Gives each row the probabilities of the next row of its class. */
function swapWithinClasses(labels: Int32Array, probabilities: Float64Array): Float64Array {
  const swapped = probabilities.slice();
  for (const label of [0, 1]) {
    const rows = [...labels.keys()].filter((row) => labels[row] === label);
    rows.forEach((row, index) => {
      const from = rows[(index + 1) % rows.length] * 2;
      swapped.set(probabilities.subarray(from, from + 2), row * 2);
    });
  }
  return swapped;
}
