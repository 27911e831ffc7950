// Single trees without randomness against scikit-learn's, option by option (expected/make-trees.py).

import { describe, expect, test } from "vitest";
import { takeFeatureRows, takeTargetRows } from "../../../src/base/index.ts";
import {
  type ForestOptions,
  forest,
  impurityImportance,
} from "../../../src/learning/forest/index.ts";
import { cases, makeCase } from "./expected/cases.ts";
import expected from "./expected/trees.json" with { type: "json" };

describe.each(cases)("a tree on $name equals scikit-learn's", (example) => {
  const { features, target } = makeCase(example);
  const rows = Array.from({ length: expected.rows + expected.held }, (_, row) => row);
  const learn = rows.slice(0, expected.rows);
  const train = {
    features: takeFeatureRows(features, learn),
    target: takeTargetRows(target, learn),
  };
  const held = takeFeatureRows(features, rows.slice(expected.rows));
  const results = expected.results.filter(({ name }) => name === example.name);

  test.each(results)("$options, weighted: $weighted", async (peer) => {
    const weights = peer.weighted ? Float64Array.from(learn, (row) => 1 + (row % 3)) : undefined;
    const fixed = { trees: 1, bootstrap: false, maxFeatures: "all" };
    const options = { ...fixed, ...peer.options } as ForestOptions;
    const model = await forest.fit({ ...train, weights }, options);
    const predicted = await forest.predict(model, held);
    const found = predicted.task === "classification" ? predicted.probabilities : predicted.values;
    // Fractional weights round, and scikit-learn then splits some leaves of a single class.
    if (!("classWeight" in peer.options)) {
      expect(model.feature.filter((feature) => feature < 0).length).toBe(peer.leaves);
    }
    expect(largestDifference(found, peer.predictions)).toBeLessThan(2e-6);
    expect(largestDifference(impurityImportance(model).values, peer.importances)).toBeLessThan(
      2e-6,
    );
  });
});

function largestDifference(a: Float64Array, b: readonly number[]): number {
  return a.reduce((most, value, index) => Math.max(most, Math.abs(value - b[index])), 0);
}
