// Mixed precision rounds what goes into products, and nothing else.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../../src/base/index.ts";
import {
  algebraOf,
  evaluate,
  graphBuilder,
  int,
  ints,
  mixedPrecision,
  type OnnxModel,
  type OnnxTensor,
} from "../../../src/onnx/index.ts";

const STEPS = ["relu", "pool", "pad", "turn", "halves", "shift", "convolve", "softmax"] as const;

/** Steps one after another over [1, 2, 4, 4], the last of them a convolution. */
function chain(steps: readonly (typeof STEPS)[number][]): OnnxModel {
  const graph = graphBuilder({ opset: 21 });
  const m = algebraOf(graph);
  let x = graph.input({ name: "x", type: "float32", shape: [1, 2, 4, 4] });
  const filters = graph.constant(noise([2, 2, 1, 1], 1));
  const apply: Record<(typeof STEPS)[number], (term: string) => string> = {
    relu: (term) => m.op("Relu", [term]),
    pool: (term) => m.op("MaxPool", [term], { kernel_shape: ints([1, 1]) }),
    pad: (term) => m.op("Pad", [term, m.lengths([0, 0, 0, 1, 0, 0, 0, 1])]),
    turn: (term) => m.transpose(term, [0, 1, 3, 2]),
    halves: (term) => {
      const parts = graph.nodeWithOutputs("Split", [term], 2, {
        num_outputs: int(2),
        axis: int(1),
      });
      return m.op("Concat", parts.toReversed(), { axis: int(1) });
    },
    shift: (term) => m.add(term, 0.1),
    convolve: (term) => m.op("Conv", [term, filters]),
    softmax: (term) => m.op("Softmax", [term], { axis: int(1) }),
  };
  for (const step of [...steps, "convolve"] as const) x = apply[step](x);
  graph.output({ name: "y" }, x);
  return graph.build();
}

function noise(shape: readonly number[], seed: number): OnnxTensor {
  const random = randomStream({ seed, purpose: "noise" });
  const count = shape.reduce((product, length) => product * length, 1);
  return { type: "float32", shape, data: new Float32Array(count).map(() => random.normal()) };
}

describe("mixedPrecision", () => {
  const chains = fc.array(fc.constantFrom(...STEPS), { maxLength: 7 });
  const feeds = { x: noise([1, 2, 4, 4], 2) };

  it("computes the same where nothing is rounded", () => {
    fc.assert(
      fc.property(chains, (steps) => {
        const model = chain(steps);
        const [before, after] = [model, mixedPrecision(model)].map((one) =>
          evaluate(one, feeds, { precision: "float64" }),
        );
        expect(after.y).toEqual(before.y);
      }),
    );
  });

  it("casts once on the way into a run of products and once on the way out", () => {
    const castsOf = (steps: Parameters<typeof chain>[0]) =>
      mixedPrecision(chain(steps)).graph.nodes.filter(({ operator }) => operator === "Cast").length;
    // Numbers in, filters, numbers out.
    expect(castsOf(["convolve", "relu", "pad", "turn", "halves"])).toBe(3);
    expect(castsOf(["convolve", "softmax"])).toBe(5);
  });

  it("gives numbers of float16's precision", () => {
    const model = chain(["convolve", "relu"]);
    const [exact, mixed] = [model, mixedPrecision(model)].map((one) => evaluate(one, feeds).y);
    const differences = Array.from(mixed.data as Float64Array, (value, at) =>
      Math.abs(value - Number(exact.data[at])),
    );
    expect(Math.max(...differences)).toBeGreaterThan(1e-5);
    expect(Math.max(...differences)).toBeLessThan(1e-2);
  });

  it("leaves products of other types alone", () => {
    const graph = graphBuilder({ opset: 21 });
    const a = graph.input({ name: "a", type: "float64", shape: [2, 2] });
    graph.output({ name: "y" }, graph.node("MatMul", [a, a]));
    const model = graph.build();
    expect(mixedPrecision(model).graph.nodes).toEqual(model.graph.nodes);
  });
});
