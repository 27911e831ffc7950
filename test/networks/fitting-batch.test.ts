import { describe, expect, it } from "vitest";
import {
  adamW,
  binaryCrossEntropy,
  convolution,
  dense,
  fittingBatch,
  flatten,
  sequential,
} from "../../src/networks/index.ts";

const network = sequential(
  [
    convolution({ filters: 8, kernel: 3, activation: "relu" }),
    flatten(),
    dense({ units: 1, activation: "sigmoid" }),
  ],
  { input: [1, 32, 32], seed: 1 },
);
const step = { loss: binaryCrossEntropy(), optimiser: adamW(), batchSize: 24 };
const needs = (batchSize: number) =>
  fittingBatch(network, { ...step, batchSize, mostBytes: Number.POSITIVE_INFINITY }).plannedBytes;

describe("fittingBatch", () => {
  it.each([
    [24, 24],
    [12, 12],
    [6, 6],
    [3, 3],
    [1, 1],
    // Between two halves the smaller one fits.
    [23, 12],
    [5, 3],
    [2, 1],
  ])("where a batch of %d would just fit takes %d of 24", (room, expected) => {
    const { batchSize, plannedBytes } = fittingBatch(network, { ...step, mostBytes: needs(room) });
    expect(batchSize).toBe(expected);
    expect(plannedBytes).toBe(needs(24));
  });

  it("finds none where one sample does not fit, and says what it needs", () => {
    const { batchSize, leastBytes } = fittingBatch(network, { ...step, mostBytes: needs(1) - 1 });
    expect(batchSize).toBeUndefined();
    expect(leastBytes).toBe(needs(1));
  });

  it("counts parameters and what the optimiser remembers of them", () => {
    const parameters = 8 * 9 + 8 + 8 * 32 * 32 + 1;
    expect(needs(1)).toBeGreaterThan(8 * 3 * parameters);
  });
});
