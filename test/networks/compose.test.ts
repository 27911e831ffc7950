import { describe, expect, it } from "vitest";
import { openSession } from "#session";
import { randomStream } from "../../src/base/index.ts";
import {
  activation,
  adam,
  add,
  arraySource,
  batchNormalisation,
  concatenate,
  convolution,
  dense,
  diceCrossEntropy,
  dropout,
  flatten,
  globalAveragePool,
  type Layer,
  maxPool,
  meanSquaredError,
  type Network,
  network,
  parametersOf,
  parameterValues,
  type Signal,
  sequential,
  sgd,
  summarise,
  train,
  upsample,
} from "../../src/networks/index.ts";
import { encodeModel } from "../../src/onnx/index.ts";

/** x + f(x), with a convolution of size 1 beside where the channels change. */
function residualBlock(filters: number): Layer {
  return (input) => {
    const first = convolution({ filters, kernel: 3, padding: "same", bias: false })(input);
    const inner = activation("relu")(batchNormalisation()(first));
    const second = convolution({ filters, kernel: 3, padding: "same", bias: false })(inner);
    const isSame = input.shape[1] === filters;
    const beside = isSame ? input : convolution({ filters, kernel: 1, bias: false })(input);
    return activation("relu")(add()(batchNormalisation()(second), beside));
  };
}

function residualNetwork(): Network {
  return sequential(
    [
      residualBlock(4),
      residualBlock(4),
      maxPool(),
      residualBlock(8),
      globalAveragePool(),
      dense({ units: 2 }),
    ],
    { input: [1, 12, 12], seed: 2 },
  );
}

/** Down and up again, with what was seen on the way down beside. */
function unet(input: readonly number[], { depth = 2, filters = 4 } = {}): Network {
  const twice =
    (count: number): Layer =>
    (signal) => {
      const once = (x: Signal) =>
        convolution({ filters: count, kernel: 3, padding: "same", activation: "relu" })(x);
      return once(once(signal));
    };
  const level = (signal: Signal, at: number): Signal => {
    const down = twice(filters << at)(signal);
    if (at === depth) return down;
    const up = upsample()(level(maxPool()(down), at + 1));
    return twice(filters << at)(concatenate()(down, up));
  };
  return network(
    (signal) => activation("softmax")(convolution({ filters: 2, kernel: 1 })(level(signal, 0))),
    { input, seed: 4 },
  );
}

describe("networks of any arrangement", () => {
  it("know the inputs of each layer of a residual network", () => {
    const { layers } = summarise(residualNetwork());
    const inputsOf = (name: string) => layers.find((layer) => layer.name === name)?.inputs;
    expect(inputsOf("add")).toEqual(["batch_normalization_1", "conv_2"]);
    expect(inputsOf("add_1")).toEqual(["batch_normalization_3", "relu_1"]);
    expect(layers[layers.length - 1].outputShape).toEqual(["N", 2]);
  });

  it.each([[[1, 16, 16]], [[1, 8, 8, 8]]])(
    "learn to segment with a U-Net on [%s]",
    async (input) => {
      const start = unet(input);
      const skips = summarise(start).layers.filter(({ kind }) => kind === "concatenate");
      expect(skips.map(({ inputs }) => inputs)).toEqual([
        ["conv_3", "up_sampling"],
        ["conv_1", "up_sampling_1"],
      ]);
      const draw = randomStream({ seed: 1, purpose: "blobs" });
      const size = input.reduce((product, length) => product * length, 1);
      const count = 8;
      const targets = Int32Array.from({ length: count * size }, (_, at) =>
        Number(at % input[1] < 3 + (Math.floor(at / size) % 3)),
      );
      const inputs = Float32Array.from(targets, (label) => label + 0.3 * draw.normal());
      const { history } = await train(start, {
        data: arraySource({ inputs, targets, count }),
        loss: diceCrossEntropy(),
        optimiser: adam({ learningRate: 0.02 }),
        epochs: 20,
        batchSize: 4,
        device: "cpu",
        threads: 1,
      });
      expect(history[19].loss).toBeLessThan(0.5 * history[0].loss);
    },
  );

  it("train a residual network", async () => {
    const draw = randomStream({ seed: 1, purpose: "residual" });
    const inputs = Float32Array.from({ length: 16 * 144 }, () => draw.normal());
    const targets = Float32Array.from({ length: 32 }, () => draw.normal());
    const { history } = await train(residualNetwork(), {
      data: arraySource({ inputs, targets, count: 16 }),
      loss: meanSquaredError(),
      optimiser: sgd({ learningRate: 0.05, momentum: 0.9 }),
      epochs: 25,
      batchSize: 16,
      device: "cpu",
      threads: 1,
    });
    expect(history[24].loss).toBeLessThan(0.3 * history[0].loss);
  });
});

describe("a layer that is called twice", () => {
  const twice = (layer: Layer, names: [string, string] = ["a", "b"]) =>
    network(
      (input) =>
        add()(
          layer(activation("tanh", { name: names[0] })(input)),
          layer(activation("relu", { name: names[1] })(input)),
        ),
      { input: [3], seed: 6 },
    );

  it("uses the same parameters, which are counted once", () => {
    const built = twice(dense({ units: 2 }));
    expect(parametersOf(built).map(({ name }) => name)).toEqual(["dense.weight", "dense.bias"]);
    expect(summarise(built)).toMatchObject({ total: 8, trainable: 8 });
    const names = built.layers.map(({ name }) => name);
    expect(names).toEqual(["input", "a", "dense", "b", "dense_1", "add"]);
  });

  it("gives the sum of what it gives each time", async () => {
    const built = twice(dense({ units: 2, name: "both" }));
    const session = await openSession(encodeModel(built.model), { threads: 1 });
    const data = Float32Array.of(0.5, -1, 2);
    const { output } = await session.run({ input: { type: "float32", shape: [1, 3], data } });
    await session.close();
    const weight = parameterValues(built)["both.weight"].data as Float32Array;
    for (const unit of [0, 1]) {
      const products = [...data].map(
        (x, at) => (Math.tanh(x) + Math.max(0, x)) * weight[3 * unit + at],
      );
      expect(output.data[unit]).toBeCloseTo(products[0] + products[1] + products[2], 5);
    }
  });

  it("has parameters of its own in another network", () => {
    const layer = dense({ units: 2 });
    const [first, second] = [3, 5].map((features) => sequential([layer], { input: [features] }));
    expect(parameterValues(first)["dense.weight"].shape).toEqual([2, 3]);
    expect(parameterValues(second)["dense.weight"].shape).toEqual([2, 5]);
  });

  it("refuses an input of another shape and says both", () => {
    const layer = dense({ units: 2 });
    expect(() => sequential([layer, layer], { input: [3] })).toThrow(
      /Cannot add layer "dense_1".*called before.*"dense.weight" has shape \[2, 3\].*needs \[2, 2\]/s,
    );
  });

  it("sums the gradients of its calls, and moves running statistics at each", async () => {
    const shared = batchNormalisation({ momentum: 0.5 });
    const built = network(
      (input) => add()(shared(input), shared(dropout(0)(add()(input, input)))),
      {
        input: [1],
      },
    );
    const inputs = Float32Array.of(0, 2, 4, 6);
    const { network: trained } = await train(built, {
      data: arraySource({ inputs, targets: new Float32Array(4), count: 4 }),
      loss: meanSquaredError(),
      optimiser: sgd({ learningRate: 0.1 }),
      epochs: 1,
      batchSize: 4,
      device: "cpu",
      threads: 1,
    });
    const values = parameterValues(trained);
    // Means are 3 and 6: (0 / 2 + 3 / 2) / 2 + 6 / 2.
    expect(values["batch_normalization.running_mean"].data[0]).toBeCloseTo(3.75, 5);
    // Both calls give γ z + β with one z of variance 1: the loss is 4 (γ² + β²), its slope by γ 8.
    expect(values["batch_normalization.weight"].data[0]).toBeCloseTo(1 - 0.1 * 8, 4);
  });
});

describe("names of layers", () => {
  it("are numbered around those that are taken", () => {
    const built = sequential(
      [flatten({ name: "dense" }), dense({ units: 2 }), dense({ units: 2 })],
      {
        input: [3],
      },
    );
    expect(built.layers.map(({ name }) => name)).toEqual(["input", "dense", "dense_1", "dense_2"]);
  });
});
