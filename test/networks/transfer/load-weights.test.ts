import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { memorySource } from "../../../src/base/index.ts";
import { readKeras, readWeights } from "../../../src/formats/index.ts";
import {
  activation,
  batchNormalisation,
  convolution,
  dense,
  flatten,
  globalAveragePool,
  kerasNetwork,
  loadWeights,
  maxPool,
  type Network,
  networkFromModel,
  parametersOf,
  parameterValues,
  saveWeights,
  sequential,
  summarise,
  withParameters,
} from "../../../src/networks/index.ts";
import type { OnnxTensor } from "../../../src/onnx/index.ts";
import { differenceOf, EXPORTED, exported, outputOf, stateOf } from "./exported.ts";

/** The same network with all numbers 0. */
function emptied(network: Network): Network {
  const values = Object.entries(parameterValues(network)).map(([name, { shape, data }]) => [
    name,
    { type: "float32", shape, data: new Float32Array(data.length) },
  ]);
  return withParameters(network, Object.fromEntries(values));
}

/** The network of expected/make-transfer.py in our own layers. */
function convolutional(prefix = ""): Network {
  const name = (own: string) => `${prefix}${own}`;
  return sequential(
    [
      convolution({
        ...{ filters: 4, kernel: 3, padding: "same", bias: false },
        name: name("features.0"),
      }),
      batchNormalisation({ name: name("features.1") }),
      activation("relu"),
      maxPool(),
      convolution({ filters: 6, kernel: 3, groups: 2, name: name("features.4") }),
      batchNormalisation({ name: name("features.5") }),
      activation("relu"),
      globalAveragePool(),
      dense({ units: 3, name: name("fc") }),
    ],
    { input: [1, 12, 12] },
  );
}

const tensor = (shape: number[], first = 0): OnnxTensor => {
  const count = shape.reduce((product, length) => product * length, 1);
  return {
    type: "float32",
    shape,
    data: Float32Array.from({ length: count }, (_, at) => first + at),
  };
};

describe("PyTorch's state dict", () => {
  it.each(EXPORTED.filter((name) => name !== "folded"))(
    "fills the exported network, whose outputs are PyTorch's: %s",
    async (name) => {
      const { model, x, y } = exported(name);
      const network = emptied(networkFromModel(model));
      const loaded = await loadWeights(network, await stateOf(name), { strict: true });
      expect(loaded.report.matched).toHaveLength(parametersOf(network).length);
      expect(differenceOf(await outputOf(loaded.network, x), y)).toBeLessThan(1e-5);
    },
  );

  it.each(["", "backbone.", "model.module."])(
    "fills an equal network of layers called %sfeatures.0",
    async (prefix) => {
      const { x, y } = exported("convolutional");
      const source = await stateOf("convolutional");
      const { network } = await loadWeights(convolutional(prefix), source, { strict: true });
      expect(differenceOf(await outputOf(network, x), y)).toBeLessThan(1e-5);
    },
  );

  it("fills what it has of a folded network, and says what is left", async () => {
    const network = networkFromModel(exported("folded").model);
    const { report } = await loadWeights(network, await stateOf("convolutional"));
    expect(report.missing).toEqual(["features.0.bias"]);
    expect(report.unused).toHaveLength(8);
    expect(report.clashes).toEqual([]);
  });
});

describe("Names", () => {
  const own = sequential(
    [flatten(), dense({ units: 2, name: "a" }), dense({ units: 2, name: "b" })],
    {
      input: [1, 2],
    },
  );
  const values = { "a.weight": tensor([2, 2], 1), "a.bias": tensor([2], 5) };

  it("of a mapping go before all others, whole or by their beginning", async () => {
    const mapped = await loadWeights(own, values, { mapping: { "a.": "b." } });
    expect(mapped.report.matched.map(({ parameter }) => parameter)).toEqual(["b.weight", "b.bias"]);
    const byFunction = await loadWeights(own, values, {
      mapping: (name) => (name === "a.bias" ? "b.bias" : undefined),
    });
    expect(byFunction.report.matched).toEqual([
      { parameter: "a.weight", weight: "a.weight" },
      { parameter: "b.bias", weight: "a.bias" },
    ]);
  });

  it("are left aside where weights come in order and that is asked for", async () => {
    const other = {
      one: tensor([2, 2]),
      two: tensor([2]),
      three: tensor([2, 2]),
      four: tensor([2]),
    };
    await expect(loadWeights(own, other)).rejects.toThrow(/4 missing in the file.*4 unused/);
    const { report } = await loadWeights(own, other, { byOrder: true, strict: true });
    expect(report.matched.map(({ weight }) => weight)).toEqual(["one", "two", "three", "four"]);
  });

  it("with other shapes are told with both", async () => {
    const other = { ...values, "b.weight": tensor([3, 2]) };
    const { report } = await loadWeights(own, other);
    expect(report.clashes).toEqual([
      { parameter: "b.weight", weight: "b.weight", expected: [2, 2], found: [3, 2] },
    ]);
    await expect(loadWeights(own, other, { strict: true })).rejects.toThrow(
      /1 missing in the file \(b.bias\); 1 of another shape \(b.weight \[2, 2\] against \[3, 2\]\)/,
    );
  });
});

describe("Keras's weights", () => {
  const { cases } = JSON.parse(
    readFileSync(new URL("../keras/expected/keras-models.json", import.meta.url), "utf8"),
  ) as { cases: Record<string, { gzip: string }> };
  const sourceOf = (name: string) =>
    memorySource(new Uint8Array(gunzipSync(Buffer.from(cases[name].gzip, "base64"))), name);
  /** Networks hold ones and zeros for scales and centres that Keras leaves out, and no weights for given statistics. */
  const isWhole = (name: string) => !/^(normalisations|given statistics)/.test(name);
  const weighted = Object.keys(cases).filter((name) => !/^(activation|merge|given)/.test(name));

  it.each(weighted)("fill the network that was made of their model: %s", async (name) => {
    const network = await kerasNetwork(await readKeras(sourceOf(name)));
    if (parametersOf(network).length === 0) return;
    const source = await readWeights(sourceOf(name));
    const { network: filled, report } = await loadWeights(emptied(network), source);
    const [before, after] = [network, filled].map(parameterValues);
    const differing = report.matched.filter(
      ({ parameter }) =>
        !before[parameter].data.every((one, at) => one === after[parameter].data[at]),
    );
    expect([differing, report.clashes]).toEqual([[], []]);
    if (isWhole(name)) expect(report.missing).toEqual([]);
  });

  it("come frozen where their layers do, and are trained where that is asked for", async () => {
    const file = await readKeras(sourceOf("convolutions (Keras 2, HDF5)"));
    const text = JSON.stringify(file.config);
    const config = JSON.parse(text.replaceAll('"trainable":true', '"trainable":false'));
    const network = await kerasNetwork({ ...file, config });
    const { total, trainable } = summarise(network);
    expect(total).toBeGreaterThan(0);
    expect(trainable).toBe(0);
    expect(summarise(network, { trainable: () => true }).trainable).toBe(total);
  });

  it("go to features that are flattened with their channels first", async () => {
    // Two channels of 1 × 2 positions: Keras's rows are (position, channel), the graph's columns (channel, position).
    const network = sequential(
      [
        convolution({ filters: 2, kernel: 1, name: "conv" }),
        flatten(),
        dense({ units: 1, name: "top" }),
      ],
      {
        input: [1, 1, 2],
      },
    );
    const { network: filled } = await loadWeights(
      network,
      { "top/kernel:0": tensor([4, 1]), "conv/kernel:0": tensor([1, 1, 1, 2], 1) },
      { layout: "keras" },
    );
    const values = parameterValues(filled);
    expect([...values["top.weight"].data]).toEqual([0, 2, 1, 3]);
    expect([...values["conv.weight"].data]).toEqual([1, 2]);
  });
});

describe("Saved weights", () => {
  it("come back to the bit", async () => {
    const network = convolutional();
    const source = await readWeights(memorySource(saveWeights(network), "weights.safetensors"));
    const { network: loaded } = await loadWeights(emptied(network), source, { strict: true });
    expect(parameterValues(loaded)).toEqual(parameterValues(network));
  });

  it("of square dense layers are not turned, whatever their layer is written as", async () => {
    const { model } = exported("transformer");
    const network = networkFromModel(model);
    const source = await readWeights(memorySource(saveWeights(network), "weights.safetensors"));
    const { network: loaded } = await loadWeights(emptied(network), source, { strict: true });
    expect(parameterValues(loaded)).toEqual(parameterValues(network));
  });
});
