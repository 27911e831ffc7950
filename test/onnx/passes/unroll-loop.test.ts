// Loops of a known number of rounds written out: the evaluator runs both forms.

import { describe, expect, it } from "vitest";
import {
  type Attribute,
  differentiate,
  evaluate,
  foldConstants,
  graphBuilder,
  int,
  ints,
  type OnnxGraph,
  type OnnxModel,
  type OnnxTensor,
  openGraph,
} from "../../../src/onnx/index.ts";

const x: OnnxTensor = {
  ...{ type: "float32", shape: [3, 2] },
  data: Float32Array.of(0.5, -1, 2, 0.25, -0.75, 1.5),
};

const floats = (shape: readonly number[]) => ({ type: "float32", shape }) as const;
const int64 = (...data: number[]): OnnxTensor => ({
  ...{ type: "int64", shape: [] },
  data: BigInt64Array.from(data, BigInt),
});

const graphOf = (value: OnnxGraph): Attribute => ({ kind: "graph", value });

/** s ← s · x + i, with each s given out. */
function loop(rounds: number, condition: "kept" | "computed"): OnnxModel {
  const body = graphBuilder({ opset: 21 });
  const i = body.input({ name: "i", type: "int64", shape: [] });
  const on = body.input({ name: "on", type: "bool", shape: [] });
  const s = body.input({ name: "s", ...floats([3, 2]) });
  const product = body.node("Mul", [s, "x"], {}, { output: "product" });
  const next = body.node("Add", [product, body.node("Cast", [i], { to: int(1) })]);
  const stays = condition === "kept" ? on : body.node("Less", [i, body.constant(int64(9))]);
  body.output({ name: "on/next" }, stays);
  body.output({ name: "s/next" }, next);
  body.output({ name: "row" }, next);
  const graph = graphBuilder({ opset: 21 });
  graph.input({ name: "x", ...floats([3, 2]) });
  const inputs = [graph.constant(int64(rounds)), "", "x"];
  const outputs = graph.nodeWithOutputs("Loop", inputs, 2, { body: graphOf(body.build().graph) });
  for (const [at, name] of outputs.entries()) graph.output({ name: `y${at}` }, name);
  return graph.build();
}

/** s ← s + row, along rows from the last to the first. */
function scan(): OnnxModel {
  const body = graphBuilder({ opset: 21 });
  const s = body.input({ name: "s", ...floats([2]) });
  const row = body.input({ name: "row", ...floats([2]) });
  const next = body.node("Add", [body.node("Mul", [s, s]), row]);
  body.output({ name: "s/next" }, next);
  body.output({ name: "all" }, next);
  const graph = graphBuilder({ opset: 21 });
  graph.input({ name: "x", ...floats([3, 2]) });
  const start = graph.constant({ ...floats([2]), data: new Float32Array(2) });
  const outputs = graph.nodeWithOutputs("Scan", [start, "x"], 2, {
    ...{ body: graphOf(body.build().graph), num_scan_inputs: int(1) },
    ...{ scan_input_directions: ints([1]), scan_output_directions: ints([1]) },
    scan_output_axes: ints([1]),
  });
  for (const [at, name] of outputs.entries()) graph.output({ name: `y${at}` }, name);
  return graph.build();
}

const operatorsOf = ({ graph }: OnnxModel) => graph.nodes.map(({ operator }) => operator);

describe("A loop", () => {
  it.each([
    ["Loop", loop(3, "kept")],
    ["Scan", scan()],
  ])("(%s) of known rounds is written out to the same numbers", (operator, model) => {
    const flat = foldConstants(model, { unroll: 100 });
    expect(operatorsOf(model)).toContain(operator);
    expect(operatorsOf(flat)).not.toContain(operator);
    expect(evaluate(flat, { x })).toEqual(evaluate(model, { x }));
  });

  it.each([
    ["is not asked to go", loop(3, "kept"), undefined],
    ["would become too many nodes", loop(30, "kept"), 100],
    ["computes whether it goes on", loop(3, "computed"), 100],
    ["goes no round", loop(0, "kept"), 100],
  ])("stays where it %s", (_, model, unroll) => {
    expect(operatorsOf(foldConstants(model, { unroll }))).toContain("Loop");
  });

  it("that is written out has gradients", () => {
    const graph = openGraph(foldConstants(loop(2, "kept"), { unroll: 100 }));
    const sum = graph.node("ReduceSum", ["y0"], { keepdims: int(0) });
    graph.output({ name: "dx" }, differentiate(graph, { of: sum, by: ["x"] }).x);
    const { dx } = evaluate(graph.build(), { x });
    // y = (x · x + 0) x + 1, so dy/dx = 3 x².
    expect([...(dx.data as Float64Array)]).toEqual(
      Array.from(x.data as Float32Array, (value) => 3 * value * value),
    );
  });
});
