import { describe, expect, it } from "vitest";
import { randomStream } from "../../../src/base/index.ts";
import {
  activation,
  batchNormalisation,
  convolution,
  dense,
  flatten,
  globalAveragePool,
  type Layer,
  type Network,
  parametersOf,
  parameterValues,
  sequential,
  withParameters,
} from "../../../src/networks/index.ts";
import { encodeModel, type OnnxModel, openSession } from "../../../src/onnx/index.ts";
import { fitMahalanobis, mahalanobisScores } from "../../../src/statistics/index.ts";
import {
  type DeployModelOptions,
  deployModel,
} from "../../../src/tasks/classification/deploy-model.ts";

const [COUNT, CHANNELS, SIZE] = [5, 3, 8];
const CLASSES = ["a", "b", "c"];

function drawn(length: number, purpose: string): Float32Array {
  const draw = randomStream({ seed: 1, purpose });
  return Float32Array.from({ length }, () => draw.uniform());
}

/** A network whose running statistics are not those it started with. */
function smallNetwork(...head: Layer[]): Network {
  const network = sequential(
    [
      convolution({ filters: 6, kernel: 3, padding: "same", name: "conv" }),
      batchNormalisation({ name: "norm" }),
      activation("relu"),
      convolution({ filters: 7, kernel: 3, stride: 2, activation: "relu", name: "maps" }),
      ...head,
    ],
    { input: [CHANNELS, SIZE, SIZE], seed: 3 },
  );
  const values = parameterValues(network);
  const moved = parametersOf(network).filter(({ learnable }) => !learnable);
  const statistics = moved.map(({ name }) => {
    const tensor = values[name];
    return [name, { ...tensor, data: drawn(tensor.data.length, name) }] as const;
  });
  return withParameters(network, Object.fromEntries(statistics));
}

const pixels = drawn(COUNT * CHANNELS * SIZE * SIZE, "pixels");

async function run(model: OnnxModel, data = pixels): Promise<Record<string, number[]>> {
  const session = await openSession(encodeModel(model), { threads: 1 });
  const shape = [COUNT, CHANNELS, SIZE, SIZE];
  const outputs = await session.run({ [session.inputNames[0]]: { type: "float32", shape, data } });
  await session.close();
  return Object.fromEntries(
    Object.entries(outputs).map(([name, tensor]) => [name, [...(tensor.data as Float32Array)]]),
  );
}

const differences = (found: number[], expected: number[]) =>
  found.map((value, at) => Math.abs(value - expected[at]) / Math.max(1, Math.abs(expected[at])));

function expectClose(found: number[], expected: number[], tolerance = 1e-6): void {
  expect(found.length).toBe(expected.length);
  expect(Math.max(...differences(found, expected))).toBeLessThan(tolerance);
}

async function outputOf(network: Network, data = pixels): Promise<number[]> {
  return Object.values(await run(network.model, data))[0];
}

const rowsOf = (values: number[], width: number) =>
  Array.from({ length: values.length / width }, (_, row) =>
    values.slice(row * width, (row + 1) * width),
  );

function softmax(logits: number[], temperature = 1): number[] {
  const powers = logits.map((logit) => Math.exp(logit / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit));

describe("a deployed model", () => {
  const logits = smallNetwork(globalAveragePool(), dense({ units: 3 }));

  it("gives what the trained network gives, from logits or from a softmax of its own", async () => {
    const target = { kind: "classes", classes: CLASSES } as const;
    const ended = smallNetwork(globalAveragePool(), dense({ units: 3, activation: "softmax" }));
    const expected = await outputOf(ended);
    for (const network of [logits, ended]) {
      const { model, tensors } = deployModel({ network, target });
      expect(tensors).toEqual({ input: "pixels", scores: "probabilities" });
      expectClose((await run(model)).probabilities, expected);
    }
  });

  it("keeps the network whole, its batch normalisation and names among it", () => {
    const target = { kind: "classes", classes: CLASSES } as const;
    const { model } = deployModel({ network: logits, target });
    const names = new Set(model.graph.initializers.map(({ name }) => name));
    for (const { name } of parametersOf(logits)) expect(names).toContain(name);
    const operators = model.graph.nodes.map(({ operator }) => operator);
    expect(operators).toContain("BatchNormalization");
  });

  it("divides logits by the temperature", async () => {
    const { model } = deployModel({
      network: logits,
      target: { kind: "classes", classes: CLASSES },
      calibration: { method: "temperature", temperature: 2.5, n: 100 },
    });
    const rows = rowsOf(await outputOf(logits), 3);
    expectClose(
      (await run(model)).probabilities,
      rows.flatMap((row) => softmax(row, 2.5)),
    );
  });

  it.each(["linear", "sigmoid"] as const)(
    "makes two probabilities of one output, %s",
    async (end) => {
      const network = smallNetwork(flatten(), dense({ units: 1, activation: end }));
      const { model } = deployModel({
        network,
        target: { kind: "classes", classes: ["no", "yes"] },
        calibration: { method: "temperature", temperature: 0.5, n: 100 },
      });
      const plain = smallNetwork(flatten(), dense({ units: 1 }));
      const expected = (await outputOf(plain)).flatMap((z) => [sigmoid(-2 * z), sigmoid(2 * z)]);
      expectClose((await run(model)).probabilities, expected);
    },
  );

  it("puts each label on its own line", async () => {
    const lines = [
      { label: "a", slope: 1, intercept: 0, n: 9 },
      { label: "b", slope: 2, intercept: -1, n: 9 },
      { label: "c", slope: 0.5, intercept: 0.25, n: 9 },
    ];
    const { model } = deployModel({
      network: logits,
      target: { kind: "labels", labels: CLASSES },
      calibration: { method: "platt", lines },
    });
    const expected = (await outputOf(logits)).map((z, at) => {
      const { slope, intercept } = lines[at % 3];
      return sigmoid(slope * z + intercept);
    });
    expectClose((await run(model)).probabilities, expected);
  });

  it("gives a measurement as it is", async () => {
    const network = smallNetwork(flatten(), dense({ units: 1 }));
    const { model, tensors } = deployModel({ network, target: { kind: "number" } });
    expect(tensors.scores).toBe("value");
    expectClose((await run(model)).value, await outputOf(network));
  });

  it("scales pixels and puts blue first as the network learnt it", async () => {
    const scaling = {
      order: "BGR",
      factor: 255,
      mean: [103.939, 116.779, 123.68],
      deviation: [1, 2, 3],
    } as const;
    const target = { kind: "classes", classes: CLASSES } as const;
    const { model } = deployModel({ network: logits, target, scaling });
    const plane = SIZE * SIZE;
    const scaled = pixels.map((_, at) => {
      const channel = Math.floor(at / plane) % 3;
      const image = Math.floor(at / (3 * plane));
      const from = (image * 3 + (2 - channel)) * plane + (at % plane);
      return (pixels[from] * 255 - scaling.mean[channel]) / scaling.deviation[channel];
    });
    const rows = rowsOf(await outputOf(logits, scaled), 3);
    expectClose(
      (await run(model)).probabilities,
      rows.flatMap((row) => softmax(row)),
    );
  });
});

describe("the features of a deployed model", async () => {
  const network = smallNetwork(globalAveragePool({ name: "pool" }), dense({ units: 3 }));
  const layer = (name: string) => network.layers.find((one) => one.name === name)!.output;
  const target = { kind: "classes", classes: CLASSES } as const;
  const width = 7;
  const training = drawn(40 * width, "training");
  const labels = Array.from({ length: 40 }, (_, at) => at % 3);
  const [distance, relative] = await Promise.all(
    [false, true].map((relative) =>
      fitMahalanobis(training, labels, { classes: CLASSES, relative }),
    ),
  );

  it.each(["maps", "pool"])("are the means of maps, or the tensor itself: %s", async (name) => {
    const { model } = deployModel({ network, target, features: layer(name) });
    const { features } = await run(model);
    const pooled = deployModel({ network, target, features: layer("pool") });
    expectClose(features, (await run(pooled.model)).features);
    expect(features.length).toBe(COUNT * width);
    expect(new Set(features).size).toBeGreaterThan(width);
  });

  it.each([
    ["from the nearest class of training images", distance],
    ["less that from all of them", relative],
  ])("give the distance %s", async (_, fit) => {
    const options = { network, target, features: layer("pool"), distance: fit };
    const { model, tensors } = deployModel(options);
    expect(tensors).toMatchObject({ features: "features", distance: "distance" });
    const { features, distance: found } = await run(model);
    expectClose(found, [...mahalanobisScores(fit, features).scores], 1e-5);
  });

  it("take a name that the network has not", async () => {
    const named = smallNetwork(
      globalAveragePool({ name: "features" }),
      dense({ units: 3, name: "probabilities" }),
    );
    const features = named.layers.find((one) => one.name === "features")!.output;
    const { model, tensors } = deployModel({ network: named, target, features });
    const outputs = await run(model);
    expect(Object.keys(outputs).sort()).toEqual([tensors.scores, tensors.features].sort());
  });

  it.each<[string, Partial<DeployModelOptions>, string]>([
    [
      "classes of another number",
      { target: { kind: "classes", classes: ["a", "b"] } },
      "2 classes",
    ],
    ["labels of another number", { target: { kind: "labels", labels: ["a"] } }, "1 labels"],
    ["several scores for a measurement", { target: { kind: "number" } }, "one number an image"],
    [
      "a scaling of other channels",
      { scaling: { order: "RGB", factor: 1, mean: [0.5], deviation: [1] } },
      "each of 3 channels",
    ],
    [
      "the calibration of labels",
      { calibration: { method: "platt", lines: [] } },
      "expected a temperature, found platt",
    ],
    ["features of no name", { features: "nothing" }, 'features of the network from "nothing"'],
    ["a distance without features", { distance }, "the name of the network's features"],
    [
      "a distance of other features",
      { features: layer("pool"), distance: { ...distance, dimension: 2 } },
      "expected 7 features, found a distance of 2",
    ],
  ])("refuse %s", (_, wrong, words) => {
    expect(() => deployModel({ network, target, ...wrong })).toThrow(words);
  });
});
