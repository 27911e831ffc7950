import { describe, expect, it } from "vitest";
import { accuracy } from "../../src/networks/index.ts";

interface Batch {
  readonly shape: number[];
  readonly outputs: number[];
  readonly targets: number[];
  readonly weights: number[];
}

function accuracyOf(...batches: Batch[]): number {
  const { add, value } = accuracy().begin();
  for (const { shape, outputs, targets, weights } of batches) {
    add({
      shape,
      outputs: Float32Array.from(outputs),
      targets: Int32Array.from(targets),
      weights: Float32Array.from(weights),
    });
  }
  return value();
}

describe("accuracy", () => {
  it("takes one probability at 0.5", () => {
    const outputs = [0.2, 0.9, 0.6, 0.4];
    const batch = { shape: [1], outputs, targets: [0, 1, 0, 1], weights: [1, 1, 1, 1] };
    expect(accuracyOf(batch)).toBe(0.5);
  });

  it("takes the largest of several probabilities", () => {
    const outputs = [0.2, 0.5, 0.3, 0.6, 0.3, 0.1, 0.1, 0.2, 0.7];
    expect(accuracyOf({ shape: [3], outputs, targets: [1, 0, 0], weights: [1, 1, 1] })).toBeCloseTo(
      2 / 3,
    );
  });

  it("counts every finding of several that go together", () => {
    const outputs = [0.9, 0.1, 0.9, 0.1];
    expect(accuracyOf({ shape: [2], outputs, targets: [1, 1, 1, 0], weights: [1, 1] })).toBe(0.75);
  });

  it("counts every voxel of a segmentation", () => {
    // Two classes on a row of three voxels: the second wins at the last two.
    const outputs = [0.9, 0.4, 0.1, 0.1, 0.6, 0.9];
    const batch = { shape: [2, 1, 3], outputs, targets: [0, 1, 0], weights: [1] };
    expect(accuracyOf(batch)).toBeCloseTo(2 / 3);
  });

  it("leaves out samples that only fill up the batch, and gathers over batches", () => {
    const first = { shape: [1], outputs: [0.9, 0.9], targets: [1, 0], weights: [2, 0] };
    const second = { shape: [1], outputs: [0.9, 0.1], targets: [0, 0], weights: [1, 1] };
    expect(accuracyOf(first, second)).toBeCloseTo(2 / 3);
  });

  it("refuses targets that belong to other outputs", () => {
    const batch = { shape: [3, 2], outputs: [1, 2, 3, 4, 5, 6], targets: [1, 2, 3], weights: [1] };
    expect(() => accuracyOf(batch)).toThrow(/\[3, 2\] and 3 targets a sample/);
  });
});
