import { describe, expect, it } from "vitest";
import { randomStream } from "../../../src/base/index.ts";
import {
  accuracy,
  adam,
  arraySource,
  categoricalCrossEntropy,
  networkFromModel,
  parametersOf,
  parameterValues,
  sgd,
  type TrainOptions,
  train,
} from "../../../src/networks/index.ts";
import { graphBuilder, int, type OnnxModel, type OnnxTensor } from "../../../src/onnx/index.ts";
import { differenceOf, EXPORTED, exported, outputOf } from "./exported.ts";

const shared = { batchSize: 6, epochs: 1, device: "cpu", threads: 1 } as const;

/** A model of one product with constants of any kind. */
function product(held: OnnxTensor, { inputs = ["x"] }: { inputs?: string[] } = {}): OnnxModel {
  const graph = graphBuilder({ opset: 21 });
  const [x, other] = inputs.map((name) =>
    graph.input({ name, type: held.type, shape: ["batch", held.shape[0]] }),
  );
  const sum = other ? graph.node("Add", [x, other]) : x;
  graph.output({ name: "y" }, graph.node("MatMul", [sum, graph.constant(held, "held")]));
  return graph.build();
}

const square = (type: "float32" | "float64"): OnnxTensor => ({
  type,
  shape: [2, 2],
  data: type === "float32" ? new Float32Array(4) : new Float64Array(4),
});

describe("An exported model as a network", () => {
  it.each(EXPORTED)("gives what PyTorch gives: %s", async (name) => {
    const { model, x, y } = exported(name);
    expect(differenceOf(await outputOf(networkFromModel(model), x), y)).toBeLessThan(1e-5);
  });

  it.each(EXPORTED)("has PyTorch's parameters after a step: %s", async (name) => {
    const { model, x, target, loss, rate, updated } = exported(name);
    const network = networkFromModel(model);
    const trained = await train(network, {
      ...shared,
      data: arraySource({
        inputs: Float32Array.from(x),
        targets: Int32Array.from(target),
        count: 6,
      }),
      loss: categoricalCrossEntropy(),
      optimiser: sgd({ learningRate: rate }),
    });
    expect(Math.abs(trained.history[0].loss / loss - 1)).toBeLessThan(1e-5);
    const values = parameterValues(trained.network);
    const learnt = parametersOf(network).filter(({ learnable }) => learnable);
    expect(learnt.length).toBe(Object.keys(updated).length);
    for (const [stored, { of, data }] of Object.entries(updated)) {
      const names = [stored, of, of.replace(/weight$/, "kernel")];
      const own = names.find((one) => values[one]) as string;
      expect(differenceOf(values[own].data as Float32Array, data), own).toBeLessThan(1e-4);
    }
  });

  it("goes on with its running statistics where they are frozen", async () => {
    const { model, x, target } = exported("convolutional");
    const network = networkFromModel(model);
    const data = arraySource({
      inputs: Float32Array.from(x),
      targets: Int32Array.from(target),
      count: 6,
    });
    const options = { ...shared, data, loss: categoricalCrossEntropy() };
    const optimiser = sgd({ learningRate: 0.1 });
    const runs = await Promise.all(
      [true, false].map((frozenStatistics) =>
        train(network, { ...options, optimiser, frozenStatistics }),
      ),
    );
    const [before, frozen, free] = [network, ...runs.map((one) => one.network)].map(
      (one) => parameterValues(one)["features.1.running_mean"].data,
    );
    expect(frozen).toEqual(before);
    expect(free).not.toEqual(before);
  });

  it.each(["convolutional", "transformer"] as const)("learns a small problem: %s", async (name) => {
    const draw = randomStream({ seed: 3, purpose: "stripes" });
    const count = 96;
    const targets = Int32Array.from({ length: count }, (_, at) => at % 3);
    // Noise, with stripes across, along or without.
    const inputs = Float32Array.from({ length: count * 144 }, (_, at) => {
      const [kind, row, column] = [
        targets[Math.floor(at / 144)],
        Math.floor(at / 12) % 12,
        at % 12,
      ];
      const wave = kind === 2 ? 0 : (kind === 0 ? row : column) % 2;
      return draw.normal() * 0.5 + 2 * wave;
    });
    const data = arraySource({ inputs, targets, count });
    const options: TrainOptions = {
      ...{ ...shared, batchSize: 32, epochs: 25, data, validation: data },
      loss: categoricalCrossEntropy(),
      optimiser: adam({ learningRate: 0.02 }),
      metrics: [accuracy()],
    };
    const { history } = await train(networkFromModel(exported(name).model), options);
    expect(history.at(-1)?.validation?.accuracy).toBeGreaterThan(0.95);
  });

  it("calls layers after modules, and one module is one layer", () => {
    const { layers } = networkFromModel(exported("transformer").model);
    const line = (name: string) => layers.find((one) => one.name === name);
    expect(line("norm1")).toMatchObject({ kind: "9 operators", inputs: ["Add"] });
    expect(line("attention.qkv")).toMatchObject({ kind: "MatMul + Add", inputs: ["norm1"] });
    const own = line("attention.qkv")?.parameters.map(({ name, shape }) => [name, shape]);
    expect(own).toEqual([
      ["attention.qkv.kernel", [8, 24]],
      ["attention.qkv.bias", [24]],
    ]);
    expect(layers.at(-1)?.outputShape).toEqual(["N", 3]);
  });

  it("learns what it is told to, beside what places say", () => {
    const { model } = exported("transformer");
    const network = networkFromModel(model, {
      learnable: (name, byPlace) => byPlace && name !== "positions",
    });
    const names = parametersOf(network).map(({ name }) => name);
    expect(names).toContain("token");
    expect(names).not.toContain("positions");
  });

  it("counts a weight that two layers share once", () => {
    const graph = graphBuilder({ opset: 21 });
    const x = graph.input({ name: "x", type: "float32", shape: ["batch", 2] });
    const held = graph.constant(square("float32"), "held");
    const first = graph.node("Gemm", [x, held], { transB: int(1) });
    graph.output({ name: "y" }, graph.node("Gemm", [first, held], { transB: int(1) }));
    expect(parametersOf(networkFromModel(graph.build()))).toEqual([
      { name: "held", shape: [2, 2], learnable: true },
    ]);
  });

  it.each<[string, OnnxModel, RegExp]>([
    ["several inputs", product(square("float32"), { inputs: ["x", "z"] }), /one input.*x, z/],
    ["double precision", product(square("float64")), /expected an input of float32/],
    [
      "nothing to learn",
      (() => {
        const graph = graphBuilder({ opset: 21 });
        const x = graph.input({ name: "x", type: "float32", shape: ["batch", 2] });
        graph.output({ name: "y" }, graph.node("Relu", [x]));
        return graph.build();
      })(),
      /Nothing of the model can be trained/,
    ],
  ])("refuses %s", (_, model, message) => {
    expect(() => networkFromModel(model)).toThrow(message);
  });

  it("gives free lengths of the input those that are asked for", () => {
    const graph = graphBuilder({ opset: 21 });
    const x = graph.input({ name: "x", type: "float32", shape: ["batch", "features"] });
    const held = graph.constant(
      { type: "float32", shape: [2], data: new Float32Array(2) },
      "slope",
    );
    graph.output({ name: "y" }, graph.node("PRelu", [x, held]));
    const model = graph.build();
    expect(networkFromModel(model, { input: [2] }).layers[0].outputShape).toEqual(["N", 2]);
    expect(() => networkFromModel(model, { input: [2, 3] })).toThrow(
      /lengths that fit \[features\]/,
    );
  });
});
