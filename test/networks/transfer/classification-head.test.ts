import { describe, expect, it } from "vitest";
import {
  addHead,
  arraySource,
  batchNormalisation,
  binaryCrossEntropy,
  buildArchitecture,
  classificationHead,
  convolution,
  dense,
  freeze,
  maxPool,
  parameterValues,
  sequential,
  sgd,
  splitFrozen,
  summarise,
  summary,
  train,
  trainOnly,
} from "../../../src/networks/index.ts";

type HeadOptions = Parameters<typeof classificationHead>[0];

const base = () =>
  sequential([convolution({ filters: 4, kernel: 3, name: "a" }), maxPool()], { input: [1, 8, 8] });

describe("The head of a classifier", () => {
  it.each<[HeadOptions, string[], number]>([
    [{ outputs: 1, pooling: "flatten", hidden: 5 }, ["flatten", "dense", "dense_1"], 36 * 5 + 11],
    [{ outputs: 3 }, ["global_average_pool", "dense", "dense_1"], 4 * 256 + 256 + 3 * 257],
    [{ outputs: 3, pooling: "max", hidden: 0 }, ["global_max_pool", "dense"], 15],
    [
      { outputs: 2, hidden: 6, dropout: 0.5 },
      ["global_average_pool", "dense", "dropout", "dense_1"],
      44,
    ],
  ])("%j", (options, layers, parameters) => {
    const network = addHead(base(), { head: classificationHead(options) });
    expect(network.layers.slice(3).map(({ name }) => name)).toEqual(layers);
    expect(summarise(network).total - summarise(base()).total).toBe(parameters);
  });

  it("ends in sigmoid for one output, softmax for several, or as asked", () => {
    const last = (options: HeadOptions) =>
      addHead(base(), { head: classificationHead(options) })
        .model.graph.nodes.map(({ operator }) => operator)
        .findLast((operator) => operator !== "Identity");
    expect(last({ outputs: 1 })).toBe("Sigmoid");
    expect(last({ outputs: 2 })).toBe("Softmax");
    expect(last({ outputs: 14, activation: "sigmoid" })).toBe("Sigmoid");
    expect(last({ outputs: 1, activation: "linear" })).toBe("Gemm");
  });

  it("takes features that are one row as they are", () => {
    const row = sequential([dense({ units: 3 })], { input: [2] });
    const network = addHead(row, { head: classificationHead({ outputs: 2, hidden: 0 }) });
    expect(network.layers.map(({ kind }) => kind)).toEqual(["input", "dense", "dense"]);
  });
});

it("VGG-16 with the head of the tutorials has 14,714,688 frozen and 6,423,041 trainable parameters", () => {
  const body = buildArchitecture("vgg16", {
    reference: "keras",
    includeTop: false,
    initialise: false,
  });
  const network = addHead(body, {
    head: classificationHead({ outputs: 1, pooling: "flatten", hidden: 256 }),
  });
  const trainable = freeze(network, { before: "flatten" });
  expect(summarise(network, { trainable })).toMatchObject({
    frozen: 14_714_688,
    trainable: 6_423_041,
  });
  const text = summary(network, { trainable });
  expect(text).toMatch(/dense \(dense\) +\(None, 256\) +6,422,784 +yes/);
  expect(text).toMatch(/block5_conv3 \(conv\) +\(None, 512, 14, 14\) +2,359,808 +no/);
  expect(splitFrozen(network, { trainable })?.features).toEqual([25_088]);
});

it("Running statistics of frozen layers stay where those of trained ones move", async () => {
  const network = sequential(
    [
      batchNormalisation({ name: "frozen" }),
      batchNormalisation({ name: "trained" }),
      dense({ units: 1, name: "out" }),
    ],
    { input: [1, 1, 3] },
  );
  const flat = addHead(network, {
    head: classificationHead({ outputs: 1, pooling: "flatten", hidden: 0 }),
  });
  const data = arraySource({
    inputs: Float32Array.from({ length: 24 }, (_, at) => at),
    targets: Float32Array.from({ length: 8 }, (_, at) => at % 2),
    count: 8,
  });
  const { network: after } = await train(flat, {
    ...{ data, epochs: 1, batchSize: 4, device: "cpu", threads: 1 },
    ...{ loss: binaryCrossEntropy(), optimiser: sgd({ learningRate: 0.1 }) },
    trainable: trainOnly(flat, "trained", "out"),
    frozenStatistics: "with-layer",
  });
  const [old, now] = [flat, after].map(parameterValues);
  const moved = Object.keys(old).filter((name) => old[name].data[0] !== now[name].data[0]);
  expect(moved).toEqual(expect.arrayContaining(["trained.running_mean", "trained.running_var"]));
  expect(moved.filter((name) => name.startsWith("frozen"))).toEqual([]);
});
