import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/base/index.ts";
import {
  accuracy,
  adam,
  arraySource,
  batchNormalisation,
  binaryCrossEntropy,
  convolution,
  dense,
  dropout,
  flatten,
  maxPool,
  type Network,
  parameterValues,
  type SampleSource,
  sequential,
  type TrainingCheckpoint,
  type TrainOptions,
  train,
} from "../../src/networks/index.ts";

const SIZE = 12;

/** Noise, with a bright square somewhere in every second image. */
function squares(count: number, purpose: string): SampleSource {
  const draw = randomStream({ seed: 5, purpose });
  const inputs = new Float32Array(count * SIZE * SIZE).map(() => draw.normal());
  const targets = Float32Array.from({ length: count }, (_, sample) => sample % 2);
  for (let sample = 1; sample < count; sample += 2) {
    const [top, left] = [draw.integer(SIZE - 4), draw.integer(SIZE - 4)];
    for (let at = 0; at < 16; at++) {
      inputs[sample * SIZE * SIZE + (top + (at >> 2)) * SIZE + left + (at & 3)] += 2;
    }
  }
  return arraySource({ inputs, targets, count });
}

function smallNetwork(): Network {
  return sequential(
    [
      convolution({ filters: 8, kernel: 3, bias: false }),
      batchNormalisation({ name: "norm" }),
      convolution({ filters: 8, kernel: 3, activation: "relu", name: "second" }),
      maxPool(),
      flatten(),
      dropout(0.2),
      dense({ units: 16, activation: "relu" }),
      dense({ units: 1, activation: "sigmoid" }),
    ],
    { input: [1, SIZE, SIZE], seed: 1 },
  );
}

const options = (): TrainOptions => ({
  data: squares(200, "train"),
  validation: squares(90, "validation"),
  loss: binaryCrossEntropy(),
  optimiser: adam({ learningRate: 3e-3 }),
  metrics: [accuracy()],
  monitor: "accuracy",
  epochs: 8,
  batchSize: 32,
  device: "cpu",
  threads: 1,
});

const bitsOf = (network: Network) =>
  Object.entries(parameterValues(network)).map(([name, { data }]) => [
    name,
    Array.from(data as Float32Array),
  ]);

describe("train", () => {
  it("learns to tell images with a square from those without", async () => {
    const { network, history, bestEpoch } = await train(smallNetwork(), options());
    expect(history.length).toBe(8);
    expect(history[7].loss).toBeLessThan(0.6 * history[0].loss);
    expect(history[bestEpoch - 1].validation?.accuracy).toBeGreaterThan(0.9);
    const { "norm.running_mean": mean } = parameterValues(network);
    expect(Math.max(...(mean.data as Float32Array))).not.toBe(0);
  });

  it("goes on from a checkpoint in the middle of an epoch to the same bits", async () => {
    const whole = await train(smallNetwork(), { ...options(), epochs: 3 });
    const stop = new AbortController();
    const saved: TrainingCheckpoint[] = [];
    const interrupted = train(smallNetwork(), {
      ...options(),
      epochs: 3,
      signal: stop.signal,
      onStep: ({ step }) => step === 10 && stop.abort(),
      onCheckpoint: (checkpoint) => void saved.push(checkpoint),
    });
    await expect(interrupted).rejects.toThrow(/Training was cancelled/);
    expect(saved[saved.length - 1].progress).toMatchObject({ epoch: 1, done: 3, step: 10 });
    const resume = saved[saved.length - 1];
    const resumed = await train(smallNetwork(), { ...options(), epochs: 3, resume });
    expect(resumed.history).toEqual(whole.history);
    expect(bitsOf(resumed.network)).toEqual(bitsOf(whole.network));
  });

  it.each([
    ["in an epoch", 9, { epoch: 1 }],
    ["while it judges", 7, { epoch: 0, done: 7 }],
  ])("sees a signal from the event loop %s, and goes on from there", async (_, at, progress) => {
    const stop = new AbortController();
    const saved: TrainingCheckpoint[] = [];
    // The step keeps the thread to itself; what waits in the event loop runs only if it gets a turn.
    const onStep = ({ step }: { step: number }) => {
      if (step === at) setImmediate(() => stop.abort());
    };
    const shared = { ...options(), data: squares(224, "train"), epochs: 3 };
    const onCheckpoint = (checkpoint: TrainingCheckpoint) => void saved.push(checkpoint);
    const stopped = { ...shared, signal: stop.signal, onStep, onCheckpoint };
    await expect(train(smallNetwork(), stopped)).rejects.toMatchObject({ code: "cancelled" });
    const resume = saved[saved.length - 1];
    expect(resume.progress).toMatchObject(progress);
    const whole = await train(smallNetwork(), shared);
    const resumed = await train(smallNetwork(), { ...shared, resume });
    expect(resumed.history).toEqual(whole.history);
    expect(bitsOf(resumed.network)).toEqual(bitsOf(whole.network));
  });

  it("changes nothing but what is trainable", async () => {
    const before = smallNetwork();
    const { network } = await train(before, {
      ...options(),
      epochs: 1,
      frozenStatistics: true,
      trainable: (name) => name.startsWith("dense"),
    });
    const [old, changed] = [parameterValues(before), parameterValues(network)];
    const isSame = (name: string) =>
      old[name].data.every((value, at) => value === changed[name].data[at]);
    expect(Object.keys(old).filter((name) => !isSame(name))).toEqual([
      "dense.weight",
      "dense.bias",
      "dense_1.weight",
      "dense_1.bias",
    ]);
  });

  it("averages gradients over several batches as if they were one", async () => {
    const plain = sequential([flatten(), dense({ units: 1, activation: "sigmoid" })], {
      input: [1, SIZE, SIZE],
    });
    const shared = { ...options(), data: squares(192, "train"), validation: undefined, epochs: 1 };
    const large = await train(plain, { ...shared, batchSize: 64 });
    const small = await train(plain, { ...shared, batchSize: 16, accumulate: 4 });
    const [a, b] = [large, small].map(
      ({ network }) => parameterValues(network)["dense.weight"].data,
    );
    for (const [at, value] of (a as Float32Array).entries()) expect(b[at]).toBeCloseTo(value, 5);
  });

  it("says at which step and in which layer numbers stop being finite", async () => {
    const broken = squares(64, "train");
    const data: SampleSource = {
      count: 64,
      load: async (indices, draw) => {
        const batch = await broken.load(indices, draw);
        if (indices.includes(7)) batch.inputs.fill(3e38);
        return batch;
      },
    };
    const shared = { ...options(), data, validation: undefined, epochs: 1 };
    await expect(train(smallNetwork(), shared)).rejects.toThrow(
      /broke down at step [12] \(epoch 1\).*the output of layer "(conv|norm)" is the first that is not finite/,
    );
  });

  it("refuses a plan that needs more memory than it may, and names the tensor", async () => {
    const plans: number[] = [];
    const shared = {
      ...options(),
      epochs: 1,
      onPlan: ({ peakBytes }: { peakBytes: number }) => void plans.push(peakBytes),
    };
    await expect(train(smallNetwork(), { ...shared, mostBytes: 100_000 })).rejects.toThrow(
      /does not fit the memory: expected at most 1 MiB, found 1 MiB for parameters .* the largest of them ".+" \[32, [\d, ]+\] with 1 MiB/,
    );
    await train(smallNetwork(), { ...shared, mostBytes: 50_000_000 });
    expect(plans[0]).toBe(plans[1]);
    // At least the output of the first convolution and what is made of it.
    expect(plans[0]).toBeGreaterThan(2 * 4 * 32 * 8 * 10 * 10);
  });

  it("refuses a checkpoint of another network", async () => {
    const saved: TrainingCheckpoint[] = [];
    const keep = (checkpoint: TrainingCheckpoint) => void saved.push(checkpoint);
    await train(smallNetwork(), { ...options(), epochs: 1, onCheckpoint: keep });
    const other = sequential([flatten(), dense({ units: 1 })], { input: [1, SIZE, SIZE] });
    await expect(train(other, { ...options(), resume: saved[0] })).rejects.toThrow(
      /Cannot resume: the checkpoint does not fit/,
    );
  });
});
