// Held-out accuracy, R² and importances against scikit-learn's forests on the same generated data
// (expected/make-accuracy.py): the mean over our seeds within the noise of both means.

import { describe, expect, test } from "vitest";
import {
  type Prediction,
  predictedLabels,
  type Target,
  takeFeatureRows,
  takeTargetRows,
} from "../../../src/base/index.ts";
import { extraTrees, forest, impurityImportance } from "../../../src/learning/forest/index.ts";
import expected from "./expected/accuracy.json" with { type: "json" };
import { cases, makeCase } from "./expected/cases.ts";

const learners = { forest, extraTrees };

/** Seeds of ours. Fewer than scikit-learn's widen the noise that is allowed for, as they must. */
const SEEDS = 4;

/** What quantised cut points may cost, as accuracy or R². */
const TOLERANCE = 0.002;

describe.each(cases)("on $name", (example) => {
  const { features, target } = makeCase(example);
  const rows = Int32Array.from({ length: example.rows }, (_, row) => row);
  const [learn, hold] = [rows.subarray(0, example.train), rows.subarray(example.train)];
  const train = {
    features: takeFeatureRows(features, learn),
    target: takeTargetRows(target, learn),
  };
  const held = {
    features: takeFeatureRows(features, hold),
    target: takeTargetRows(target, hold),
  };

  test.each(["forest", "extraTrees"] as const)("%s scores as scikit-learn's", async (method) => {
    const peer = expected.results.find(
      (result) => result.name === example.name && result.method === method,
    )!;
    const scores: number[] = [];
    const importances = new Float64Array(example.columns);
    for (let seed = 0; seed < SEEDS; seed++) {
      const options = { trees: example.trees, maxFeatures: example.maxFeatures };
      const model = await learners[method].fit(train, options, { seed });
      scores.push(score(await learners[method].predict(model, held.features), held.target));
      impurityImportance(model).values.forEach((value, index) => {
        importances[index] += value / SEEDS;
      });
    }
    const { mean, deviation } = meanAndDeviation(scores);
    const noise = Math.hypot(
      deviation / Math.sqrt(SEEDS),
      peer.deviation / Math.sqrt(expected.seeds),
    );
    expect(Math.abs(mean - peer.mean)).toBeLessThan(4 * noise + TOLERANCE);
    expect(correlation([...importances], peer.importances)).toBeGreaterThan(0.995);
  });
});

/** Accuracy, or R². */
function score(prediction: Prediction, target: Target): number {
  if (prediction.task === "classification" && target.task === "classification") {
    const labels = predictedLabels(prediction);
    return labels.filter((label, row) => label === target.labels[row]).length / labels.length;
  }
  const values = [...(target as { values: Float64Array }).values];
  const found = (prediction as { values: Float64Array }).values;
  const { mean } = meanAndDeviation(values);
  const rest = values.reduce((sum, value, row) => sum + (value - found[row]) ** 2, 0);
  return 1 - rest / values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

function meanAndDeviation(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((a, b) => a + b) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const centred = (values: readonly number[]) => {
    const { mean } = meanAndDeviation(values);
    return values.map((value) => value - mean);
  };
  const [x, y] = [centred(a), centred(b)];
  const product = (p: readonly number[], q: readonly number[]) =>
    p.reduce((sum, value, index) => sum + value * q[index], 0);
  return product(x, y) / Math.sqrt(product(x, x) * product(y, y));
}
