import { describe, expect, it } from "vitest";
import { meanRocAuc } from "../../../src/tasks/classification/mean-roc-auc.ts";

const unknown = Number.NaN;

function areaOf(...batches: { outputs: number[]; targets: number[]; weights: number[] }[]) {
  const { add, value } = meanRocAuc().begin();
  for (const { outputs, targets, weights } of batches) {
    add({
      outputs: Float32Array.from(outputs),
      targets: Float32Array.from(targets),
      weights: Float32Array.from(weights),
      shape: [2],
    });
  }
  return value();
}

describe("mean ROC AUC", () => {
  it("is over findings, gathered over batches, without what is unknown or only fills a batch", () => {
    const first = { outputs: [0.9, 0.2, 0.1, 0.6], targets: [1, 0, 0, 1], weights: [1, 1] };
    const second = {
      outputs: [0.5, 0.7, 0.99, 0.99],
      targets: [unknown, 0, 0, 0],
      weights: [1, 0],
    };
    // The second finding's 0.6 is there, 0.2 and 0.7 are not: half of the pairs.
    expect(areaOf(first, second)).toBe((1 + 0.5) / 2);
  });

  it("leaves out a finding that all or none have, and is NaN where none is left", () => {
    const one = { outputs: [0.9, 0.2, 0.1, 0.6], targets: [1, 1, 0, 1], weights: [1, 1] };
    expect(areaOf(one)).toBe(1);
    expect(areaOf({ ...one, targets: [1, 1, 1, unknown] })).toBeNaN();
  });
});
