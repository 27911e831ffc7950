import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/base/index.ts";
import {
  adam,
  arraySource,
  batchNormalisation,
  dense,
  dropout,
  findLearningRate,
  type LearningRateOptions,
  meanSquaredError,
  parameterValues,
  type SampleSource,
  sequential,
  sgd,
  train,
} from "../../src/networks/index.ts";

const FEATURES = 6;

/** Numbers, and the sum that they are to be brought to. */
function sums(count: number, noise = 0.1): SampleSource {
  const draw = randomStream({ seed: 8, purpose: "sums" });
  const inputs = Float32Array.from({ length: count * FEATURES }, () => draw.normal());
  const targets = Float32Array.from({ length: count }, (_, sample) => {
    const own = inputs.subarray(sample * FEATURES, (sample + 1) * FEATURES);
    return own.reduce((sum, value) => sum + value, 0) + noise * draw.normal();
  });
  return arraySource({ inputs, targets, count });
}

const linear = () => sequential([dense({ units: 1, initialiser: "zeros" })], { input: [FEATURES] });

const options = (more: Partial<LearningRateOptions> = {}): LearningRateOptions => ({
  data: sums(320),
  loss: meanSquaredError(),
  optimiser: sgd(),
  batchSize: 32,
  device: "cpu",
  threads: 1,
  ...more,
});

describe("findLearningRate", () => {
  it("rises by one factor from the first rate towards the last, until the loss explodes", async () => {
    const { curve, ended } = await findLearningRate(linear(), options({ from: 1e-4, to: 100 }));
    expect(ended).toBe("the loss exploded");
    expect(curve.length).toBeLessThan(100);
    expect(curve[0].learningRate).toBe(1e-4);
    for (const [at, { learningRate }] of curve.entries()) {
      expect(learningRate / (1e-4 * 10 ** ((6 * at) / 99))).toBeCloseTo(1, 9);
    }
  });

  it("smooths the losses without a bias towards 0", async () => {
    const { curve } = await findLearningRate(linear(), options({ smoothing: 0.8 }));
    expect(curve[0].smoothed).toBeCloseTo(curve[0].loss, 6);
    const weights = curve.slice(0, 10).map((_, at) => 0.8 ** (9 - at));
    const mean =
      weights.reduce((sum, weight, at) => sum + weight * curve[at].loss, 0) /
      weights.reduce((sum, weight) => sum + weight, 0);
    expect(curve[9].smoothed).toBeCloseTo(mean, 6);
  });

  it("suggests a rate that trains, a hundredth of which is too slow", async () => {
    // Gradient descent on this quadratic diverges from about 1 on: 2 over the largest eigenvalue of 2 XᵀX / n.
    const { suggestion, steepest, tenthOfMinimum, curve } = await findLearningRate(
      linear(),
      options({ from: 1e-5, to: 100, steps: 150 }),
    );
    expect(suggestion).toBe(Math.min(steepest, tenthOfMinimum));
    expect(suggestion).toBeGreaterThan(0.002);
    expect(suggestion).toBeLessThan(0.5);
    const lossWith = async (learningRate: number) => {
      const shared = { ...options(), optimiser: sgd({ learningRate }), epochs: 12 };
      return (await train(linear(), shared)).history[11].loss;
    };
    const [good, slow] = [await lossWith(suggestion), await lossWith(suggestion / 100)];
    expect(good).toBeLessThan(0.2 * slow);
    expect(curve[curve.length - 1].learningRate).toBeGreaterThan(0.5);
  });

  it("leaves the network as it is and gives the same again", async () => {
    const network = sequential(
      [dense({ units: 8 }), batchNormalisation(), dropout(0.2), dense({ units: 1 })],
      { input: [FEATURES], seed: 3 },
    );
    const before = structuredClone(parameterValues(network));
    const first = await findLearningRate(network, options({ optimiser: adam() }));
    expect(parameterValues(network)).toEqual(before);
    expect(await findLearningRate(network, options({ optimiser: adam() }))).toEqual(first);
  });

  it("ends at the last rate where nothing explodes", async () => {
    const { ended, curve } = await findLearningRate(
      linear(),
      options({ from: 1e-4, to: 0.02, steps: 40 }),
    );
    expect(ended).toBe("at the last rate");
    expect(curve.length).toBe(40);
    expect(curve[39].learningRate).toBeCloseTo(0.02, 12);
  });

  it("says so where no rate makes the loss fall", async () => {
    await expect(findLearningRate(linear(), options({ from: 50, to: 1000 }))).rejects.toThrow(
      /found none at which the loss falls.*begin lower/s,
    );
    const data: SampleSource = {
      count: 32,
      load: () => ({
        inputs: new Float32Array(32 * FEATURES).fill(Number.NaN),
        targets: new Float32Array(32),
      }),
    };
    await expect(findLearningRate(linear(), options({ data }))).rejects.toThrow(
      /a first loss that is not a finite number/,
    );
  });

  it("refuses a sweep that does not rise, and can be cancelled", async () => {
    await expect(findLearningRate(linear(), options({ from: 1, to: 0.1 }))).rejects.toThrow(
      /goes upwards.*from 1 to 0.1/s,
    );
    await expect(findLearningRate(linear(), options({ steps: 3 }))).rejects.toThrow(
      /"steps".*at least 20/s,
    );
    const signal = AbortSignal.abort();
    await expect(findLearningRate(linear(), options({ signal }))).rejects.toThrow(/cancelled/);
  });
});
