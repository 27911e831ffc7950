import { describe, expect, it } from "vitest";
import {
  evaluate,
  evaluateNode,
  graphBuilder,
  int,
  type OnnxModel,
  onnxTensor,
  plainTensor,
} from "../../../src/onnx/index.ts";

/** y = x / 3. */
function thirds(): OnnxModel {
  const graph = graphBuilder();
  const x = graph.input({ name: "x", type: "float32", shape: ["N"] });
  const three = graph.constant({ type: "float32", shape: [], data: Float32Array.of(3) });
  graph.output({ name: "y" }, graph.node("Div", [x, three]));
  return graph.build();
}

const x = { type: "float32", shape: [1], data: Float32Array.of(1) } as const;

describe("evaluate", () => {
  it("rounds to the declared type, or keeps float64 where asked to", () => {
    const float32 = evaluate(thirds(), { x }).y;
    expect(float32).toEqual({ ...x, data: Float64Array.of(Math.fround(1 / 3)) });
    const float64 = evaluate(thirds(), { x }, { precision: "float64" }).y;
    expect(float64.data[0]).toBe(1 / 3);
  });

  it("takes float64 numbers for a float32 input as they are", () => {
    const fine = { type: "float32", shape: [1], data: Float64Array.of(0.3) } as const;
    expect(evaluate(thirds(), { x: fine }, { precision: "float64" }).y.data[0]).toBe(0.3 / 3);
  });

  it("names an input that is not fed", () => {
    expect(() => evaluate(thirds(), {})).toThrow(/a tensor for the input "x", float32 \[N\]/);
  });

  it("names an operator that it has no rule for", () => {
    const graph = graphBuilder();
    graph.output({ name: "y" }, graph.node("NoSuchOperator", [graph.input({ name: "x", ...x })]));
    expect(() => evaluate(graph.build(), { x })).toThrow(
      /Cannot evaluate NoSuchOperator \(node "NoSuchOperator"\)/,
    );
  });

  it("lets whole numbers wrap as their type does", () => {
    const bytes = { type: "uint8", shape: [2], data: Uint8Array.of(200, 3) } as const;
    const node = {
      operator: "Add",
      domain: "",
      name: "sum",
      inputs: ["a", "b"],
      outputs: ["c"],
      attributes: {},
    };
    const [sum] = evaluateNode(node, [bytes, bytes], { opset: 18, precision: "float64" });
    expect(sum?.data).toEqual(Float64Array.of(144, 6));
  });

  it("runs a model's own operators, with attributes from the node or by default", () => {
    const graph = graphBuilder({ opset: 18 });
    const input = graph.input({ name: "x", type: "float32", shape: [2] });
    const run = (attributes = {}) => graph.node("SumOf", [input], attributes, { domain: "local" });
    graph.output({ name: "kept" }, run({ keeps: int(1) }));
    graph.output({ name: "gone" }, run());
    const model: OnnxModel = {
      ...graph.build(),
      functions: [
        {
          domain: "local",
          name: "SumOf",
          inputs: ["a"],
          outputs: ["b"],
          attributes: [],
          defaults: { keeps: int(0) },
          opsets: { "": 18 },
          nodes: [
            {
              operator: "ReduceSum",
              domain: "",
              name: "",
              inputs: ["a"],
              outputs: ["b"],
              attributes: { keepdims: { kind: "reference", value: "keeps", of: "int" } },
            },
          ],
        },
      ],
    };
    const pair = { type: "float32", shape: [2], data: Float32Array.of(1, 2) } as const;
    const { kept, gone } = evaluate(model, { x: pair });
    expect([kept.shape, gone.shape]).toEqual([[1], []]);
    expect([kept.data[0], gone.data[0]]).toEqual([3, 3]);
  });
});

describe("A plain tensor", () => {
  it("holds every half-precision number and gives its bits back", () => {
    const bits = Uint16Array.from({ length: 2 ** 16 }, (_, at) => at).filter(
      (half) => (half & 0x7c00) !== 0x7c00 || (half & 0x3ff) === 0,
    );
    for (const type of ["float16", "bfloat16"] as const) {
      const tensor = { type, shape: [bits.length], data: bits };
      const back = onnxTensor(plainTensor(tensor)).data;
      const isNumber = (half: number) => type === "float16" || (half & 0x7f80) !== 0x7f80;
      expect(back.filter((half) => isNumber(Number(half)))).toEqual(bits.filter(isNumber));
    }
  });

  it("rounds to half precision to the nearest, ties to even", () => {
    const halves = (value: number) =>
      plainTensor(onnxTensor({ type: "float16", shape: [], data: Float64Array.of(value) })).data[0];
    expect(halves(1 + 2 ** -11)).toBe(1);
    expect(halves(1 + 3 * 2 ** -11)).toBe(1 + 2 ** -9);
    expect(halves(65519)).toBe(65504);
    expect(halves(65520)).toBe(Number.POSITIVE_INFINITY);
    expect(halves(2 ** -25)).toBe(0);
    expect(halves(2 ** -25 * 1.001)).toBe(2 ** -24);
  });

  it("clamps 64-bit integers that float64 has rounded beyond their range", () => {
    const most = BigInt64Array.of(2n ** 63n - 1n);
    expect(onnxTensor(plainTensor({ type: "int64", shape: [1], data: most })).data).toEqual(most);
  });
});
