// Out-of-bag estimates: what they predict, and that they tell what held-out rows would.

import { describe, expect, test } from "vitest";
import { type ClassPrediction, predictedLabels, randomStream } from "../../../src/base/index.ts";
import { forest } from "../../../src/learning/forest/index.ts";
import { classData, numberData } from "./data.ts";

describe("out-of-bag", () => {
  test("accuracy is near that on held-out rows, and far below that on training rows", async () => {
    const train = classData({ rows: 1500, features: 8, classCount: 3, seed: 1 });
    const held = classData({ rows: 3000, features: 8, classCount: 3, seed: 2 });
    const model = await forest.fit(train, { trees: 100, outOfBag: true });
    const predicted = predictedLabels(
      (await forest.predict(model, held.features)) as ClassPrediction,
    );
    const right = predicted.filter((label, row) => label === held.target.labels[row]).length;
    expect(model.outOfBag!.rowCount).toBe(1500);
    expect(Math.abs(model.outOfBag!.score - right / 3000)).toBeLessThan(0.04);
    expect(model.outOfBag!.score).toBeLessThan(0.95);
  });

  test("R² is below 1 for noise, which training rows hide", async () => {
    const { features } = numberData({ rows: 400, features: 5, seed: 1 });
    const random = randomStream({ seed: 2, purpose: "noise" });
    const values = Float64Array.from({ length: 400 }, () => random.normal());
    const target = { task: "regression" as const, values };
    const { outOfBag } = await forest.fit({ features, target }, { outOfBag: true });
    expect(outOfBag!.score).toBeLessThan(0.1);
  });

  test("rows without a prediction are NaN and not counted", async () => {
    const train = classData({ rows: 200, features: 4, classCount: 2, seed: 3 });
    const { outOfBag } = await forest.fit(train, { trees: 1, outOfBag: true });
    const missing = outOfBag!.predictions.filter(Number.isNaN).length / 2;
    // A tree sees 1 − 1/e of the rows.
    expect(missing / 200).toBeGreaterThan(0.5);
    expect(missing / 200).toBeLessThan(0.75);
    expect(outOfBag!.rowCount).toBe(200 - missing);
  });

  test("predictions leave a patient's other rows out, too", async () => {
    // Labels are drawn by patient: only another row of the same patient tells them.
    const random = randomStream({ seed: 4, purpose: "patients" });
    const groups = Int32Array.from({ length: 600 }, (_, row) => 7 * Math.floor(row / 6));
    const ofPatient = Array.from({ length: 100 }, () => ({
      label: random.integer(2),
      x: random.normal(),
      y: random.normal(),
    }));
    const patient = Array.from(groups, (group) => ofPatient[group / 7]);
    const labels = Int32Array.from(patient, ({ label }) => label);
    const columns = [
      Float64Array.from(patient, ({ x }) => x + 0.001 * random.normal()),
      Float64Array.from(patient, ({ y }) => y + 0.001 * random.normal()),
    ];
    const features = { rowCount: 600, names: ["x", "y"], columns };
    const target = { task: "classification" as const, classes: ["a", "b"], labels };
    const byRow = await forest.fit({ features, target }, { outOfBag: true });
    const byPatient = await forest.fit({ features, target, groups }, { outOfBag: true });
    expect(byRow.outOfBag!.score).toBeGreaterThan(0.95);
    expect(byPatient.outOfBag!.score).toBeLessThan(0.7);
  });

  test("predictions are the same with one thread and two", async () => {
    const train = classData({ rows: 5000, features: 12, classCount: 2, seed: 5 });
    const options = { trees: 250, maxDepth: 4, outOfBag: true };
    const one = await forest.fit(train, options, { threads: 1 });
    const two = await forest.fit(train, options, { threads: 2 });
    expect(two.outOfBag).toEqual(one.outOfBag);
  });
});
