import { describe, expect, it } from "vitest";
import {
  type Attribute,
  bindDimensions,
  changeBatch,
  cutModel,
  type Dimension,
  float,
  foldBatchNorm,
  foldConstants,
  freezeDefaults,
  type GraphBuilder,
  graphBuilder,
  inferTypes,
  int,
  ints,
  mergeModels,
  type OnnxModel,
  type OnnxTensor,
  removeDeadCode,
  tensor,
} from "../../../src/onnx/index.ts";
import { backendCases, hasBackendCases } from "../backend-cases.ts";
import { runModel, waves } from "./run-model.ts";

const i64 = (...values: number[]): OnnxTensor => ({
  type: "int64",
  shape: [values.length],
  data: BigInt64Array.from(values, BigInt),
});

const operators = (model: OnnxModel) => model.graph.nodes.map(({ operator }) => operator);

/** A network [N, 2, 4, 4] → [N, 3] that its exporter wrote for a batch of `batch`. */
function network({ batch, opset = 18 }: { batch: Dimension; opset?: number }): OnnxModel {
  const graph = graphBuilder({ opset });
  const x = graph.input({ name: "x", type: "float32", shape: [batch, 2, 4, 4] });
  const weights = graph.constant(waves([3, 2, 3, 3], 2), "w");
  const features = graph.node("Conv", [x, weights], { pads: ints([1, 1, 1, 1]) });
  const relu = graph.node("Relu", [features], {}, { output: "relu" });
  const flat = graph.node("Reshape", [relu, graph.constant(i64(1, 48), "shape")]);
  const dense = graph.constant(waves([48, 3], 3), "w");
  graph.output({ name: "y" }, graph.node("MatMul", [flat, dense]));
  return graph.build();
}

describe("Dead code", () => {
  it("goes, with what it alone reads, inputs stay", () => {
    const graph = graphBuilder();
    const x = graph.input({ name: "x", type: "float32", shape: [2] });
    const unused = graph.input({ name: "unused", type: "float32", shape: [2] });
    graph.node("Add", [unused, graph.constant(waves([2]))]);
    graph.output({ name: "y" }, graph.node("Relu", [x]));
    const { inputs, initializers, nodes } = removeDeadCode(graph.build()).graph;
    expect(inputs.map(({ name }) => name)).toEqual(["x", "unused"]);
    expect(initializers).toEqual([]);
    expect(nodes.map(({ operator }) => operator)).toEqual(["Relu", "Identity"]);
  });

  it("stays alive where only a branch reads it", () => {
    const model = branching();
    const { nodes, initializers } = removeDeadCode(model).graph;
    expect(nodes.map(({ operator }) => operator)).toEqual(["Relu", "If"]);
    expect(initializers.map(({ name }) => name)).toEqual(["two"]);
  });
});

/** y = c ? relu(x) · 2 : relu(x), where the first branch holds a node that it does not need. */
function branching(): OnnxModel {
  const node = (operator: string, inputs: string[], output: string, attributes = {}) => ({
    operator,
    domain: "",
    name: output,
    inputs,
    outputs: [output],
    attributes,
  });
  const branch = (output: string, nodes: ReturnType<typeof node>[]): Attribute => ({
    kind: "graph",
    value: { name: output, inputs: [], outputs: [{ name: output }], initializers: [], nodes },
  });
  const then = branch("a", [node("Neg", ["x"], "dead"), node("Mul", ["r", "two"], "a")]);
  const otherwise = branch("b", [node("Identity", ["r"], "b")]);
  return {
    irVersion: 8,
    opsets: { "": 18 },
    producer: "test",
    metadata: {},
    graph: {
      name: "g",
      inputs: [
        { name: "x", type: "float32", shape: [2] },
        { name: "c", type: "bool", shape: [] },
      ],
      outputs: [{ name: "y", type: "float32", shape: [2] }],
      initializers: [{ name: "two", type: "float32", shape: [1], data: Float32Array.of(2) }],
      nodes: [
        node("Relu", ["x"], "r"),
        node("If", ["c"], "y", { then_branch: then, else_branch: otherwise }),
      ],
    },
  };
}

describe("A part of a model", () => {
  const whole = network({ batch: 1 });
  const feeds = { x: waves([1, 2, 4, 4]) };

  it("and the rest give what the whole gives, also put together again", async () => {
    const body = cutModel(whole, { outputs: ["relu"] });
    const head = cutModel(whole, { inputs: ["relu"] });
    expect(operators(body)).toEqual(["Conv", "Relu"]);
    expect(head.graph.inputs).toEqual([{ name: "relu", type: "float32", shape: [1, 3, 4, 4] }]);
    expect(head.graph.initializers).toHaveLength(2);
    const { relu } = await runModel(body, feeds);
    const between: OnnxTensor = {
      type: "float32",
      shape: relu.shape,
      data: Float32Array.from(relu.values as number[]),
    };
    const { y } = await runModel(whole, feeds);
    expect((await runModel(head, { relu: between })).y).toEqual(y);
    const again = mergeModels(body, head, { connect: { relu: "relu" } });
    expect(await runModel(again, feeds)).toEqual({ y });
  });

  it("takes the whole's inputs as far as it needs them", () => {
    expect(cutModel(whole, { outputs: ["relu"] }).graph.inputs).toEqual(whole.graph.inputs);
  });

  it.each([
    [{ outputs: ["nothing"] }, /"nothing"/],
    [{ inputs: [], outputs: ["y"] }, /needs the input "x"/],
  ])("is refused: %j", (cut, message) => {
    expect(() => cutModel(whole, cut)).toThrow(message);
  });
});

describe("Two models as one", () => {
  it("keep their public names, and are brought to one version", async () => {
    const old = graphBuilder({ opset: 11 });
    // "relu" and "w" are names inside the first model; Softmax of opset 11 is over both last axes.
    const input = old.input({ name: "relu", type: "float32", shape: ["n", 3, 1] });
    const scaled = old.node("Mul", [input, old.constant(waves([1]), "w")]);
    old.output({ name: "probabilities" }, old.node("Softmax", [scaled]));
    const first = network({ batch: 1 });
    const graph = graphBuilder({ opset: 18 });
    const y = graph.input({ name: "y", type: "float32", shape: [1, 3] });
    graph.output({ name: "x" }, graph.node("Unsqueeze", [y, graph.constant(i64(2))]));
    const joined = mergeModels(first, graph.build(), { connect: { y: "y" } });
    const all = mergeModels(joined, old.build(), { connect: { x_1: "relu" } });
    expect(all.opsets[""]).toBe(18);
    expect(all.graph.outputs.map(({ name }) => name)).toEqual(["probabilities"]);
    const { probabilities } = await runModel(all, { x: waves([1, 2, 4, 4]) });
    const sum = (probabilities.values as number[]).reduce((total, value) => total + value, 0);
    expect(sum).toBeCloseTo(1, 5);
  });

  const second = (type: "float32" | "int64", length: number) => {
    const graph = graphBuilder({ opset: 18 });
    graph.output(
      { name: "z" },
      graph.node("Identity", [graph.input({ name: "a", type, shape: [1, length] })]),
    );
    return graph.build();
  };
  it.each([
    [second("float32", 4), { y: "a" }, /\[1, 4\].*\[1, 3\]/],
    [second("int64", 3), { y: "a" }, /int64.*float32/],
    [second("float32", 3), { x: "a" }, /no output "x"/],
    [second("float32", 3), { y: "b" }, /no input "b"/],
  ])("are refused where they do not fit", (other, connect, message) => {
    const merge = () => mergeModels(network({ batch: 1 }), other, { connect: connect as never });
    expect(merge).toThrow(message);
  });
});

describe("Batch normalisation", () => {
  type Layer = (graph: GraphBuilder, x: string) => string;
  const layers: Record<string, [shape: number[], channels: number, layer: Layer]> = {
    "a grouped convolution with bias": [
      [2, 4, 5, 5],
      6,
      (graph, x) =>
        graph.node(
          "Conv",
          [x, graph.constant(waves([6, 2, 3, 3])), graph.constant(waves([6], 4))],
          {
            group: int(2),
          },
        ),
    ],
    "a 1-D convolution without bias": [
      [2, 4, 9],
      3,
      (graph, x) => graph.node("Conv", [x, graph.constant(waves([3, 4, 3]))]),
    ],
    "a grouped transposed convolution": [
      [1, 4, 3, 3],
      6,
      (graph, x) =>
        graph.node("ConvTranspose", [x, graph.constant(waves([4, 3, 2, 2]))], { group: int(2) }),
    ],
    "a matrix product": [
      [3, 4],
      5,
      (graph, x) =>
        graph.node("Gemm", [x, graph.constant(waves([4, 5])), graph.constant(waves([5], 7))], {
          alpha: float(0.5),
          beta: float(3),
        }),
    ],
    "a product with a transposed matrix": [
      [3, 4],
      5,
      (graph, x) => graph.node("Gemm", [x, graph.constant(waves([5, 4]))], { transB: int(1) }),
    ],
  };
  const normalised = ([shape, channels, layer]: (typeof layers)[string], more = false) => {
    const graph = graphBuilder({ opset: 18 });
    const made = layer(graph, graph.input({ name: "x", type: "float32", shape }));
    const statistics = [1, 2, 3].map((seed) => graph.constant(waves([channels], seed)));
    const { data, ...type } = waves([channels], 4);
    const variance = graph.constant({ ...type, data: (data as Float32Array).map(Math.abs) });
    const inputs = [made, ...statistics, variance];
    graph.output({ name: "y" }, graph.node("BatchNormalization", inputs, { epsilon: float(0.01) }));
    if (more) graph.output({ name: "made" }, made);
    return graph.build();
  };

  it.each(Object.entries(layers))("is part of %s afterwards", async (_, layer) => {
    const model = normalised(layer);
    const folded = foldBatchNorm(model);
    expect(operators(folded)).toEqual(
      operators(model).filter((one) => one !== "BatchNormalization"),
    );
    const feeds = { x: waves(layer[0], 9) };
    const [before, after] = [await runModel(model, feeds), await runModel(folded, feeds)];
    expect(after.y.shape).toEqual(before.y.shape);
    for (const [at, value] of before.y.values.entries()) {
      expect(after.y.values[at]).toBeCloseTo(value as number, 4);
    }
  });

  it("stays where something else reads what comes before", () => {
    const model = normalised(layers["a matrix product"], true);
    expect(operators(foldBatchNorm(model))).toContain("BatchNormalization");
  });
});

describe("What is known beforehand", () => {
  it("is a constant: weights worked out, shapes of fixed inputs, constants of any kind", () => {
    const graph = graphBuilder({ opset: 18 });
    const x = graph.input({ name: "x", type: "float32", shape: [4, 6] });
    const rows = graph.node("Gather", [graph.node("Shape", [x]), graph.constant(i64(0))]);
    const all = graph.node("Constant", [], { value_ints: ints([-1, 1]) });
    const target = graph.node("Concat", [rows, all], { axis: int(0) });
    const wide = graph.node("Reshape", [x, target]);
    const weight = graph.node("Transpose", [graph.constant(waves([1, 3]))]);
    graph.output(
      { name: "y" },
      graph.node("MatMul", [wide, graph.node("Slice", [weight, ...sliceOf(graph)])]),
    );
    const folded = foldConstants(graph.build());
    expect(operators(folded)).toEqual(["Reshape", "MatMul", "Identity"]);
    expect(folded.graph.initializers.map(({ shape }) => shape)).toEqual([[3], [1, 1]]);
  });

  /** The first row, with an end that float64 does not hold. */
  function sliceOf(graph: GraphBuilder): string[] {
    const end = BigInt64Array.of(2n ** 63n - 1n);
    const ends = graph.constant({ type: "int64", shape: [1], data: end });
    return [graph.constant(i64(-1)), ends, graph.constant(i64(0))];
  }

  it("takes the branch that a known condition chooses", async () => {
    const model = branching();
    for (const [value, operator] of [
      [1, "Mul"],
      [0, "Identity"],
    ] as const) {
      const c = { name: "c", type: "bool", shape: [], data: Uint8Array.of(value) } as const;
      const inputs = model.graph.inputs.slice(0, 1);
      const initializers = [...model.graph.initializers, c];
      const folded = foldConstants({ ...model, graph: { ...model.graph, inputs, initializers } });
      expect(operators(folded)).toEqual(["Relu", operator, "Identity"]);
      const { name: _, ...condition } = c;
      const x = waves([2]);
      expect(await runModel(folded, { x })).toEqual(await runModel(model, { x, c: condition }));
    }
  });

  it.each<[string, (graph: GraphBuilder) => string]>([
    ["random", (graph) => graph.node("RandomNormal", [], { shape: ints([2]) })],
    [
      "large",
      (graph) =>
        graph.node("ConstantOfShape", [graph.constant(i64(1e6, 1e6))], {
          value: tensor({ type: "float32", shape: [1], data: Float32Array.of(1) }),
        }),
    ],
  ])("but not what is %s", (_, make) => {
    const graph = graphBuilder({ opset: 18 });
    graph.output({ name: "y" }, graph.node("Neg", [make(graph)]));
    expect(operators(foldConstants(graph.build()))).toHaveLength(3);
  });

  it("holds for weights listed as inputs before IR 4, not for defaults since", () => {
    const graph = graphBuilder({ opset: 18 });
    const weight = graph.constant(waves([2]), "w");
    graph.output({ name: "y" }, graph.node("Add", [graph.node("Neg", [weight]), weight]));
    const model = graph.build();
    const listed = (irVersion: number): OnnxModel => ({
      ...model,
      irVersion,
      graph: { ...model.graph, inputs: [{ name: "w", type: "float32", shape: [2] }] },
    });
    expect(operators(foldConstants(listed(3)))).not.toContain("Neg");
    expect(operators(foldConstants(listed(8)))).toContain("Neg");
    expect(operators(foldConstants(freezeDefaults(listed(8))))).not.toContain("Neg");
  });
});

describe("Free dimensions", () => {
  it("take a length everywhere", () => {
    const bound = bindDimensions(network({ batch: "N" }), { N: 1 });
    expect(bound.graph.inputs[0].shape).toEqual([1, 2, 4, 4]);
    expect(bound.graph.outputs[0].shape).toEqual([1, 3]);
    expect(inferTypes(bound).get("relu")).toEqual({ type: "float32", shape: [1, 3, 4, 4] });
  });

  it.each([
    [{ M: 3 }, /one of N/],
    [{ N: -1 }, /whole number/],
    [{ N: 1.5 }, /whole number/],
  ])("are refused: %j", (lengths, message) => {
    expect(() => bindDimensions(network({ batch: "N" }), lengths as never)).toThrow(message);
  });
});

describe("The batch of a model", () => {
  it("becomes any number, also where a reshape held it", async () => {
    const single = network({ batch: 1 });
    const { model, repaired, problems } = changeBatch(single, { batch: 3 });
    expect(problems).toEqual([]);
    expect(repaired).toEqual([
      expect.stringMatching(/^Reshape \(node "Reshape"\) now goes to \[0, 48\]/),
    ]);
    expect(model.graph.outputs[0].shape).toEqual([3, 3]);
    const x = waves([3, 2, 4, 4]);
    const { y } = await runModel(model, { x });
    for (let at = 0; at < 3; at++) {
      const data = (x.data as Float32Array).slice(32 * at, 32 * (at + 1));
      const one = await runModel(single, { x: { ...x, shape: [1, 2, 4, 4], data } });
      for (const [index, value] of one.y.values.entries()) {
        expect(y.values[3 * at + index]).toBeCloseTo(value as number, 5);
      }
    }
  });

  it("becomes free", () => {
    const { model } = changeBatch(network({ batch: 1 }), { batch: "batch" });
    expect(model.graph.inputs[0].shape).toEqual(["batch", 2, 4, 4]);
    expect(model.graph.outputs[0].shape).toEqual(["batch", 3]);
  });

  const reshapes: [from: number[], to: number[], repaired: number[] | undefined][] = [
    [
      [1, 3, 4],
      [1, -1],
      [0, -1],
    ],
    [[1, 3, 4], [-1, 12], undefined],
    [[1, 3, 4], [0, 12], undefined],
    [
      [1, 3, 4],
      [3, 4],
      [-1, 4],
    ],
    [
      [1, 6, 4],
      [1, 2, 3, 4],
      [0, 2, 3, 4],
    ],
  ];
  it.each(reshapes)("is let through a reshape of %j to %j", (from, to, expected) => {
    const graph = graphBuilder({ opset: 18 });
    const x = graph.input({ name: "x", type: "float32", shape: from });
    graph.output({ name: "y" }, graph.node("Reshape", [x, graph.constant(i64(...to))]));
    const { model, problems } = changeBatch(graph.build(), { batch: 5 });
    const target = model.graph.initializers[0].data as BigInt64Array;
    expect(Array.from(target, Number)).toEqual(expected ?? to);
    expect(problems).toEqual([]);
  });

  it("is followed through a transposition", () => {
    const graph = graphBuilder({ opset: 18 });
    const x = graph.input({ name: "x", type: "float32", shape: [1, 3, 4] });
    const turned = graph.node("Transpose", [x], { perm: ints([1, 0, 2]) });
    graph.output({ name: "y" }, graph.node("Reshape", [turned, graph.constant(i64(3, 1, 2, 2))]));
    const { model, problems } = changeBatch(graph.build(), { batch: 5 });
    expect(model.graph.outputs[0].shape).toEqual([3, 5, 2, 2]);
    expect(problems).toEqual([]);
  });

  it("is let through recurrent networks that start from zeros", () => {
    const graph = graphBuilder({ opset: 18 });
    const x = graph.input({ name: "x", type: "float32", shape: [4, 1, 2] });
    const turned = graph.node("Transpose", [x], { perm: ints([1, 0, 2]) });
    const zeros = graph.node("Expand", [
      graph.constant({ type: "float32", shape: [1, 4, 3], data: new Float32Array(12) }),
      graph.constant(i64(1, 4, 3)),
    ]);
    const weights = [graph.constant(waves([1, 9, 2])), graph.constant(waves([1, 9, 3]))];
    const [y] = graph.nodeWithOutputs("GRU", [turned, ...weights, "", "", zeros], 1, {
      hidden_size: int(3),
    });
    graph.output({ name: "y" }, y);
    const { model, problems } = changeBatch(graph.build(), { batch: 5 });
    expect(problems).toEqual([]);
    expect(model.graph.outputs[0].shape).toEqual([1, 1, 5, 3]);
  });

  it("is reported where a constant holds it", () => {
    const graph = graphBuilder({ opset: 18 });
    const x = graph.input({ name: "x", type: "float32", shape: [1, 3, 4] });
    const token = graph.constant(waves([1, 1, 4]));
    graph.output({ name: "y" }, graph.node("Concat", [token, x], { axis: int(1) }));
    expect(changeBatch(graph.build(), { batch: 5 }).problems).toEqual([
      'Concat (node "Concat") joins samples with a constant of batch 1.',
      'Output "y" still has a batch of 1.',
    ]);
  });
});

describe.skipIf(!hasBackendCases)("ONNX's backend tests (../shared/data/onnx)", () => {
  it("give the same after all passes", { timeout: 120_000 }, async () => {
    let changed = 0;
    for (const { name, model, feeds } of backendCases()) {
      if (!feeds) continue;
      if (model.graph.nodes.length < 2 || /bernoulli|dropout/.test(name)) continue;
      const passed = foldBatchNorm(foldConstants(freezeDefaults(removeDeadCode(model))));
      const before = await runModel(model, feeds).catch(() => undefined);
      if (!before || passed.graph.nodes.length === model.graph.nodes.length) continue;
      const after = await runModel(passed, feeds);
      for (const [output, { values, ...type }] of Object.entries(before)) {
        expect(after[output], name).toMatchObject(type);
        const differences = values.map((value, at) =>
          value === after[output].values[at] || Number.isNaN(value)
            ? 0
            : Math.abs(Number(value) - Number(after[output].values[at])),
        );
        expect(Math.max(0, ...differences), name).toBeLessThan(1e-4);
      }
      changed++;
    }
    expect(changed).toBeGreaterThan(30);
  });
});
