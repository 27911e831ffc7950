// Laws that every forest keeps, whatever the task and the method.

import { describe, expect, test } from "vitest";
import {
  type ClassPrediction,
  type Features,
  type NumberPrediction,
  predictedLabels,
  randomStream,
} from "../../../src/base/index.ts";
import { extraTrees, forest } from "../../../src/learning/forest/index.ts";
import { classData, numberData } from "./data.ts";

const learners = { forest, extraTrees };

describe.each(Object.entries(learners))("%s", (_name, learner) => {
  test.each([2, 3, 7])("tells %i classes apart", async (classCount) => {
    const train = classData({ rows: 600, features: 8, classCount, seed: 1 });
    const held = classData({ rows: 400, features: 8, classCount, seed: 2 });
    const model = await learner.fit(train, { trees: 60 });
    const predicted = (await learner.predict(model, held.features)) as ClassPrediction;
    const labels = predictedLabels(predicted);
    const right = labels.filter((label, row) => label === held.target.labels[row]).length;
    expect(right / labels.length).toBeGreaterThan(1.6 / classCount);
    for (let row = 0; row < 400; row++) {
      const shares = predicted.probabilities.subarray(row * classCount, (row + 1) * classCount);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    }
  });

  test("predicts a number within the hull of the targets", async () => {
    const train = numberData({ rows: 500, features: 6, seed: 1 });
    const held = numberData({ rows: 300, features: 6, seed: 2 });
    const model = await learner.fit(train, { trees: 50 });
    const { values } = (await learner.predict(model, held.features)) as NumberPrediction;
    const low = train.target.values.reduce((a, b) => Math.min(a, b));
    const high = train.target.values.reduce((a, b) => Math.max(a, b));
    expect(values.every((value) => value >= low - 1e-9 && value <= high + 1e-9)).toBe(true);
    expect(rSquared(held.target.values, values)).toBeGreaterThan(0.5);
  });

  test("gives the same bits with one thread and two", async () => {
    const train = classData({ rows: 9000, features: 16, classCount: 2, seed: 3 });
    const options = { trees: 100, maxDepth: 6 };
    const one = await learner.fit(train, options, { seed: 5, threads: 1 });
    const two = await learner.fit(train, options, { seed: 5, threads: 2 });
    expect(two).toEqual(one);
  });

  test("learns the side of missing values", async () => {
    const random = randomStream({ seed: 4, purpose: "test" });
    const labels = Int32Array.from({ length: 400 }, () => random.integer(2));
    const informative = Float64Array.from(labels, (label) =>
      label ? Number.NaN : random.normal(),
    );
    const features: Features = { rowCount: 400, names: ["a"], columns: [informative] };
    const target = { task: "classification" as const, classes: ["no", "yes"], labels };
    const model = await learner.fit({ features, target }, { trees: 10 });
    const predicted = (await learner.predict(model, features)) as ClassPrediction;
    expect(predictedLabels(predicted)).toEqual(labels);
  });
});

function rSquared(truth: Float64Array, predicted: Float64Array): number {
  const mean = truth.reduce((a, b) => a + b) / truth.length;
  const rest = truth.reduce((sum, value, row) => sum + (value - predicted[row]) ** 2, 0);
  return 1 - rest / truth.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}
