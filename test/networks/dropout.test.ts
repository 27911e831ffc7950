// What dropout and stochastic depth do in training; in inference both do nothing (expected/make-layers.py).

import { describe, expect, it } from "vitest";
import {
  activation,
  arraySource,
  chain,
  convolution,
  dropout,
  flatten,
  type Layer,
  type Loss,
  sequential,
  sgd,
  stochasticDepth,
  train,
} from "../../src/networks/index.ts";

/** Σ y · w, whose gradient by a bias of ones is the sum of what came through. */
const weightedSum: Loss = {
  ...{ name: "weighted sum", settings: {} },
  target: (shape) => ({ type: "float32", shape }),
  build: (m, { output, target }) => m.sum(m.mul(output, target)),
};

/** The loss of one step on 64 images of ones: the sum of all that came through. */
async function sumOfPassed(layers: readonly Layer[], weights: Float32Array): Promise<number> {
  const count = 64;
  // The rate is too small to move anything.
  const { history } = await train(sequential(layers, { input: [1, 2, 2] }), {
    data: arraySource({ inputs: new Float32Array(count * 4).fill(1), targets: weights, count }),
    loss: weightedSum,
    optimiser: sgd({ learningRate: 1e-9 }),
    epochs: 1,
    batchSize: count,
    device: "cpu",
    threads: 1,
  });
  return history[0].loss;
}

const one = convolution({ filters: 1, kernel: 1, bias: false, initialiser: "ones" });

describe("in training", () => {
  const ones = new Float32Array(64 * 4).fill(1);
  /** Elements of an image weigh 1, −1, 1, −1: what is dropped as a whole leaves a sum of 0. */
  const alternating = ones.map((_, at) => (at % 2 === 0 ? 1 : -1));

  it("stochastic depth drops whole samples and scales the others", async () => {
    const layers = [one, stochasticDepth(0.5), flatten()];
    const kept = (await sumOfPassed(layers, ones)) / 8;
    expect(kept).toBeCloseTo(Math.round(kept), 5);
    expect(kept).toBeGreaterThan(16);
    expect(kept).toBeLessThan(48);
    expect(await sumOfPassed(layers, alternating)).toBe(0);
  });

  it("dropout drops elements", async () => {
    const layers = [one, dropout(0.5), flatten()];
    expect(await sumOfPassed(layers, alternating)).not.toBe(0);
  });

  it("dropout takes no names of nodes behind it", async () => {
    const layers = [one, dropout(0.1), chain(activation("silu"), activation("silu")), flatten()];
    expect(await sumOfPassed(layers, ones)).toBeGreaterThan(0);
  });
});
