import { describe, expect, it } from "vitest";
import { algebraOf, evaluate, graphBuilder, int, shareEqual } from "../../../src/onnx/index.ts";

const row = (...values: number[]) => ({
  ...{ type: "float32" as const, shape: [values.length], data: Float32Array.from(values) },
});

/** y and z, each (x + [1, 2]) · its own factor, from constants of their own. */
function twins(factors: readonly [number, number]) {
  const graph = graphBuilder();
  const m = algebraOf(graph);
  const x = graph.input({ name: "x", type: "float32", shape: [2] });
  for (const [at, name] of ["y", "z"].entries()) {
    const sum = m.add(x, graph.constant(row(1, 2), `shift${at}`));
    graph.output({ name }, m.mul(sum, graph.constant(row(factors[at], 1), `factor${at}`)));
  }
  return graph.build();
}

describe("sharing what is equal", () => {
  it.each<[string, [number, number], number, number]>([
    ["the first steps alone where the next differ", [3, 4], 3, 3],
    ["all but the names of outputs", [3, 3], 2, 2],
    ["nothing of 0 and −0", [0, -0], 3, 3],
  ])("merges %s", (_, factors, constants, computed) => {
    const model = twins(factors);
    const { graph } = shareEqual(model);
    expect(graph.initializers).toHaveLength(constants);
    expect(graph.nodes.filter(({ operator }) => operator !== "Identity")).toHaveLength(computed);
    expect(graph.outputs).toEqual(model.graph.outputs);
    const x = row(5, -7);
    expect(evaluate(shareEqual(model), { x })).toEqual(evaluate(model, { x }));
  });

  it("keeps nodes apart that differ in an attribute, and those that draw at random", () => {
    const graph = graphBuilder();
    const x = graph.input({ name: "x", type: "float32", shape: [2, 3] });
    for (const axis of [0, 1, 1]) {
      graph.output(
        { name: `soft${graph.nodes.length}` },
        graph.node("Softmax", [x], { axis: int(axis) }),
      );
      graph.output({ name: `random${graph.nodes.length}` }, graph.node("RandomNormalLike", [x]));
    }
    const operators = shareEqual(graph.build()).graph.nodes.map(({ operator }) => operator);
    expect(operators.filter((one) => one === "Softmax")).toHaveLength(2);
    expect(operators.filter((one) => one === "RandomNormalLike")).toHaveLength(3);
  });
});
