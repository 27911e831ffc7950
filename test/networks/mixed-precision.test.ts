// Mixed precision: which numbers are rounded, how the loss is scaled, and that training goes as in float32. The evaluator rounds
// to float16 as a device does; ONNX Runtime's CPU widens most of it to float32.

import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/base/index.ts";
import {
  adam,
  arraySource,
  batchNormalisation,
  convolution,
  dense,
  flatten,
  maxPool,
  meanSquaredError,
  type Network,
  parameterValues,
  sequential,
  sgd,
  type TrainingCheckpoint,
  train,
} from "../../src/networks/index.ts";
import { precisionOn } from "../../src/networks/training/precision.ts";
import { trainIn } from "../../src/networks/training/train.ts";
import { STEP, trainingStep } from "../../src/networks/training/training-step.ts";
import {
  decodeModel,
  evaluate,
  inferTypes,
  type NamedTensors,
  onnxTensor,
} from "../../src/onnx/index.ts";

const [SIZE, COUNT] = [6, 8];
const PRODUCTS = /^(Conv|ConvTranspose|Gemm|MatMul)$/;

function smallNetwork(): Network {
  return sequential(
    [
      convolution({ filters: 3, kernel: 3, padding: "same" }),
      batchNormalisation(),
      maxPool(),
      convolution({ filters: 4, kernel: 2, activation: "relu" }),
      flatten(),
      dense({ units: 1 }),
    ],
    { input: [1, SIZE, SIZE], seed: 1 },
  );
}

/** Pictures of noise; the target is a sum over each, times `size`. */
function samples(size = 1) {
  const random = randomStream({ seed: 2, purpose: "noise", sample: 0 });
  const inputs = Float32Array.from({ length: COUNT * SIZE ** 2 }, () => random.normal());
  const targets = Float32Array.from({ length: COUNT }, (_, at) => {
    const own = inputs.subarray(at * SIZE ** 2, (at + 1) * SIZE ** 2);
    return size * own.reduce((sum, value, place) => sum + (place % 3) * value, 0) * 0.1;
  });
  return { count: COUNT, inputs, targets };
}

const options = (size = 1) => ({
  ...{ data: arraySource(samples(size)), loss: meanSquaredError(), batchSize: COUNT, seed: 1 },
  ...{ device: "cpu" as const, threads: 1 },
});

/** Losses of steps on one batch, taken by the evaluator, which rounds what a node gives to its type. */
function lossesOf(precision: "float32" | "mixed", steps: number): number[] {
  const step = trainingStep(smallNetwork(), {
    ...{ loss: meanSquaredError(), optimiser: adam({ learningRate: 0.01 }), batchSize: COUNT },
    precision,
  });
  const { bytes, carry } = step.models.step;
  const model = decodeModel(bytes);
  const { inputs, targets } = samples();
  let state: NamedTensors = step.initialState();
  return Array.from({ length: steps }, (_, at) => {
    const scalar = (value: number) =>
      ({ type: "float32", shape: [], data: Float32Array.of(value) }) as const;
    const results = evaluate(model, {
      ...state,
      [step.inputName]: { type: "float32", shape: step.inputShape, data: inputs },
      [STEP.target]: { ...step.target, data: targets },
      [STEP.weights]: { type: "float32", shape: [COUNT], data: new Float32Array(COUNT).fill(1) },
      [STEP.rate]: scalar(0.01),
      [STEP.number]: scalar(at + 1),
    });
    const next = Object.entries(carry).map(([output, name]) => [name, onnxTensor(results[output])]);
    state = Object.fromEntries(next) as NamedTensors;
    return Number(results[STEP.loss].data[0]);
  });
}

describe("A step in mixed precision", () => {
  it("takes products in float16, and nothing else but what only moves numbers", () => {
    const { models } = trainingStep(smallNetwork(), {
      ...options(),
      ...{ optimiser: adam(), precision: "mixed" },
    });
    const model = decodeModel(models.step.bytes);
    const types = inferTypes(model);
    const halved = new Set<string>();
    for (const { operator, inputs, outputs } of model.graph.nodes) {
      const isHalf = types.get(outputs[0])?.type === "float16";
      if (isHalf) halved.add(operator);
      if (PRODUCTS.test(operator)) expect([operator, isHalf]).toEqual([operator, true]);
      const kinds = new Set(inputs.map((name) => types.get(name)?.type));
      expect(kinds.has("float16") && kinds.has("float32"), operator).toBe(false);
    }
    expect([...halved].filter((operator) => !PRODUCTS.test(operator)).sort()).toEqual(
      "Cast Concat Flatten Identity Pad Relu Reshape Slice Transpose".split(" "),
    );
    const state = [...model.graph.inputs, ...model.graph.outputs].map(({ type }) => type);
    expect(new Set(state)).toEqual(new Set(["float32"]));
  });

  it("follows float32 over sixty steps", { timeout: 120_000 }, () => {
    const [exact, mixed] = [lossesOf("float32", 60), lossesOf("mixed", 60)];
    const differences = mixed.map((loss, at) => Math.abs(loss - exact[at]) / exact[0]);
    expect(exact[59]).toBeLessThan(exact[0] / 10);
    expect(mixed).not.toEqual(exact);
    expect(Math.max(...differences)).toBeLessThan(5e-3);
  });
});

describe("Training in mixed precision", () => {
  it("skips steps that overflow, scales the loss less, and learns", async () => {
    const settings = { ...options(3e3), optimiser: adam({ learningRate: 0.05 }), epochs: 40 };
    const losses: number[] = [];
    const trained = await trainIn(
      smallNetwork(),
      { ...settings, onStep: ({ loss }) => losses.push(loss) },
      "mixed",
    );
    expect(trained.precision).toBe("mixed");
    expect(trained.skipped).toBeGreaterThan(0);
    expect(trained.skipped).toBeLessThan(20);
    // What is skipped changes nothing; the batch comes in another order.
    expect(Math.abs(losses[1] / losses[0] - 1)).toBeLessThan(1e-6);
    const values = Object.values(parameterValues(trained.network));
    expect(values.every(({ data }) => (data as Float32Array).every(Number.isFinite))).toBe(true);
    expect(losses[39]).toBeLessThan(losses[0]);
  });

  it.each([1, 2])("resumes to the same bits with %i batches an update", async (accumulate) => {
    const settings = {
      ...options(3e3),
      ...{ optimiser: sgd({ learningRate: 1e-9, momentum: 0.9 }), epochs: 12, accumulate },
    };
    const saved: TrainingCheckpoint[] = [];
    const onCheckpoint = (checkpoint: TrainingCheckpoint) => void saved.push(checkpoint);
    const whole = await trainIn(smallNetwork(), { ...settings, onCheckpoint }, "mixed");
    const resumed = await trainIn(smallNetwork(), { ...settings, resume: saved[3] }, "mixed");
    expect(whole.skipped).toBeGreaterThan(saved[3].progress.skipped ?? 0);
    expect(resumed.skipped).toBe(whole.skipped);
    expect(parameterValues(resumed.network)).toEqual(parameterValues(whole.network));
  });

  it("is float32 on the CPU, which is said", async () => {
    const said: string[] = [];
    const warn = console.warn;
    console.warn = (line: string) => void said.push(line);
    try {
      const settings = { ...options(), optimiser: adam(), epochs: 1 };
      const trained = await train(smallNetwork(), { ...settings, precision: "mixed" });
      expect([trained.precision, trained.skipped]).toEqual(["float32", 0]);
      expect(await precisionOn({ precision: "auto", device: "cpu" })).toBe("float32");
    } finally {
      console.warn = warn;
    }
    expect(said).toEqual(["Training in float32: the CPU has no half precision."]);
  });
});
