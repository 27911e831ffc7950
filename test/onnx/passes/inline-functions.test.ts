import { describe, expect, it } from "vitest";
import {
  float,
  inlineFunctions,
  int,
  type OnnxFunction,
  type OnnxModel,
  type OnnxNode,
  renameTensors,
  upgradeModel,
} from "../../../src/onnx/index.ts";
import { runModel, waves } from "./run-model.ts";

const node = (more: Partial<OnnxNode> & Pick<OnnxNode, "operator">): OnnxNode => ({
  domain: "",
  name: "",
  inputs: [],
  outputs: [],
  attributes: {},
  ...more,
});

/** scaled(x) = Softmax(Elu(x; alpha), axis); `axis` is 1 unless given, Softmax in the sense of opset 12. */
const scaled: OnnxFunction = {
  domain: "own",
  name: "Scaled",
  inputs: ["a", "unused"],
  outputs: ["b", "rest"],
  attributes: ["alpha", "beta"],
  defaults: { axis: int(1) },
  opsets: { "": 12 },
  nodes: [
    node({
      operator: "Elu",
      inputs: ["a"],
      outputs: ["t"],
      attributes: { alpha: { kind: "reference", value: "alpha", of: "float" } },
    }),
    node({
      operator: "Softmax",
      inputs: ["t"],
      outputs: ["b"],
      attributes: { axis: { kind: "reference", value: "axis", of: "int" } },
    }),
    node({ operator: "Identity", inputs: ["t"], outputs: ["rest"] }),
  ],
};

/** twice(x) = scaled(scaled(x)), and x itself. */
const twice: OnnxFunction = {
  ...scaled,
  name: "Twice",
  inputs: ["a"],
  outputs: ["b", "a"],
  opsets: { "": 12, own: 1 },
  attributes: [],
  nodes: ["a", "t"].map((input, at) =>
    node({
      operator: "Scaled",
      domain: "own",
      inputs: [input],
      outputs: [at === 0 ? "t" : "b"],
      attributes: { alpha: float(0.5) },
    }),
  ),
};

function modelOf(functions: readonly OnnxFunction[]): OnnxModel {
  return {
    irVersion: 8,
    opsets: { "": 17, own: 1 },
    producer: "test",
    metadata: {},
    functions,
    graph: {
      name: "g",
      // "t" is a name of the functions' own too.
      inputs: [{ name: "t", type: "float32", shape: [2, 3, 2] }],
      outputs: [
        { name: "y", type: "float32" },
        { name: "same", type: "float32" },
      ],
      initializers: [],
      nodes: [node({ operator: "Twice", domain: "own", inputs: ["t"], outputs: ["y", "same"] })],
    },
  };
}

describe("Functions in place of their calls", () => {
  it("give what they say, each in its own version and with its own names", async () => {
    const x = waves([2, 3, 2]);
    const model = inlineFunctions(modelOf([scaled, twice]));
    expect(model.functions).toBeUndefined();
    const { y, same } = await runModel(model, { t: x });
    expect(same.values).toEqual(Array.from(x.data as Float32Array));
    const expected = softmaxOfRows(softmaxOfRows([...same.values] as number[]));
    for (const [at, value] of expected.entries()) expect(y.values[at]).toBeCloseTo(value, 5);
    expect(await runModel(upgradeModel(modelOf([scaled, twice])), { t: x })).toEqual({ y, same });
  });

  it("are refused where one calls itself", () => {
    const calls = [node({ operator: "Twice", domain: "own", inputs: ["a"], outputs: ["b"] })];
    expect(() => inlineFunctions(modelOf([{ ...twice, nodes: calls }]))).toThrow(/calls itself/);
  });

  it("are refused where they double without end", () => {
    const levels = Array.from({ length: 40 }, (_, level) => ({
      ...twice,
      name: level === 39 ? "Twice" : `L${level}`,
      outputs: ["b"],
      nodes: ["t", "b"].map((output) =>
        node({
          operator: level === 0 ? "Relu" : `L${level - 1}`,
          domain: "own",
          outputs: [output],
        }),
      ),
    }));
    expect(() => inlineFunctions(modelOf(levels))).toThrow(
      expect.objectContaining({ code: "too-large" }),
    );
  });
});

describe("Tensors with other names", () => {
  const model = modelOf([]);

  it("keep what is computed", () => {
    const { inputs, nodes } = renameTensors(model, { t: "x", y: "t" }).graph;
    expect(inputs[0].name).toBe("x");
    expect(nodes[0]).toMatchObject({ inputs: ["x"], outputs: ["t", "same"] });
  });

  it.each([
    [{ nothing: "x" }, /"nothing"/],
    [{ t: "y" }, /"y"/],
    [{ t: "" }, /new name/],
  ])("are refused: %j", (names, message) => {
    expect(() => renameTensors(model, names as Record<string, string>)).toThrow(message);
  });
});

/** Softmax over rows of six, as opset 12 takes [2, 3, 2] with axis 1, of Elu with α = ½. */
function softmaxOfRows(values: number[]): number[] {
  const rows = [values.slice(0, 6), values.slice(6)];
  return rows.flatMap((row) => {
    const powers = row.map((x) => Math.exp(x > 0 ? x : 0.5 * Math.expm1(x)));
    const sum = powers.reduce((total, power) => total + power, 0);
    return powers.map((power) => power / sum);
  });
}
