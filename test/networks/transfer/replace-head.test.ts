import { describe, expect, it } from "vitest";
import {
  accuracy,
  activation,
  adam,
  arraySource,
  categoricalCrossEntropy,
  convolution,
  dense,
  flatten,
  freeze,
  globalAveragePool,
  type LayerChoice,
  networkFromModel,
  parametersOf,
  parameterValues,
  replaceHead,
  sequential,
  summary,
  train,
  trainOnly,
} from "../../../src/networks/index.ts";
import { exported } from "./exported.ts";

const backbone = () => networkFromModel(exported("convolutional").model);

describe("A new head", () => {
  it("takes the place of the last dense layer", () => {
    const network = replaceHead(backbone(), {
      head: [dense({ units: 8, activation: "relu" }), dense({ units: 2, name: "classes" })],
    });
    expect(network.layers.slice(-3).map(({ name, outputShape }) => [name, outputShape])).toEqual([
      ["ReduceMean", ["N", 6]],
      ["dense", ["N", 8]],
      ["classes", ["N", 2]],
    ]);
    expect(network.model.graph.outputs.map(({ shape }) => shape)).toEqual([["N", 2]]);
    const values = parameterValues(network);
    expect(values["fc.weight"]).toBeUndefined();
    expect(values["features.0.weight"]).toEqual(parameterValues(backbone())["features.0.weight"]);
  });

  it("goes behind a layer that is named, and behind pooled features", () => {
    const named = replaceHead(backbone(), {
      at: "features.6",
      head: [globalAveragePool(), dense({ units: 2 })],
    });
    expect(named.layers.at(-1)?.inputs).toEqual(["global_average_pool"]);
    const pooled = sequential(
      [convolution({ filters: 3, kernel: 1, activation: "relu" }), globalAveragePool()],
      { input: [1, 4, 4] },
    );
    const network = replaceHead(pooled, { head: [dense({ units: 2 })] });
    expect(network.layers.map(({ kind }) => kind).slice(-2)).toEqual([
      pooled.layers[2].kind,
      "dense",
    ]);
  });

  it("is refused where the place is not there or not clear", () => {
    expect(() => replaceHead(backbone(), { at: "layer9", head: [] })).toThrow(/at "layer9"/);
    const none = sequential([activation("relu")], { input: [3] });
    expect(() => replaceHead(none, { head: [dense({ units: 2 })] })).toThrow(
      /Cannot find the features/,
    );
  });

  it("learns while the rest is frozen to the bit", async () => {
    const network = replaceHead(backbone(), { head: [dense({ units: 2, name: "classes" })] });
    const count = 64;
    // Bright or dark images.
    const targets = Int32Array.from({ length: count }, (_, at) => at % 2);
    const inputs = Float32Array.from(
      { length: count * 144 },
      (_, at) => 2 * targets[Math.floor(at / 144)] + Math.sin(at * 12.9898),
    );
    const data = arraySource({ inputs, targets, count });
    const { network: trained, history } = await train(network, {
      ...{ data, validation: data, epochs: 30, batchSize: 32, device: "cpu", threads: 1 },
      loss: categoricalCrossEntropy(),
      optimiser: adam({ learningRate: 0.05 }),
      metrics: [accuracy()],
      trainable: freeze(network, { before: "classes" }),
      frozenStatistics: true,
    });
    expect(history.at(-1)?.validation?.accuracy).toBe(1);
    const [before, after] = [network, trained].map(parameterValues);
    const changed = Object.keys(before).filter((name) => {
      return before[name].data.some((one, at) => one !== after[name].data[at]);
    });
    expect(changed).toEqual(["classes.weight", "classes.bias"]);
  });
});

describe("Freezing", () => {
  const network = backbone();
  const all = parametersOf(network)
    .map(({ name }) => name)
    .filter((name) => !name.includes("running"));
  const trained = (test: (name: string) => boolean) => all.filter(test);

  it.each<[LayerChoice, string[]]>([
    ["fc", ["fc.weight", "fc.bias"]],
    ["*.4", ["features.4.weight", "features.4.bias"]],
    ["*.bias", ["features.1.bias", "features.4.bias", "features.5.bias", "fc.bias"]],
    [/^features\.0/g, ["features.0.weight"]],
    [-1, ["fc.weight", "fc.bias"]],
    [{ after: "features.5" }, ["fc.weight", "fc.bias"]],
    [{ before: "features.1" }, ["features.0.weight"]],
    [{ after: "features" }, ["fc.weight", "fc.bias"]],
  ])("chooses layers by %j", (choice, names) => {
    expect(trained(trainOnly(network, choice))).toEqual(names);
    expect(trained(freeze(network, choice))).toEqual(all.filter((name) => !names.includes(name)));
  });

  it.each<LayerChoice>(["feature", "conv*", 99, { before: "x" }, /conv/])(
    "refuses %j, which means nothing of the network",
    (choice) => {
      expect(() => freeze(network, choice)).toThrow(/No parameters of the network are meant/);
    },
  );

  it("shows in the summary", () => {
    const text = summary(network, { trainable: freeze(network, "features") });
    expect(text).toMatch(/features\.4 \(Conv\).* 114 +no/);
    expect(text).toContain("Trainable params: 21");
  });

  it("means every layer in several choices", () => {
    const flat = sequential([flatten(), dense({ units: 2 }), dense({ units: 2 })], { input: [2] });
    expect(
      ["dense.weight", "dense_1.bias"].filter(trainOnly(flat, "dense", "dense_1")),
    ).toHaveLength(2);
  });
});
