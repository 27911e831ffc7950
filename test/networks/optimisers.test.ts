import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  activation,
  adam,
  adamW,
  batchNormalisation,
  categoricalCrossEntropy,
  convolution,
  dense,
  flatten,
  lamb,
  maxPool,
  type Network,
  type Optimiser,
  parameterValues,
  rmsprop,
  type SampleSource,
  sequential,
  sgd,
  type TrainingCheckpoint,
  type TrainOptions,
  train,
  withParameters,
} from "../../src/networks/index.ts";
import { evaluate } from "../../src/onnx/evaluation/evaluate.ts";
import { algebraOf, graphBuilder, type OnnxTensor } from "../../src/onnx/index.ts";

/** One network of training-curves.json. */
interface Problem {
  readonly input: number[];
  /** All batches one after another. */
  readonly inputs: number[];
  readonly targets: number[];
  readonly parameters: Record<string, { shape: number[]; data: number[] }>;
  readonly curves: readonly Curve[];
}

interface Curve extends Pick<TrainOptions, "clipNorm" | "clipValue" | "accumulate"> {
  readonly optimiser: string;
  readonly options: { bias?: { rate: number; weightDecay: number } };
  readonly losses: readonly number[];
}

const { networks: problems, batchSize } = JSON.parse(
  readFileSync(new URL("expected/training-curves.json", import.meta.url), "utf8"),
) as { networks: Record<string, Problem>; batchSize: number };

const networks: Record<string, () => Network> = {
  dense: () =>
    sequential([dense({ units: 16, activation: "tanh" }), dense({ units: 3 })], { input: [8] }),
  convolutional: () =>
    sequential(
      [
        convolution({ filters: 4, kernel: 3, bias: false }),
        batchNormalisation(),
        activation("relu"),
        maxPool(),
        flatten(),
        dense({ units: 3 }),
      ],
      { input: [1, 8, 8] },
    ),
};

const optimisers: Record<string, (options: object) => Optimiser> = {
  sgd,
  adam,
  adamW,
  rmsprop,
  lamb,
};

/** The network with the weights that PyTorch started from. */
function startOf(name: string): Network {
  const values = Object.entries(problems[name].parameters).map(
    ([parameter, { shape, data }]): [string, OnnxTensor] => [
      parameter,
      { type: "float32", shape, data: Float32Array.from(data) },
    ],
  );
  return withParameters(networks[name](), Object.fromEntries(values));
}

/** Gives the batches in their order, epoch after epoch, whichever samples are asked for. */
function batchesOf({ input, inputs, targets }: Problem): SampleSource {
  const size = batchSize * input.reduce((product, length) => product * length, 1);
  const count = targets.length;
  let next = 0;
  return {
    count,
    load() {
      const at = next++ % (count / batchSize);
      return {
        inputs: Float32Array.from(inputs.slice(at * size, (at + 1) * size)),
        targets: Int32Array.from(targets.slice(at * batchSize, (at + 1) * batchSize)),
      };
    },
  };
}

async function lossesOf(name: string, { optimiser, options, losses, ...rest }: Curve) {
  const { bias, ...settings } = options;
  const found: number[] = [];
  const problem = problems[name];
  await train(startOf(name), {
    data: batchesOf(problem),
    loss: categoricalCrossEntropy(),
    optimiser: optimisers[optimiser](settings),
    groups: bias && [{ match: (parameter) => parameter.endsWith("bias"), ...bias }],
    epochs: (losses.length * batchSize) / problem.targets.length,
    batchSize,
    threads: 1,
    device: "cpu",
    onStep: ({ loss }) => found.push(loss),
    ...rest,
  });
  return found;
}

const ways = Object.entries(problems).flatMap(([name, { curves }]) =>
  curves.map((curve) => {
    const { losses, ...way } = curve;
    return { name, curve, way: JSON.stringify(way) };
  }),
);

describe("100 steps follow PyTorch's loss", () => {
  it.each(ways)("of a $name network: $way", async ({ name, curve }) => {
    const found = await lossesOf(name, curve);
    expect(found.length).toBe(100);
    const apart = found.map((loss, at) => Math.abs(loss / curve.losses[at] - 1));
    expect(Math.max(...apart)).toBeLessThan(1e-4);
  });
});

/** Trains the dense network by plain gradient descent of rate 1, so that a step is the gradient. */
async function descend(options: Partial<TrainOptions>) {
  const checkpoints: TrainingCheckpoint[] = [];
  const norms: number[] = [];
  const start = startOf("dense");
  const { network } = await train(start, {
    data: batchesOf(problems.dense),
    loss: categoricalCrossEntropy(),
    optimiser: sgd({ learningRate: 1 }),
    epochs: 1,
    batchSize,
    threads: 1,
    device: "cpu",
    onStep: ({ gradientNorm }) => norms.push(gradientNorm),
    onCheckpoint: (checkpoint) => void checkpoints.push(checkpoint),
    ...options,
  });
  return { before: parameterValues(start), after: parameterValues(network), norms, checkpoints };
}

const dataOf = ({ data }: OnnxTensor) => data as Float32Array;

/** What one batch of all samples changes, each parameter's elements after another's. */
async function firstStep(options: Partial<TrainOptions>) {
  const [{ targets, inputs }, count] = [problems.dense, problems.dense.targets.length];
  const whole = { inputs: Float32Array.from(inputs), targets: Int32Array.from(targets) };
  const data: SampleSource = { count, load: () => whole };
  const { before, after, norms } = await descend({ data, batchSize: count, ...options });
  const change = Object.keys(before).flatMap((name) =>
    Array.from(dataOf(after[name]), (value, at) => value - dataOf(before[name])[at]),
  );
  return { change, norm: norms[0] };
}

describe("a step", () => {
  it("is as long as the gradients together, or as the norm that they are clipped to", async () => {
    const { change, norm } = await firstStep({});
    expect(Math.hypot(...change)).toBeCloseTo(norm, 5);
    const clipped = await firstStep({ clipNorm: norm / 3 });
    expect(clipped.norm).toBeCloseTo(norm, 6);
    for (const [at, value] of clipped.change.entries())
      expect(value).toBeCloseTo(change[at] / 3, 5);
    const spared = await firstStep({ clipNorm: 2 * norm });
    for (const [at, value] of spared.change.entries()) expect(value).toBeCloseTo(change[at], 6);
  });

  it("cuts each element of the gradients to the value that they are clipped to", async () => {
    const { change } = await firstStep({});
    const limit = Math.max(...change) / 2;
    const clipped = await firstStep({ clipValue: limit });
    for (const [at, value] of clipped.change.entries()) {
      expect(value).toBeCloseTo(Math.min(limit, Math.max(-limit, change[at])), 5);
    }
  });

  it("takes the rate and the decay of the first group that matches", async () => {
    const isBias = (name: string) => name.endsWith("bias");
    const groups = [
      { match: isBias, rate: 0 },
      { match: () => true, rate: 0.5, weightDecay: 0.2 },
    ];
    const { before, after } = await descend({ groups, epochs: 1 });
    const plain = await descend({
      optimiser: sgd({ learningRate: 0.5, weightDecay: 0.2 }),
      epochs: 1,
      groups: groups.slice(0, 1),
    });
    for (const name of Object.keys(before)) {
      const kept = isBias(name) ? before[name] : plain.after[name];
      for (const [at, value] of dataOf(after[name]).entries()) {
        expect(value).toBeCloseTo(dataOf(kept)[at], 6);
      }
    }
  });
});

describe("an optimiser", () => {
  it("refuses to look ahead without a momentum", () => {
    expect(() => sgd({ nesterov: true })).toThrow(/Nesterov.*momentum above 0/);
  });

  it("stays finite where rounding leaves less than no variance", () => {
    const graph = graphBuilder({ opset: 21 });
    const [parameter, gradient, square, mean] = ["w", "g", "square", "mean"].map((name) =>
      graph.input({ name, type: "float32", shape: [1] }),
    );
    const [rate, step] = ["rate", "step"].map((name) =>
      graph.input({ name, type: "float32", shape: [] }),
    );
    const given = { parameter, gradient, rate, step, slots: [square, mean], decay: 0 };
    const update = rmsprop({ centred: true }).update(algebraOf(graph), given);
    graph.output({ name: "next" }, update.parameter);
    const number = (value: number, shape: number[]) =>
      ({ type: "float32", shape, data: Float32Array.of(value) }) as const;
    const one = (value: number) => number(value, [1]);
    const { next } = evaluate(graph.build(), {
      ...{ w: one(2), g: one(0.1), square: one(0.0099999), mean: one(0.1) },
      ...{ rate: number(0.01, []), step: number(1, []) },
    });
    expect(Number.isFinite(next.data[0])).toBe(true);
  });
});

describe("moving averages of the weights", () => {
  it("keep their part of what they were and take the rest from each step", async () => {
    const decay = 0.8;
    const data = { ...batchesOf(problems.dense), count: batchSize };
    const { before, after, checkpoints } = await descend({ data, epochs: 5, averageDecay: decay });
    for (const [name, start] of Object.entries(before)) {
      let expected = Array.from(dataOf(start));
      for (const { state } of checkpoints) {
        const weights = dataOf(state[name]);
        expected = expected.map((value, at) => decay * value + (1 - decay) * weights[at]);
      }
      for (const [at, value] of dataOf(after[name]).entries()) {
        expect(value).toBeCloseTo(expected[at], 5);
      }
    }
  });
});
