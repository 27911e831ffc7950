import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/base/index.ts";
import {
  fitMahalanobis,
  fitUnusualness,
  mahalanobisScores,
  rocAuc,
  unusualShare,
} from "../../src/statistics/index.ts";

const { cases } = JSON.parse(
  readFileSync(new URL("./expected/mahalanobis.json", import.meta.url), "utf8"),
) as {
  cases: {
    dimension: number;
    labels: number[];
    features: number[];
    new: number[];
    shrinkage: number;
    background: number;
    scores: number[];
    relative: number[];
  }[];
};

/** Features of as many cases, standing around the mean of their class. */
function drawn({ rows, dimension, classCount = 2, seed = 1, shift = 0 }: Record<string, number>) {
  const random = randomStream({ seed, purpose: "test/mahalanobis" });
  const labels = Array.from({ length: rows }, (_, row) => row % classCount);
  const features = labels.flatMap((label) =>
    Array.from({ length: dimension }, (_, i) => random.normal() + (i === label ? 3 : 0) + shift),
  );
  const classes = Array.from({ length: classCount }, (_, index) => `class ${index}`);
  return { classes, labels, features };
}

describe("fitMahalanobis", () => {
  it("finds scikit-learn's shrinkage and distances, to the nearest class and relative to all", async () => {
    for (const { labels, features, ...one } of cases) {
      const classes = [...new Set(labels)].map(String);
      const plain = await fitMahalanobis(features, labels, { classes });
      expect(plain.whitening.shrinkage).toBeCloseTo(one.shrinkage, 10);
      mahalanobisScores(plain, one.new).scores.forEach((score, row) => {
        expect(score / one.scores[row]).toBeCloseTo(1, 9);
      });
      const relative = await fitMahalanobis(features, labels, { classes, relative: true });
      expect(relative.background?.shrinkage).toBeCloseTo(one.background, 10);
      mahalanobisScores(relative, one.new).scores.forEach((score, row) => {
        expect(Math.abs(score - one.relative[row])).toBeLessThan(1e-9 * one.scores[row] + 1e-9);
      });
    }
  });

  it("gives the same distances whatever the unit and origin of all features", async () => {
    const settings = fc.record({
      seed: fc.integer({ min: 0, max: 1e6 }),
      dimension: fc.integer({ min: 2, max: 9 }),
      unit: fc.double({ min: 0.01, max: 100, noNaN: true }),
      origin: fc.double({ min: -10, max: 10, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(settings, async ({ seed, dimension, unit, origin }) => {
        const { classes, labels, features } = drawn({ rows: 30, dimension, seed });
        const moved = features.map((value) => unit * (value + origin));
        const here = await fitMahalanobis(features, labels, { classes });
        const there = await fitMahalanobis(moved, labels, { classes });
        const scores = mahalanobisScores(here, features);
        const others = mahalanobisScores(there, moved);
        expect(others.nearest).toEqual(scores.nearest);
        others.scores.forEach((score, row) => {
          expect(score / scores.scores[row]).toBeCloseTo(1, 6);
        });
      }),
      { numRuns: 30 },
    );
  });

  it("whitens what it was fitted to, as a graph of matrix products would", async () => {
    const { classes, labels, features } = drawn({ rows: 400, dimension: 6 });
    const fit = await fitMahalanobis(features, labels, { classes, shrinkage: 0 });
    const { matrix, offset } = fit.whitening;
    const white = labels.map((label, row) =>
      Array.from(offset, (shift, i) => {
        const products = Array.from(
          { length: 6 },
          (_, j) => matrix[i * 6 + j] * features[row * 6 + j],
        );
        return products.reduce((sum, product) => sum + product, shift) - fit.means[label * 6 + i];
      }),
    );
    for (let i = 0; i < 6; i++) {
      for (let j = 0; j <= i; j++) {
        const mean = white.reduce((sum, row) => sum + row[i] * row[j], 0) / 400;
        expect(mean).toBeCloseTo(i === j ? 1 : 0, 9);
      }
    }
  });

  it("is the same in the float32 of a deployed graph", async () => {
    // Features as after a ReLU: far from 0 for how little they vary, and some of them next to constant.
    const random = randomStream({ seed: 5, purpose: "test/mahalanobis" });
    const labels = Array.from({ length: 300 }, (_, row) => row % 3);
    const features = labels.flatMap((label) => {
      const common = random.normal();
      return Array.from({ length: 80 }, (_, i) =>
        Math.fround(Math.max(0, 2 + common * (i % 5) + label + 0.01 * random.normal())),
      );
    });
    const fit = await fitMahalanobis(features, labels, { classes: ["a", "b", "c"] });
    const matrix = Float32Array.from(fit.whitening.matrix);
    const [offset, means] = [fit.whitening.offset, fit.means].map((part) =>
      Float32Array.from(part),
    );
    const { scores } = mahalanobisScores(fit, features);
    for (let row = 0; row < 300; row += 10) {
      const white = offset.map((shift, i) => {
        let sum = 0;
        for (let j = 0; j < 80; j++) {
          sum = Math.fround(sum + Math.fround(matrix[i * 80 + j] * features[row * 80 + j]));
        }
        return sum + shift;
      });
      const squares = [0, 1, 2].map((at) =>
        white.reduce((sum, z, i) => sum + Math.fround(z - means[at * 80 + i]) ** 2, 0),
      );
      expect(Math.min(...squares) / scores[row]).toBeCloseTo(1, 4);
    }
  });

  it("tells cases of another kind from new ones of the same, with as many features as cases", async () => {
    const size = { rows: 200, dimension: 200 };
    const { classes, labels, features } = drawn(size);
    const fit = await fitMahalanobis(features, labels, { classes });
    const usual = mahalanobisScores(fit, drawn({ ...size, seed: 2 }).features).scores;
    const strange = mahalanobisScores(fit, drawn({ ...size, seed: 3, shift: 1 }).features).scores;
    const truth = [...usual.map(() => 0), ...strange.map(() => 1)];
    expect(rocAuc(truth, [...usual, ...strange])).toBeGreaterThan(0.99);
  });

  it("leaves out classes without cases, and does without classes", async () => {
    const { labels, features } = drawn({ rows: 20, dimension: 3 });
    const fit = await fitMahalanobis(
      features,
      labels.map((label) => 2 * label),
      {
        classes: ["a", "b", "c"],
      },
    );
    expect(fit).toMatchObject({ classes: ["a", "c"], counts: [10, 10], n: 20, dimension: 3 });
    expect(mahalanobisScores(fit, features).nearest).toEqual(Int32Array.from(labels));
    const one = await fitMahalanobis(features, Array(20).fill(0), { classes: ["all"] });
    expect(one.means.every((value) => Math.abs(value) < 1e-9)).toBe(true);
  });

  it("refuses what it can't measure", async () => {
    const { classes, labels, features } = drawn({ rows: 20, dimension: 3 });
    const attempt = (values: number[], options = {}) =>
      fitMahalanobis(values, labels, { classes, ...options });
    await expect(fitMahalanobis([1, 2], [0, 1], { classes })).rejects.toThrow(
      /10 cases or more.*2/,
    );
    await expect(attempt(Array(60).fill(7))).rejects.toThrow(/features that vary/);
    const constant = features.map((value, index) => (index % 3 === 1 ? 7 : value));
    await expect(attempt(constant, { shrinkage: 0 })).rejects.toThrow(/shrinkage above 0/);
    expect((await attempt(constant)).whitening.shrinkage).toBeGreaterThan(0);
    await expect(attempt(features.slice(1))).rejects.toThrow(/60 values/);
    await expect(attempt([Number.NaN, ...features.slice(1)])).rejects.toThrow(/finite/);
    await expect(attempt(Array(20 * 4097).fill(0))).rejects.toThrow(/at most 4096.*after pooling/);
    expect(() => mahalanobisScores({ dimension: 3 } as never, [1, 2])).toThrow(
      /rows of 3 features/,
    );
  });

  it("can be cancelled", async () => {
    const { classes, labels, features } = drawn({ rows: 20, dimension: 3 });
    const signal = AbortSignal.abort();
    await expect(fitMahalanobis(features, labels, { classes }, { signal })).rejects.toMatchObject({
      code: "cancelled",
    });
  });
});

describe("fitUnusualness", () => {
  const scores = Array.from({ length: 99 }, (_, index) => ((index * 37) % 99) + 1);

  it("calls at most the stated share of cases like those held out unusual", () => {
    let called = 0;
    for (let seed = 0; seed < 300; seed++) {
      const random = randomStream({ seed, purpose: "test/unusualness" });
      const { threshold } = fitUnusualness(Array.from({ length: 59 }, () => random.normal()));
      for (let i = 0; i < 50; i++) called += +(random.normal() > (threshold as number));
    }
    expect(called / 15_000).toBeGreaterThan(0.04);
    expect(called / 15_000).toBeLessThan(0.06);
  });

  it("says of how many a score is more unusual", () => {
    const fit = fitUnusualness(scores);
    expect(fit).toMatchObject({ n: 99, usual: 0.95, threshold: 95 });
    expect(unusualShare(fit, 0)).toBe(0);
    expect(unusualShare(fit, 97.5)).toBeCloseTo(97 / 99, 12);
    expect(unusualShare(fit, 50)).toBe(0.5);
    expect(unusualShare(fit, 1000)).toBe(1);
  });

  it("keeps at most 1001 scores, which give nearly the same shares", () => {
    const random = randomStream({ seed: 1, purpose: "test/unusualness" });
    const many = Array.from({ length: 20_000 }, () => random.normal());
    const fit = fitUnusualness(many);
    expect(fit.scores.length).toBe(1001);
    expect(fit.n).toBe(20_000);
    for (const score of [-2, 0, 1.5, 3]) {
      const share = many.filter((other) => other < score).length / many.length;
      expect(Math.abs(unusualShare(fit, score) - share)).toBeLessThan(0.001);
    }
  });

  it("takes one case a patient, and gives no threshold with too few", () => {
    const fit = fitUnusualness(scores, { groups: scores.map((score) => score % 10) });
    expect(fit).toMatchObject({
      n: 10,
      threshold: null,
      thresholdMissingBecause: "10 of the 19 cases that it needs were held out",
    });
    expect(fitUnusualness([3], { usual: 0.5 }).threshold).toBe(3);
    expect(() => fitUnusualness([])).toThrow(/scores of cases held out.*none/);
    expect(() => fitUnusualness([1], { usual: 1 })).toThrow(/below 1/);
  });
});
