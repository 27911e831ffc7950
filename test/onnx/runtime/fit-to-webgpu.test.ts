// Forms for WebGPU compute what the operators compute whose place they take; ONNX Runtime's CPU is the judge.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  algebraOf,
  decodeModel,
  differentiate,
  encodeModel,
  float,
  graphBuilder,
  int,
  ints,
  type OnnxModel,
  openSession,
  text,
} from "../../../src/onnx/index.ts";
import { fitToWebGpu } from "../../../src/onnx/runtime/webgpu/fit-to-webgpu.ts";

/** Numbers of which many are equal. */
function steps(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, (_, at) => ((at * 7919 + seed * 104729) % 11) - 5);
}

const countOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

async function outputsOf(bytes: Uint8Array): Promise<number[][]> {
  const session = await openSession(bytes, { threads: 1 });
  const { inputs } = decodeModel(bytes).graph;
  const feeds = inputs.map(({ name, shape }, at) => {
    // A free batch is of two.
    const lengths = (shape ?? []).map((length) => (typeof length === "string" ? 2 : length));
    return [name, { type: "float32", shape: lengths, data: steps(countOf(lengths), at) }] as const;
  });
  const outputs = await session.run(Object.fromEntries(feeds));
  await session.close();
  return Object.values(outputs).map(({ data }) => [...(data as Float32Array)]);
}

async function expectSame(model: OnnxModel, refused: (operators: string[]) => boolean) {
  const operators = (bytes: Uint8Array) =>
    decodeModel(bytes).graph.nodes.map(
      ({ operator, outputs }) => `${operator} ${outputs.filter(Boolean).length}`,
    );
  const bytes = encodeModel(model);
  const fitted = fitToWebGpu(bytes);
  expect(refused(operators(bytes))).toBe(true);
  expect(refused(operators(fitted))).toBe(false);
  const [before, after] = [await outputsOf(bytes), await outputsOf(fitted)];
  for (const [index, values] of before.entries()) {
    expect(after[index].length).toBe(values.length);
    for (const [at, value] of values.entries()) expect(after[index][at]).toBeCloseTo(value, 4);
  }
}

const axis = fc.record({
  length: fc.integer({ min: 4, max: 9 }),
  kernel: fc.integer({ min: 1, max: 3 }),
  stride: fc.integer({ min: 1, max: 3 }),
  dilation: fc.integer({ min: 1, max: 2 }),
  before: fc.integer({ min: 0, max: 1 }),
  after: fc.integer({ min: 0, max: 1 }),
});

describe("fitToWebGpu", () => {
  it("gives gradients of max pools of any window without positions", async () => {
    const pools = fc.record({
      axes: fc.array(axis, { minLength: 1, maxLength: 3 }),
      ceil: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(pools, async ({ axes, ceil }) => {
        // Padding is smaller than the kernel, as the runtime wants it; whether ceil_mode counts windows that start in the
        // padding is not agreed upon.
        fc.pre(!ceil || axes.every((one) => one.stride <= one.kernel && one.after === 0));
        fc.pre(axes.every((one) => one.length > (one.kernel - 1) * one.dilation));
        const pad = (side: "before" | "after") =>
          axes.map((one) => Math.min(one[side], one.kernel - 1));
        const graph = graphBuilder({ opset: 21 });
        const shape = [2, 3, ...axes.map(({ length }) => length)];
        const x = graph.input({ name: "x", type: "float32", shape });
        const m = algebraOf(graph);
        const y = m.op("MaxPool", [x], {
          kernel_shape: ints(axes.map(({ kernel }) => kernel)),
          strides: ints(axes.map(({ stride }) => stride)),
          dilations: ints(axes.map(({ dilation }) => dilation)),
          pads: ints([...pad("before"), ...pad("after")]),
          ceil_mode: int(ceil ? 1 : 0),
        });
        const weights = graph.input({ name: "w", type: "float32", shape: graph.shapeOf(y) });
        const { x: dx } = differentiate(graph, { of: m.sum(m.mul(y, weights)), by: ["x"] });
        graph.output({ name: "dx" }, dx);
        const isThree = axes.length === 3;
        await expectSame(graph.build(), (operators) =>
          operators.some((one) => one === "MaxPool 2" || (isThree && one === "ConvTranspose 1")),
        );
      }),
      { numRuns: 60 },
    );
  });

  it("gives transposed convolutions over three axes as convolutions", async () => {
    const lengths = fc.record({
      length: fc.integer({ min: 1, max: 4 }),
      kernel: fc.integer({ min: 1, max: 4 }),
      stride: fc.integer({ min: 1, max: 3 }),
      dilation: fc.integer({ min: 1, max: 2 }),
      before: fc.integer({ min: 0, max: 3 }),
      after: fc.integer({ min: 0, max: 3 }),
      extra: fc.integer({ min: 0, max: 2 }),
    });
    const convolutions = fc.record({
      axes: fc.array(lengths, { minLength: 3, maxLength: 3 }),
      group: fc.integer({ min: 1, max: 2 }),
      hasBias: fc.boolean(),
      hasFreeBatch: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(convolutions, async ({ axes, group, hasBias, hasFreeBatch }) => {
        for (const { length, kernel, stride, dilation, before, after, extra } of axes) {
          const whole = stride * (length - 1) + (kernel - 1) * dilation + 1;
          fc.pre(whole + extra - before - after > 0);
          fc.pre(extra < stride);
        }
        const graph = graphBuilder({ opset: 21 });
        const shape = [hasFreeBatch ? "batch" : 2, 2 * group, ...axes.map(({ length }) => length)];
        const x = graph.input({ name: "x", type: "float32", shape });
        const filters = [2 * group, 3, ...axes.map(({ kernel }) => kernel)];
        const w = graph.input({ name: "w", type: "float32", shape: filters });
        const bias = { name: "bias", type: "float32", shape: [3 * group] } as const;
        const y = graph.node("ConvTranspose", hasBias ? [x, w, graph.input(bias)] : [x, w], {
          kernel_shape: ints(axes.map(({ kernel }) => kernel)),
          strides: ints(axes.map(({ stride }) => stride)),
          dilations: ints(axes.map(({ dilation }) => dilation)),
          pads: ints([...axes.map(({ before }) => before), ...axes.map(({ after }) => after)]),
          output_padding: ints(axes.map(({ extra }) => extra)),
          group: int(group),
        });
        graph.output({ name: "y" }, y);
        await expectSame(graph.build(), (operators) => operators.includes("ConvTranspose 1"));
        const fitted = decodeModel(fitToWebGpu(encodeModel(graph.build()))).graph.nodes;
        const groups = fitted.filter(({ operator }) => operator === "Conv");
        expect(groups.map(({ attributes }) => attributes.group)).toEqual(
          new Array(group).fill(int(1)),
        );
      }),
      { numRuns: 60 },
    );
  });

  it("gives them where only the output's shape is stated", async () => {
    for (const autoPad of ["NOTSET", "SAME_UPPER", "SAME_LOWER"]) {
      const graph = graphBuilder({ opset: 21 });
      const x = graph.input({ name: "x", type: "float32", shape: [1, 2, 3, 4, 3] });
      const w = graph.input({ name: "w", type: "float32", shape: [2, 2, 3, 3, 2] });
      const attributes = {
        strides: ints([2, 2, 2]),
        output_shape: ints([6, 8, 6]),
        auto_pad: text(autoPad),
      };
      graph.output({ name: "y" }, graph.node("ConvTranspose", [x, w], attributes));
      await expectSame(graph.build(), (operators) => operators.includes("ConvTranspose 1"));
    }
  });

  it("normalises over a batch with the running statistics moved", async () => {
    for (const shape of [
      [6, 3],
      [4, 3, 5],
      [2, 3, 4, 5],
      [2, 3, 2, 3, 4],
    ]) {
      const graph = graphBuilder({ opset: 21 });
      const x = graph.input({ name: "x", type: "float32", shape });
      const vectors = ["gamma", "beta", "mean", "variance"].map((name) =>
        graph.input({ name, type: "float32", shape: [3] }),
      );
      const attributes = { training_mode: int(1), momentum: float(0.8), epsilon: float(1e-3) };
      const outputs = graph.nodeWithOutputs("BatchNormalization", [x, ...vectors], 3, attributes);
      for (const [at, name] of outputs.entries()) graph.output({ name: `y${at}` }, name);
      await expectSame(graph.build(), (operators) => operators.includes("BatchNormalization 3"));
    }
  });

  it("takes out Dropout that does nothing", async () => {
    const graph = graphBuilder({ opset: 21 });
    const x = graph.input({ name: "x", type: "float32", shape: [2, 3] });
    graph.output({ name: "y" }, graph.node("Dropout", [x]));
    await expectSame(graph.build(), (operators) => operators.includes("Dropout 1"));
  });

  it("leaves other models as they are", () => {
    const graph = graphBuilder();
    const x = graph.input({ name: "x", type: "float32", shape: [1, 1, 4, 4] });
    graph.output({ name: "y" }, graph.node("MaxPool", [x], { kernel_shape: ints([2, 2]) }));
    const bytes = encodeModel(graph.build());
    expect(fitToWebGpu(bytes)).toBe(bytes);
  });
});
