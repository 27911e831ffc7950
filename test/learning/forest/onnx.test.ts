// The exported forest against the forest, by ONNX Runtime.

import { expect, test } from "vitest";
import { openSession } from "#session";
import {
  type ClassPrediction,
  type Features,
  type NumberPrediction,
  predictedLabels,
} from "../../../src/base/index.ts";
import {
  extraTrees,
  type ForestModel,
  type ForestOptions,
  forest,
} from "../../../src/learning/forest/index.ts";
import { encodeModel, graphBuilder } from "../../../src/onnx/index.ts";
import { classData, numberData } from "./data.ts";

interface Case {
  name: string;
  learner?: typeof forest;
  classCount: number;
  options: ForestOptions;
  missing?: number;
}

const cases: Case[] = [
  { name: "two classes", classCount: 2, options: { trees: 50 } },
  { name: "five classes", classCount: 5, options: { trees: 50 } },
  { name: "numbers", classCount: 0, options: { trees: 50 } },
  { name: "two classes, missing values", classCount: 2, options: { trees: 50 }, missing: 0.2 },
  { name: "three classes, missing values", classCount: 3, options: { trees: 50 }, missing: 0.2 },
  { name: "numbers, missing values", classCount: 0, options: { trees: 50 }, missing: 0.2 },
  {
    name: "two classes, missing only when applied",
    classCount: 2,
    options: { trees: 50, bins: 20 },
  },
  { name: "500 trees of two classes", classCount: 2, options: { trees: 500 } },
  { name: "500 trees of numbers", classCount: 0, options: { trees: 500 } },
  {
    name: "single leaves of two classes",
    classCount: 2,
    options: { trees: 3, minSamplesLeaf: 400 },
  },
  {
    name: "single leaves of four classes",
    classCount: 4,
    options: { trees: 3, minSamplesLeaf: 400 },
  },
  { name: "single leaves of numbers", classCount: 0, options: { trees: 3, minSamplesLeaf: 400 } },
  { name: "one tree of one split", classCount: 2, options: { trees: 1, maxDepth: 1 } },
  { name: "extra trees", learner: extraTrees, classCount: 3, options: { trees: 50 }, missing: 0.1 },
];

test.each(cases)("predicts the same in ONNX: $name", async (example) => {
  const { learner = forest, classCount, options, missing = 0 } = example;
  const size = { rows: 500, features: 7, missing };
  const data = (seed: number) =>
    classCount > 0 ? classData({ ...size, classCount, seed }) : numberData({ ...size, seed });
  const model = await learner.fit(data(1), options, { seed: 3 });
  const held = withOddValues(data(2).features);
  const predicted = await learner.predict(model, held);
  const { labels, scores } = await runExported(model, held);
  if (predicted.task === "regression") {
    expect(largestDifference(scores, predicted.values)).toBeLessThan(1e-6);
    return;
  }
  expect(largestDifference(scores, predicted.probabilities)).toBeLessThan(1e-6);
  const names = Array.from(predictedLabels(predicted), (label) => predicted.classes[label]);
  // Leaves of one class tie exactly. Where mixed leaves tie, rounding decides here or there.
  const mixed = "minSamplesLeaf" in options || "maxDepth" in options;
  const clear = names.map((_, row) => !mixed || isClear(predicted, row));
  expect(labels.filter((_, row) => clear[row])).toEqual(names.filter((_, row) => clear[row]));
  expect(clear.filter(Boolean).length).toBeGreaterThan(50);
});

test("gives rows on which the trees are split evenly the same label", async () => {
  const train = classData({ rows: 400, features: 5, classCount: 2, seed: 3 });
  const model = await forest.fit(train, { trees: 10 });
  const held = classData({ rows: 2000, features: 5, classCount: 2, seed: 4 }).features;
  const predicted = (await forest.predict(model, held)) as ClassPrediction;
  const { labels } = await runExported(model, held);
  const even = labels.filter((_, row) => !isClear(predicted, row));
  expect(even.length).toBeGreaterThan(20);
  expect(even.every((label) => label === "class 0")).toBe(true);
});

test("routes float64 values as their float32 neighbours, as ONNX does", async () => {
  const train = classData({ rows: 300, features: 2, classCount: 2, seed: 1 });
  const model = await forest.fit(train, { trees: 20 });
  const columns = [0, 1].map((feature) => {
    const near: number[] = [];
    model.feature.forEach((tested, node) => {
      if (tested !== feature) return;
      const cut = model.threshold[node];
      near.push(cut, cut * (1 + 1e-9), cut * (1 - 1e-9), cut * (1 + 2e-7));
    });
    return Float64Array.from(near.slice(0, 400));
  });
  const features = { rowCount: 400, names: train.features.names, columns };
  const { probabilities } = (await forest.predict(model, features)) as ClassPrediction;
  const { scores } = await runExported(model, features);
  expect(largestDifference(scores, probabilities)).toBeLessThan(1e-6);
});

/** Adds missing and huge values to the first rows, whatever the training rows held. */
function withOddValues(features: Features): Features {
  const odd = [Number.NaN, 1e300, -1e300, 0, -0];
  const columns = features.columns.map((values, index) => {
    const changed = values.slice();
    for (let row = 0; row < 25; row++) changed[row] = odd[(row + index) % odd.length];
    changed.fill(Number.NaN, 25, 30);
    return changed;
  });
  return { ...features, columns };
}

async function runExported(model: ForestModel, features: Features) {
  const width = features.columns.length;
  const graph = graphBuilder();
  const input = graph.input({ name: "features", type: "float32", shape: ["N", width] });
  const outputs = forest.addToGraph(model, graph, input);
  if (outputs.label) {
    graph.output({ name: "label", type: "string", shape: ["N"] }, outputs.label);
  }
  graph.output({ name: "scores", type: "float32", shape: ["N", model.outputs] }, outputs.scores);
  const session = await openSession(encodeModel(graph.build()));
  const data = new Float32Array(features.rowCount * width);
  features.columns.forEach((values, index) => {
    for (let row = 0; row < features.rowCount; row++) data[row * width + index] = values[row];
  });
  const result = await session.run({
    features: { type: "float32", shape: [features.rowCount, width], data },
  });
  await session.close();
  return {
    labels: (result.label?.data ?? []) as string[],
    scores: Float64Array.from(result.scores.data as Float32Array),
  };
}

function isClear({ probabilities, classes }: ClassPrediction, row: number): boolean {
  const shares = probabilities.slice(row * classes.length, (row + 1) * classes.length).sort();
  return shares[classes.length - 1] - shares[classes.length - 2] > 1e-9;
}

function largestDifference(a: Float64Array, b: NumberPrediction["values"]): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, index) => Math.max(most, Math.abs(value - b[index])), 0);
}
