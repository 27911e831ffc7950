import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openSession } from "#session";
import {
  algebraOf,
  encodeModel,
  graphBuilder,
  ints,
  type OnnxModel,
  planarConvolutions,
  poolBeforeRelu,
} from "../../../src/onnx/index.ts";

/** Runs a model on waves. */
async function run(model: OnnxModel): Promise<Record<string, Float32Array>> {
  const session = await openSession(encodeModel(model));
  const feeds = model.graph.inputs.map(({ name, shape = [] }, seed) => {
    const lengths = shape.map(Number);
    const count = lengths.reduce((product, length) => product * length, 1);
    const data = Float32Array.from({ length: count }, (_, at) => Math.sin(3 * at + seed));
    return [name, { type: "float32" as const, shape: lengths, data }] as const;
  });
  const outputs = await session.run(Object.fromEntries(feeds));
  await session.close();
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { data }]) => [name, data as Float32Array]),
  );
}

/** A 3-D convolution of 16³ voxels and more, with whatever attributes. */
const convolution = fc.record({
  batch: fc.integer({ min: 1, max: 2 }),
  channels: fc.integer({ min: 1, max: 3 }),
  filters: fc.integer({ min: 1, max: 3 }),
  kernel: fc.tuple(...[1, 2, 3].map(() => fc.integer({ min: 1, max: 3 }))),
  strides: fc.tuple(...[1, 2, 3].map(() => fc.integer({ min: 1, max: 2 }))),
  dilations: fc.tuple(...[1, 2, 3].map(() => fc.integer({ min: 1, max: 2 }))),
  pads: fc.tuple(...[1, 2, 3, 4, 5, 6].map(() => fc.integer({ min: 0, max: 2 }))),
  hasBias: fc.boolean(),
});

describe("planarConvolutions", () => {
  it("gives what the 3-D convolution gives, whatever its attributes", async () => {
    let rewritten = 0;
    const property = fc.asyncProperty(convolution, async (c) => {
      const graph = graphBuilder({ opset: 18 });
      const x = graph.input({
        name: "x",
        type: "float32",
        shape: [c.batch, c.channels, 16, 17, 18],
      });
      const w = graph.input({
        name: "w",
        type: "float32",
        shape: [c.filters, c.channels, ...c.kernel],
      });
      const bias = c.hasBias
        ? [graph.input({ name: "b", type: "float32", shape: [c.filters] })]
        : [];
      const attributes = {
        strides: ints(c.strides),
        dilations: ints(c.dilations),
        pads: ints(c.pads),
      };
      graph.output({ name: "y" }, graph.node("Conv", [x, w, ...bias], attributes));
      const model = graph.build();
      const planar = planarConvolutions(model);
      if (planar.graph.nodes.some(({ operator }) => operator === "Slice")) rewritten += 1;
      const [{ y: expected }, { y: found }] = [await run(model), await run(planar)];
      expect(found.length).toBe(expected.length);
      for (const [at, value] of expected.entries()) expect(found[at]).toBeCloseTo(value, 4);
    });
    await fc.assert(property, { numRuns: 25 });
    expect(rewritten).toBeGreaterThan(3);
  });
});

describe("poolBeforeRelu", () => {
  it("exchanges the two where nobody else looks in between, and gives the same bits", async () => {
    const graph = graphBuilder({ opset: 18 });
    const m = algebraOf(graph);
    const x = graph.input({ name: "x", type: "float32", shape: [1, 2, 8, 8] });
    const window = { kernel_shape: ints([2, 2]), strides: ints([2, 2]) };
    const alone = m.op("MaxPool", [m.op("Relu", [x])], window);
    const seen = m.op("Relu", [m.neg(x)]);
    graph.output({ name: "alone" }, alone);
    graph.output({ name: "seen" }, seen);
    graph.output({ name: "pooled" }, m.op("MaxPool", [seen], window));
    const model = graph.build();
    const exchanged = poolBeforeRelu(model);
    const order = exchanged.graph.nodes.map(({ operator }) => operator);
    expect(order.filter((operator) => operator === "Relu" || operator === "MaxPool")).toEqual([
      "MaxPool",
      "Relu",
      "Relu",
      "MaxPool",
    ]);
    expect(await run(exchanged)).toEqual(await run(model));
  });
});
