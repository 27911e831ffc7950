import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openSession } from "#session";
import { RoentgenError } from "../../src/base/index.ts";
import {
  decodeModel,
  encodeModel,
  float,
  floats,
  graphBuilder,
  int,
  ints,
  ML,
  type OnnxModel,
  tensor,
  text,
  texts,
} from "../../src/onnx/index.ts";

/** y = (x − mean) · scale, and a label from a one-hot of `site`. */
function sampleModel(): OnnxModel {
  const graph = graphBuilder();
  const x = graph.input({ name: "x", type: "float32", shape: ["N", 2] });
  const site = graph.input({ name: "site", type: "string", shape: ["N", 1] });
  const mean = graph.constant({ type: "float32", shape: [2], data: new Float32Array([1, 2]) });
  const scaled = graph.node("Mul", [
    graph.node("Sub", [x, mean]),
    graph.constant({ type: "float32", shape: [2], data: new Float32Array([10, 100]) }),
  ]);
  const hot = graph.node(
    "OneHotEncoder",
    [site],
    { cats_strings: texts(["a", "ü"]), zeros: int(1) },
    { domain: ML },
  );
  const flat = graph.node("Reshape", [
    hot,
    graph.constant({ type: "int64", shape: [2], data: new BigInt64Array([0n, 2n]) }),
  ]);
  graph.output(
    { name: "y", type: "float32", shape: ["N", 4] },
    graph.node("Concat", [scaled, flat], { axis: int(1) }),
  );
  return graph.build({ name: "sample", metadata: { purpose: "test" } });
}

describe("an ONNX model", () => {
  it("runs in ONNX Runtime as it was built", async () => {
    const session = await openSession(encodeModel(sampleModel()));
    expect(session.inputNames).toEqual(["x", "site"]);
    const { y } = await session.run({
      x: { type: "float32", shape: [2, 2], data: new Float32Array([1, 2, 3, 4]) },
      site: { type: "string", shape: [2, 1], data: ["ü", "other"] },
    });
    expect(y.shape).toEqual([2, 4]);
    expect(y.data).toEqual(new Float32Array([0, 0, 0, 1, 20, 200, 0, 0]));
    await session.close();
  });

  it("is read back as it was written, with every kind of attribute", () => {
    const graph = graphBuilder();
    const x = graph.input({ name: "x", type: "float64", shape: [] });
    const out = graph.node("Anything", [x], {
      whole: int(-3),
      real: float(0.5),
      word: text("größe"),
      wholes: ints([1, -2, 2 ** 40]),
      reals: floats([0.25, Number.NaN]),
      words: texts(["", "b"]),
      array: tensor({ type: "float64", shape: [2], data: new Float64Array([1 / 3, -0]) }),
    });
    graph.output({ name: "out", type: "float64", shape: ["N", 3] }, out);
    const model = graph.build();
    expect(decodeModel(encodeModel(model))).toEqual(model);
    expect(encodeModel(decodeModel(encodeModel(model)))).toEqual(encodeModel(model));
  });

  it("that is damaged gives an error and nothing else", () => {
    const bytes = encodeModel(sampleModel());
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.nat(bytes.length),
        (changes, length) => {
          const damaged = bytes.slice();
          for (const [at, value] of changes) damaged[at] = value;
          try {
            decodeModel(damaged.subarray(0, length));
          } catch (error) {
            expect(error).toBeInstanceOf(RoentgenError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("that ONNX Runtime refuses is reported with its reason", async () => {
    const graph = graphBuilder();
    const x = graph.input({ name: "x", type: "float32", shape: [1] });
    graph.output({ name: "y", type: "float32", shape: [1] }, graph.node("NoSuchOperator", [x]));
    await expect(openSession(encodeModel(graph.build()))).rejects.toThrow(/NoSuchOperator/);
  });
});
