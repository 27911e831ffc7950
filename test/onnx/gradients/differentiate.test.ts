import { describe, expect, it } from "vitest";
import { openSession } from "#session";
import {
  algebraOf,
  differentiate,
  encodeModel,
  type GraphBuilder,
  graphBuilder,
  int,
  ints,
} from "../../../src/onnx/index.ts";

/** A small network of the classic kind; every input but "x" is a parameter. */
function smallNetwork(): { graph: GraphBuilder; loss: string; parameters: string[] } {
  const graph = graphBuilder({ opset: 18 });
  const m = algebraOf(graph);
  const parameter = (name: string, shape: number[]) =>
    graph.input({ name, type: "float32", shape });
  const x = graph.input({ name: "x", type: "float32", shape: [2, 1, 8, 8] });
  const hidden = m.op("Relu", [
    m.op("Conv", [x, parameter("w1", [3, 1, 3, 3]), parameter("b1", [3])]),
  ]);
  const pooled = m.op("MaxPool", [hidden], { kernel_shape: ints([2, 2]), strides: ints([2, 2]) });
  const flat = m.op("Flatten", [pooled]);
  const logits = m.op("Gemm", [flat, parameter("w2", [4, 27]), parameter("b2", [4])], {
    transB: int(1),
  });
  const loss = m.mean(m.op("Softplus", [logits]));
  return { graph, loss, parameters: ["w1", "b1", "w2", "b2"] };
}

describe("differentiate", () => {
  it("gives the slopes of a small network that central differences give", async () => {
    const { graph, loss, parameters } = smallNetwork();
    const gradients = differentiate(graph, { of: loss, by: parameters });
    graph.output({ name: "loss" }, loss);
    for (const name of parameters) graph.output({ name: `d${name}` }, gradients[name]);
    const model = graph.build();
    const session = await openSession(encodeModel(model));
    const feeds = Object.fromEntries(
      model.graph.inputs.map(({ name, shape = [] }, seed) => {
        const lengths = shape.map(Number);
        const count = lengths.reduce((product, length) => product * length, 1);
        const data = Float32Array.from({ length: count }, (_, at) => Math.sin(7 * at + 3 * seed));
        return [name, { type: "float32" as const, shape: lengths, data }];
      }),
    );
    const at = await session.run(feeds);
    for (const name of parameters) {
      const values = feeds[name].data;
      const step = 1e-2;
      for (let index = 0; index < values.length; index += 5) {
        const shifted = async (by: number) => {
          const data = values.with(index, values[index] + by);
          const { loss } = await session.run({ ...feeds, [name]: { ...feeds[name], data } });
          return (loss.data as Float32Array)[0];
        };
        const slope = ((await shifted(step)) - (await shifted(-step))) / (2 * step);
        expect((at[`d${name}`].data as Float32Array)[index]).toBeCloseTo(slope, 2);
      }
    }
    await session.close();
  });

  it("names the operator and node that it can't go through", () => {
    const graph = graphBuilder({ opset: 18 });
    const x = graph.input({ name: "x", type: "float32", shape: [3] });
    const y = graph.node("Det", [x]);
    expect(() => differentiate(graph, { of: y, by: [x] })).toThrow(
      /Cannot differentiate through Det \(node "Det"\)/,
    );
  });
});
