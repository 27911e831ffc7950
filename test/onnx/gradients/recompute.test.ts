// Gradient checkpointing: the same gradients, from less memory.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { openSession } from "#session";
import {
  algebraOf,
  differentiate,
  encodeModel,
  evaluate,
  graphBuilder,
  ints,
  type OnnxTensor,
} from "../../../src/onnx/index.ts";

const ones = (shape: number[], scale = 1): OnnxTensor => ({
  type: "float32",
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)).map((_, at) => scale * Math.sin(at + 1)),
});

/** A chain of convolutions with a skip over them, pooled by the index of the largest; its parameters "w0", "w1", … */
function chain(isCheckpointed: boolean) {
  const graph = graphBuilder({ opset: 18 });
  const m = algebraOf(graph);
  const x = graph.input({ name: "x", type: "float32", shape: [1, 2, 6, 6] });
  const by = ["w0", "w1", "w2", "w3"];
  const layers: string[] = [];
  for (const name of by) {
    const w = graph.input({ name, type: "float32", shape: [2, 2, 3, 3] });
    const conv = m.op("Conv", [layers.at(-1) ?? x, w], { pads: ints([1, 1, 1, 1]) });
    layers.push(m.op("Softplus", [conv]));
  }
  const joined = m.add(layers[0], layers[3]);
  const pooled = m.op("MaxPool", [joined], { kernel_shape: ints([3, 3]), strides: ints([2, 2]) });
  const loss = m.sum(m.mul(pooled, pooled));
  const forward = graph.nodes.length;
  const checkpoints = isCheckpointed ? [layers[1], layers[3]] : undefined;
  const gradients = differentiate(graph, { of: loss, by, checkpoints });
  for (const name of by) graph.output({ name: `d${name}` }, gradients[name]);
  const feeds = {
    x: ones([1, 2, 6, 6]),
    ...Object.fromEntries(by.map((name, at) => [name, ones([2, 2, 3, 3], 0.2 + 0.1 * at)])),
  };
  return { model: graph.build(), forward, feeds, by };
}

describe("Checkpoints", () => {
  it("leave the gradients as they are", () => {
    const [plain, checkpointed] = [chain(false), chain(true)];
    const wanted = evaluate(plain.model, plain.feeds, { precision: "float64" });
    const found = evaluate(checkpointed.model, plain.feeds, { precision: "float64" });
    for (const name of plain.by) expect(found[`d${name}`].data).toEqual(wanted[`d${name}`].data);
  });

  it("compute again what lies between, once", () => {
    const { model, forward } = chain(true);
    const again = model.graph.nodes
      .slice(forward)
      .filter(({ operator }) => ["Softplus", "MaxPool"].includes(operator))
      .map(({ operator }) => operator);
    // The input of the first two layers' gradients is their output; the last layer's is a checkpoint.
    expect(again.sort()).toEqual(["MaxPool", "Softplus", "Softplus"]);
    const read = new Set(model.graph.nodes.slice(forward).flatMap(({ inputs }) => inputs));
    const kept = model.graph.nodes.slice(0, forward).flatMap(({ outputs }) => outputs);
    expect(kept.filter((name) => read.has(name))).toEqual(["Softplus_1:0", "Softplus_3:0"]);
  });

  it("keep what chance has drawn", async () => {
    const graph = graphBuilder({ opset: 18 });
    const m = algebraOf(graph);
    const x = graph.input({ name: "x", type: "float32", shape: [200] });
    const ratio = m.scalarLike(0.5, x);
    const training = graph.constant({ type: "bool", shape: [], data: Uint8Array.of(1) });
    const [dropped] = graph.nodeWithOutputs("Dropout", [m.exp(x), ratio, training], 1);
    const y = m.mul(dropped, dropped);
    const { x: gradient } = differentiate(graph, { of: m.sum(y), by: ["x"], checkpoints: [] });
    graph.output({ name: "y" }, y);
    graph.output({ name: "dx" }, gradient);
    const session = await openSession(encodeModel(graph.build()));
    const results = await session.run({ x: ones([200]) });
    await session.close();
    const [values, slopes] = [results.y.data as Float32Array, results.dx.data as Float32Array];
    // y = (2 eˣ)² or 0, so dy/dx = 2 y.
    expect(values.filter((value) => value === 0).length).toBeGreaterThan(50);
    for (const [at, value] of values.entries()) expect(slopes[at]).toBeCloseTo(2 * value, 4);
  });

  it("lower the peak memory of ONNX Runtime, as does the order of nodes", () => {
    const script = fileURLToPath(new URL("peak-memory.ts", import.meta.url));
    const peak = (...args: string[]): { peakMb: number; sum: number } => {
      const command = ["--conditions=roentgen-source", script, "48", ...args];
      return JSON.parse(execFileSync(process.execPath, command, { encoding: "utf8" }));
    };
    const [built, scheduled, checkpointed] = [
      peak("0"),
      peak("0", "scheduled"),
      peak("7", "scheduled"),
    ];
    expect(scheduled.sum).toBeCloseTo(built.sum, 3);
    expect(checkpointed.sum).toBeCloseTo(built.sum, 3);
    // 48 layers of 4 MB each: their outputs and slopes; their outputs; every seventh output and seven more.
    expect(scheduled.peakMb).toBeLessThan(built.peakMb - 120);
    expect(checkpointed.peakMb).toBeLessThan(scheduled.peakMb - 100);
  });
});
