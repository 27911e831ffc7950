import { describe, expect, it } from "vitest";
import {
  type Attribute,
  float,
  floats,
  int,
  ints,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  text,
  upgradeModel,
} from "../../../src/onnx/index.ts";
import { backendCases, hasBackendCases } from "../backend-cases.ts";
import { type PlainTensor, runModel, waves } from "./run-model.ts";

interface Case {
  readonly opset: number;
  readonly operator: string;
  readonly attributes?: Record<string, Attribute>;
  /** Inputs that are fed. */
  readonly feeds: readonly OnnxTensor[];
  /** Further inputs that are constants. */
  readonly constants?: readonly OnnxTensor[];
  readonly outputs?: number;
  /** Largest difference, for what becomes other operators. */
  readonly tolerance?: number;
}

const f = (...values: number[]): OnnxTensor => ({
  type: "float32",
  shape: [values.length],
  data: Float32Array.from(values),
});
const i = (...values: number[]): OnnxTensor => ({
  type: "int64",
  shape: [values.length],
  data: BigInt64Array.from(values, BigInt),
});
const doubles = (shape: number[]): OnnxTensor => {
  const { data } = waves(shape);
  return { type: "float64", shape, data: Float64Array.from(data as Float32Array) };
};

/** A model of one node, in the version of its case. */
function modelOf({ opset, operator, attributes = {}, feeds, constants = [], outputs = 1 }: Case) {
  const names = feeds.map((_, at) => `x${at}`);
  const held = constants.map((tensor, at) => ({ ...tensor, name: `c${at}` }));
  const results = Array.from({ length: outputs }, (_, at) => `y${at}`);
  const model: OnnxModel = {
    irVersion: opset < 9 ? 3 : 4,
    opsets: { "": opset },
    producer: "test",
    metadata: {},
    graph: {
      name: operator,
      inputs: [
        ...names.map((name, at) => ({ name, type: feeds[at].type, shape: feeds[at].shape })),
        ...(opset < 9 ? held.map(({ name, type, shape }) => ({ name, type, shape })) : []),
      ],
      outputs: results.map((name) => ({ name })),
      initializers: held,
      nodes: [
        {
          operator,
          domain: "",
          name: "node",
          inputs: [...names, ...held.map(({ name }) => name)],
          outputs: results,
          attributes,
        },
      ],
    },
  };
  return { model, feeds: Object.fromEntries(names.map((name, at) => [name, feeds[at]])) };
}

const image = waves([2, 3, 6, 4]);
const square = waves([1, 1, 6, 6]);
const rois = { ...f(0, 0, 5, 5, 1, 1, 4, 3), shape: [2, 4] };

const cases: Record<string, Case> = {
  "Upsample by attributes": {
    opset: 7,
    operator: "Upsample",
    attributes: { scales: floats([1, 1, 2, 3]) },
    feeds: [image],
  },
  "Upsample by an input": {
    opset: 9,
    operator: "Upsample",
    attributes: { mode: text("nearest") },
    feeds: [image],
    constants: [f(1, 1, 2.5, 1.3)],
  },
  "Upsample, linear": {
    opset: 9,
    operator: "Upsample",
    attributes: { mode: text("linear") },
    feeds: [image],
    constants: [f(1, 1, 2, 3)],
  },
  "Resize that shrinks": {
    opset: 10,
    operator: "Resize",
    feeds: [square],
    constants: [f(1, 1, 0.6, 0.45)],
  },
  "Resize that grows": {
    opset: 10,
    operator: "Resize",
    feeds: [square],
    constants: [f(1, 1, 1.7, 2.3)],
  },
  "Resize that shrinks and grows": {
    opset: 10,
    operator: "Resize",
    feeds: [square],
    constants: [f(1, 1, 0.6, 2.3)],
  },
  "Resize that shrinks, linear": {
    opset: 10,
    operator: "Resize",
    attributes: { mode: text("linear") },
    feeds: [square],
    constants: [f(1, 1, 0.6, 1.7)],
  },
  "Resize with empty inputs": {
    opset: 11,
    operator: "Resize",
    attributes: { mode: text("cubic") },
    feeds: [square],
    constants: [f(), f(), i(1, 1, 9, 4)],
  },
  "Resize of TensorFlow 1": {
    opset: 11,
    operator: "Resize",
    attributes: {
      coordinate_transformation_mode: text("tf_half_pixel_for_nn"),
      nearest_mode: text("floor"),
    },
    feeds: [square],
    constants: [f(), f(1, 1, 1.7, 0.4)],
  },
  "Softmax over several axes": { opset: 11, operator: "Softmax", feeds: [image] },
  "Softmax over the last axis": { opset: 9, operator: "Softmax", feeds: [waves([3, 5])] },
  "LogSoftmax with an axis": {
    opset: 12,
    operator: "LogSoftmax",
    attributes: { axis: int(-2) },
    feeds: [image],
  },
  Hardmax: { opset: 11, operator: "Hardmax", attributes: { axis: int(0) }, feeds: [image] },
  Slice: {
    opset: 9,
    operator: "Slice",
    attributes: { starts: ints([1, -3]), ends: ints([2, 2 ** 31]), axes: ints([0, 2]) },
    feeds: [image],
  },
  TopK: {
    opset: 9,
    operator: "TopK",
    attributes: { k: int(2), axis: int(2) },
    feeds: [image],
    outputs: 2,
  },
  "Pad with a value": {
    opset: 10,
    operator: "Pad",
    attributes: { pads: ints([0, 0, 1, 2, 0, 0, 0, 3]), value: float(1.5) },
    feeds: [image],
  },
  "Pad of doubles": {
    opset: 10,
    operator: "Pad",
    attributes: { pads: ints([1, 0, 0, 2]), value: float(0.1) },
    feeds: [doubles([2, 3])],
  },
  "Pad by reflection": {
    opset: 2 + 5,
    operator: "Pad",
    attributes: { mode: text("reflect"), pads: ints([0, 0, 2, 1, 0, 0, 1, 2]) },
    feeds: [image],
  },
  "Clip to a range": {
    opset: 10,
    operator: "Clip",
    attributes: { min: float(-0.5), max: float(0.75) },
    feeds: [image],
  },
  "Clip from below": { opset: 7, operator: "Clip", attributes: { min: float(0) }, feeds: [image] },
  "Clip from above": { opset: 7, operator: "Clip", attributes: { max: float(6) }, feeds: [image] },
  Squeeze: { opset: 11, operator: "Squeeze", attributes: { axes: ints([0, -3]) }, feeds: [square] },
  "Squeeze of all": { opset: 11, operator: "Squeeze", feeds: [square] },
  Unsqueeze: {
    opset: 7,
    operator: "Unsqueeze",
    attributes: { axes: ints([0, 3]) },
    feeds: [image],
  },
  "Split by sizes": {
    opset: 11,
    operator: "Split",
    attributes: { axis: int(2), split: ints([1, 5]) },
    feeds: [image],
    outputs: 2,
  },
  "Split in equal parts": {
    opset: 13,
    operator: "Split",
    attributes: { axis: int(2) },
    feeds: [image],
    outputs: 3,
  },
  "ReduceSum over axes": {
    opset: 12,
    operator: "ReduceSum",
    attributes: { axes: ints([1, -1]), keepdims: int(0) },
    feeds: [image],
  },
  "ReduceMean over axes": {
    opset: 17,
    operator: "ReduceMean",
    attributes: { axes: ints([2, 3]) },
    feeds: [image],
  },
  "ReduceL2 over all": { opset: 8, operator: "ReduceL2", feeds: [image] },
  "BatchNormalization by position": {
    opset: 7,
    operator: "BatchNormalization",
    attributes: { spatial: int(0), epsilon: float(0.01) },
    feeds: [image],
    constants: [1, 2, 3, 4].map((seed) => {
      const { data, ...tensor } = waves([3, 6, 4], seed);
      const values = data as Float32Array;
      return { ...tensor, data: seed === 4 ? values.map(Math.abs) : values };
    }),
    tolerance: 1e-5,
  },
  "BatchNormalization by channel": {
    opset: 9,
    operator: "BatchNormalization",
    feeds: [image],
    constants: [f(1, 2, 3), f(4, 5, 6), f(0, 1, -1), f(1, 0.5, 2)],
  },
  Dropout: { opset: 7, operator: "Dropout", attributes: { ratio: float(0.3) }, feeds: [image] },
  RoiAlign: {
    opset: 10,
    operator: "RoiAlign",
    attributes: { output_height: int(2), output_width: int(3) },
    feeds: [square],
    constants: [rois, i(0, 0)],
  },
  GridSample: {
    opset: 16,
    operator: "GridSample",
    attributes: { mode: text("bicubic") },
    feeds: [square, { ...waves([1, 3, 3, 2]), data: waves([18]).data }],
  },
  DFT: {
    opset: 17,
    operator: "DFT",
    attributes: { onesided: int(1) },
    feeds: [waves([2, 8, 1])],
  },
  GroupNormalization: {
    opset: 18,
    operator: "GroupNormalization",
    attributes: { num_groups: int(2) },
    feeds: [waves([2, 4, 3, 3])],
    constants: [f(1.5, -2), f(0.25, 1)],
  },
  Scatter: {
    opset: 9,
    operator: "Scatter",
    attributes: { axis: int(1) },
    feeds: [waves([1, 5])],
    constants: [
      { ...i(1, 3), shape: [1, 2] },
      { ...f(7, 8), shape: [1, 2] },
    ],
  },
};

describe("A model of an older version", () => {
  it.each(Object.entries(cases))("gives the same in opset 18 and 24: %s", async (_, one) => {
    const { model, feeds } = modelOf(one);
    const before = await runModel(model, feeds);
    for (const to of [18, 24]) {
      // ONNX Runtime 1.30 has no kernel for RoiAlign of opset 22.
      if (to === 24 && one.operator === "RoiAlign") continue;
      const upgraded = upgradeModel(model, { to });
      expect(upgraded.opsets[""]).toBe(to);
      const after = await runModel(upgraded, feeds);
      if (one.tolerance) expectNear(after, before, one.tolerance);
      else expect(after).toEqual(before);
    }
  });

  it("aligned shapes at an axis before opset 7", async () => {
    const { model, feeds } = modelOf({
      opset: 6,
      operator: "Add",
      attributes: { broadcast: int(1), axis: int(1) },
      feeds: [image, f(10, 20, 30)],
    });
    const { y0 } = await runModel(upgradeModel(model), feeds);
    const values = Array.from(image.data as Float32Array, (value, at) =>
      Math.fround(value + 10 * (1 + (Math.floor(at / 24) % 3))),
    );
    expect(y0).toEqual({ type: "float32", shape: image.shape, values });
  });

  it("gives the mask of Dropout in the type of the data", async () => {
    const { model, feeds } = modelOf({
      opset: 9,
      operator: "Dropout",
      feeds: [waves([2, 3])],
      outputs: 2,
    });
    const { y1 } = await runModel(upgradeModel(model), feeds);
    expect(y1).toMatchObject({ type: "float32", values: new Array(6).fill(1) });
  });

  it("is upgraded inside the branches of If, with names from around", async () => {
    const branch = (axis: number) => ({
      kind: "graph" as const,
      value: {
        name: "branch",
        inputs: [],
        outputs: [{ name: `s${axis}`, type: "float32" as const }],
        initializers: [],
        nodes: [nodeOf("Softmax", ["x"], [`s${axis}`], { axis: int(axis) })],
      },
    });
    const nodes = [nodeOf("If", ["c"], ["y"], { then_branch: branch(1), else_branch: branch(2) })];
    const model: OnnxModel = {
      ...modelOf({ opset: 11, operator: "Softmax", feeds: [image] }).model,
      graph: {
        name: "g",
        inputs: [
          { name: "x", type: "float32", shape: [2, 3, 4] },
          { name: "c", type: "bool", shape: [] },
        ],
        outputs: [{ name: "y", type: "float32" }],
        initializers: [],
        nodes,
      },
    };
    for (const condition of [0, 1]) {
      const c: OnnxTensor = { type: "bool", shape: [], data: Uint8Array.of(condition) };
      const feeds = { x: waves([2, 3, 4]), c };
      expect(await runModel(upgradeModel(model), feeds)).toEqual(await runModel(model, feeds));
    }
  });

  it("stays as it is where it is new enough", () => {
    const { model } = modelOf({ opset: 21, operator: "Relu", feeds: [image] });
    expect(upgradeModel(model)).toBe(model);
  });

  it.each([
    ["Scan over a batch", { opset: 8, operator: "Scan", feeds: [image] }, /Scan .*"node".*opset 8/],
    [
      "saved statistics",
      {
        opset: 9,
        operator: "BatchNormalization",
        feeds: [image],
        constants: [f(1, 2, 3), f(4, 5, 6), f(0, 1, -1), f(1, 0.5, 2)],
        outputs: 5,
      },
      /saved mean/,
    ],
  ])("is refused with %s, which newer versions lack", (_, one, message) => {
    expect(() => upgradeModel(modelOf(one).model)).toThrow(message);
  });

  it("is refused for a version that is not known", () => {
    const { model } = modelOf({ opset: 9, operator: "Relu", feeds: [image] });
    expect(() => upgradeModel(model, { to: 40 })).toThrow(/18 to 24/);
  });
});

function expectNear(
  after: Record<string, PlainTensor>,
  before: Record<string, PlainTensor>,
  tolerance: number,
): void {
  for (const [name, { values, ...type }] of Object.entries(before)) {
    expect(after[name]).toMatchObject(type);
    const differences = values.map((value, at) =>
      Math.abs(Number(value) - Number(after[name].values[at])),
    );
    expect(Math.max(...differences)).toBeLessThan(tolerance);
  }
}

function nodeOf(
  operator: string,
  inputs: string[],
  outputs: string[],
  attributes: Record<string, Attribute>,
): OnnxNode {
  return { operator, domain: "", name: outputs[0], inputs, outputs, attributes };
}

describe.skipIf(!hasBackendCases)("ONNX's backend tests (../shared/data/onnx) in opset 18", () => {
  /** Scan over a batch has no equal. */
  const without = new Set(["node/test_scan_sum"]);

  it("give what they gave before, wherever a node changed", { timeout: 120_000 }, async () => {
    let changed = 0;
    for (const { name, model, feeds } of backendCases()) {
      if (!feeds) continue;
      if (without.has(name) || (model.opsets[""] ?? 18) >= 18) continue;
      const upgraded = upgradeModel(model);
      const isSame = upgraded.graph.nodes.every((node, at) => node === model.graph.nodes[at]);
      if (isSame) continue;
      const before = await runModel(model, feeds).catch(() => undefined);
      if (!before) continue;
      expect(await runModel(upgraded, feeds), name).toEqual(before);
      changed++;
    }
    expect(changed).toBeGreaterThan(100);
  });
});
