// Shapley values against their definition: over all subsets of features, with the expectation that
// follows known features and weighs both sides of unknown ones by their training rows.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Features, Prediction } from "../../../src/base/index.ts";
import {
  extraTrees,
  type ForestModel,
  forest,
  shapleyValues,
} from "../../../src/learning/forest/index.ts";
import { classData, numberData } from "./data.ts";

describe("Shapley values", () => {
  test.each([
    { name: "two classes", classCount: 2, missing: 0 },
    { name: "three classes with missing values", classCount: 3, missing: 0.25 },
    { name: "numbers", classCount: 0, missing: 0 },
    { name: "numbers with missing values", classCount: 0, missing: 0.25 },
  ])("equal the sum over all subsets of features: $name", async ({ classCount, missing }) => {
    const size = { rows: 120, features: 5, missing, seed: 6 };
    const train = classCount > 0 ? classData({ ...size, classCount }) : numberData(size);
    for (const learner of [forest, extraTrees]) {
      const model = await learner.fit(train, { trees: 4, maxFeatures: 2 });
      const rows = firstRows(train.features, 12);
      const { values, base } = await shapleyValues(model, rows);
      for (let row = 0; row < rows.rowCount; row++) {
        const x = rows.columns.map((column) => column[row]);
        for (let output = 0; output < model.outputs; output++) {
          expect(base[output]).toBeCloseTo(expectation(model, x, 0, output), 9);
          for (let feature = 0; feature < x.length; feature++) {
            const found = values[(row * x.length + feature) * model.outputs + output];
            expect(found).toBeCloseTo(bruteForce(model, x, feature, output), 9);
          }
        }
      }
    }
  });

  test("add up, with the base, to the prediction", async () => {
    const anyCase = fc.record({
      seed: fc.nat(1000),
      classCount: fc.integer({ min: 0, max: 4 }).filter((count) => count !== 1),
      missing: fc.constantFrom(0, 0.3),
      maxDepth: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(anyCase, async ({ seed, classCount, missing, maxDepth }) => {
        const size = { rows: 80, features: 6, missing, seed };
        const train = classCount > 0 ? classData({ ...size, classCount }) : numberData(size);
        const model = await forest.fit(train, { trees: 7, maxDepth }, { seed });
        const { values, base, outputs } = await shapleyValues(model, train.features);
        const predicted = numbersOf(await forest.predict(model, train.features));
        for (let row = 0; row < 80; row++) {
          for (let output = 0; output < outputs; output++) {
            let sum = base[output];
            for (let feature = 0; feature < 6; feature++) {
              sum += values[(row * 6 + feature) * outputs + output];
            }
            expect(sum).toBeCloseTo(predicted[row * outputs + output], 8);
          }
        }
      }),
      { numRuns: 25 },
    );
  });

  test("are the same with one thread and two", async () => {
    const train = classData({ rows: 900, features: 6, classCount: 2, seed: 8 });
    const model = await forest.fit(train, { trees: 20 });
    const one = await shapleyValues(model, train.features, { threads: 1 });
    const two = await shapleyValues(model, train.features, { threads: 2 });
    expect(two).toEqual(one);
  });
});

/** Σ over subsets S without the feature: |S|! (M − |S| − 1)! / M! · (v(S ∪ i) − v(S)). */
function bruteForce(model: ForestModel, x: number[], feature: number, output: number): number {
  const count = x.length;
  let sum = 0;
  for (let subset = 0; subset < 1 << count; subset++) {
    if (subset & (1 << feature)) continue;
    const size = subset.toString(2).replaceAll("0", "").length;
    const weight = (factorial(size) * factorial(count - size - 1)) / factorial(count);
    const gain =
      expectation(model, x, subset | (1 << feature), output) -
      expectation(model, x, subset, output);
    sum += weight * gain;
  }
  return sum;
}

/** EXPVALUE of Lundberg et al., Algorithm 1: the mean over trees given the features of a subset. */
function expectation(model: ForestModel, x: number[], known: number, output: number): number {
  const { feature, threshold, missingLeft, child, cover, values, outputs, roots } = model;
  const below = (node: number): number => {
    if (feature[node] < 0) return values[child[node] * outputs + output];
    const left = child[node];
    const value = Math.fround(x[feature[node]]);
    if (known & (1 << feature[node])) {
      if (Number.isNaN(value)) return below(missingLeft[node] ? left : left + 1);
      return below(value <= threshold[node] ? left : left + 1);
    }
    const both = cover[left] + cover[left + 1];
    return (cover[left] * below(left) + cover[left + 1] * below(left + 1)) / both;
  };
  const trees = Array.from(roots.subarray(0, -1), below);
  return trees.reduce((a, b) => a + b) / trees.length;
}

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}

function firstRows(features: Features, rowCount: number): Features {
  return { ...features, rowCount, columns: features.columns.map((c) => c.slice(0, rowCount)) };
}

function numbersOf(prediction: Prediction): Float64Array {
  return prediction.task === "classification" ? prediction.probabilities : prediction.values;
}
