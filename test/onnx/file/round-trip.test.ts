import { existsSync, readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RoentgenError } from "../../../src/base/index.ts";
import { dataLength, zeros } from "../../../src/onnx/file/element-types.ts";
import { elementTypes } from "../../../src/onnx/file/schema.ts";
import { decodeText, encodeText } from "../../../src/onnx/file/text.ts";
import { encodeMessage } from "../../../src/onnx/file/write-message.ts";
import {
  type Attribute,
  decodeModel,
  type ElementType,
  encodeModel,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
} from "../../../src/onnx/index.ts";

const floatsOf = (...values: number[]): OnnxTensor => ({
  type: "float32",
  shape: [values.length],
  data: Float32Array.from(values),
});

function nodeOf(attributes: Record<string, Attribute>, more: Partial<OnnxNode> = {}): OnnxNode {
  return {
    operator: "Custom",
    domain: "test",
    name: "n",
    inputs: ["x", "", "y"],
    outputs: ["z", ""],
    attributes,
    ...more,
  };
}

function graphOf(nodes: OnnxNode[], more: Partial<OnnxGraph> = {}): OnnxGraph {
  return { name: "g", inputs: [], outputs: [], initializers: [], nodes, ...more };
}

function modelOf(graph: OnnxGraph, more: Partial<OnnxModel> = {}): OnnxModel {
  return {
    irVersion: 11,
    opsets: { "": 21, test: 1 },
    producer: "p",
    metadata: {},
    graph,
    ...more,
  };
}

const inner = graphOf([nodeOf({})], { outputs: [{ name: "z" }], doc: "inner" });

/** Models that hold everything that onnx.proto has. */
const samples: Record<string, OnnxModel> = {
  "every kind of attribute": modelOf(
    graphOf([
      nodeOf({
        int: { kind: "int", value: -3 },
        wide: { kind: "int", value: 2n ** 62n },
        float: { kind: "float", value: 0.5, doc: "half" },
        string: { kind: "string", value: "größe" },
        bytes: { kind: "string", value: decodeText(Uint8Array.of(0x61, 0xff, 0xc3)) },
        tensor: { kind: "tensor", value: { ...floatsOf(1), name: "t", doc: "d" } },
        graph: { kind: "graph", value: inner },
        ints: { kind: "ints", value: [1, -1, 2n ** 63n - 1n] },
        floats: { kind: "floats", value: [0.25, Number.NaN, -0] },
        strings: { kind: "strings", value: ["", "b"] },
        tensors: { kind: "tensors", value: [floatsOf(), floatsOf(1, 2)] },
        graphs: { kind: "graphs", value: [inner, inner] },
        sparse: {
          kind: "sparse",
          value: {
            shape: [9],
            values: floatsOf(1),
            indices: { type: "int64", shape: [1], data: BigInt64Array.of(4n) },
          },
        },
        type: { kind: "type", value: { container: "sequence", of: { container: "any" } } },
        types: { kind: "types", value: [{ container: "tensor", type: "int4", shape: [2, "N"] }] },
      }),
    ]),
  ),
  "values of every type": modelOf(
    graphOf([], {
      inputs: [
        { name: "rankless", type: "float32" },
        { name: "open" },
        {
          name: "image",
          type: "uint8",
          shape: ["N", 3, "?image:2"],
          axisMeanings: ["DATA_BATCH", "", ""],
          meaning: "IMAGE",
          doc: "a picture",
          metadata: { unit: "HU" },
        },
        {
          name: "words",
          type: "float32",
          container: {
            container: "sequence",
            of: {
              container: "map",
              key: "string",
              of: { container: "tensor", type: "float32" },
            },
          },
        },
        {
          name: "maybe",
          type: "int64",
          shape: [],
          container: {
            container: "optional",
            of: { container: "tensor", type: "int64", shape: [] },
          },
        },
        {
          name: "few",
          type: "float64",
          shape: [3],
          container: { container: "sparse", type: "float64", shape: [3] },
        },
        { name: "blob", container: { container: "opaque", domain: "d", name: "n" } },
      ],
      values: [{ name: "between", type: "bool", shape: ["N"] }],
      quantization: [{ tensor: "image", parameters: { SCALE_TENSOR: "scale" } }],
      metadata: { a: "b" },
      doc: "",
    }),
  ),
  "functions, training and origin": modelOf(
    graphOf([nodeOf({}, { overload: "f32", doc: "calls", metadata: { source: "line 3" } })]),
    {
      producerVersion: "2.5",
      domain: "org.example",
      version: 7,
      doc: "a model",
      metadata: { __proto__key: "x" },
      functions: [
        {
          domain: "test",
          name: "Custom",
          overload: "f32",
          inputs: ["a"],
          outputs: ["b"],
          attributes: ["alpha"],
          defaults: { beta: { kind: "float", value: 1 } },
          opsets: { "": 21 },
          nodes: [nodeOf({ to: { kind: "reference", value: "alpha", of: "int" } })],
          values: [{ name: "b", type: "float32" }],
          doc: "f",
          metadata: { k: "v" },
        },
      ],
      training: [{ algorithm: inner, initializes: {}, updates: { w: "z" } }],
    },
  ),
};

describe("A model in a file", () => {
  it.each(Object.entries(samples))("is read as it was written: %s", (_, model) => {
    const bytes = encodeModel(model);
    expect(decodeModel(bytes)).toEqual(model);
    expect(encodeModel(decodeModel(bytes))).toEqual(bytes);
  });

  it.each(Object.keys(elementTypes) as ElementType[])(
    "keeps tensors of %s with every bit",
    (type) => {
      const data =
        type === "string" ? ["a", "", "ü"] : zeros(type as "float32", dataLength("uint8", 3));
      if (type !== "string") new Uint8Array((data as Uint8Array).buffer).fill(0xa7);
      const model = modelOf(
        graphOf([], { initializers: [{ name: "w", type, shape: [3, 1], data }] }),
      );
      expect(decodeModel(encodeModel(model))).toEqual(model);
    },
  );

  it("keeps fields that it knows nothing of", () => {
    // Field 26 (device configurations) of ModelProto and 10 of NodeProto, as varint and bytes.
    const unknown = Uint8Array.of(0xd0, 0x01, 0x05);
    const inNode = Uint8Array.of(0x52, 0x02, 0x41, 0x42);
    const model = modelOf(graphOf([nodeOf({}, { unknown: inNode })]), { unknown });
    expect(decodeModel(encodeModel(model))).toEqual(model);
  });

  it("takes text of any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(encodeText(decodeText(bytes))).toEqual(bytes);
      }),
    );
  });
});

describe("An ONNX file by others", () => {
  const tensorCases: [string, Record<string, unknown>, OnnxTensor["data"]][] = [
    [
      "float16 as int32",
      { dataType: 10, int32Data: [0x3c00, 0xc000] },
      Uint16Array.of(0x3c00, 0xc000),
    ],
    ["bool as int32", { dataType: 9, int32Data: [1, 0] }, Uint8Array.of(1, 0)],
    ["negative int8 as int32", { dataType: 3, int32Data: [-1, 5] }, Int8Array.of(-1, 5)],
    ["int4 packed in int32", { dataType: 22, int32Data: [0x21] }, Uint8Array.of(0x21)],
    [
      "uint32 as uint64",
      { dataType: 12, uint64Data: [2 ** 32 - 1, 1] },
      Uint32Array.of(2 ** 32 - 1, 1),
    ],
    ["int64", { dataType: 7, int64Data: [-1, 2n ** 62n] }, BigInt64Array.of(-1n, 2n ** 62n)],
    ["complex64 as float", { dataType: 14, floatData: [1, 2, 3, 4] }, Float32Array.of(1, 2, 3, 4)],
    ["double", { dataType: 11, doubleData: [0.1, -0] }, Float64Array.of(0.1, -0)],
  ];
  it.each(tensorCases)("gives tensors from typed fields: %s", (_, fields, data) => {
    const initializer = [{ dims: [2], name: "w", ...fields }];
    const bytes = encodeMessage("ModelProto", { irVersion: 3, graph: { initializer } });
    expect(decodeModel(bytes).graph.initializers[0].data).toEqual(data);
  });

  const indices = (dims: number[], ...at: number[]) => ({ dims, dataType: 7, int64Data: at });
  it("gives sparse initializers and constants with their zeros", () => {
    const values = { dims: [2], dataType: 1, floatData: [5, 6], name: "w" };
    const sparse = { values, indices: indices([2, 2], 0, 1, 1, 2), dims: [2, 3] };
    const flat = { values, indices: indices([2], 1, 5), dims: [2, 3] };
    const attribute = [{ name: "sparse_value", type: 11, sparseTensor: flat }];
    const node = [{ opType: "Constant", output: ["c"], attribute }];
    const { graph } = decodeModel(
      encodeMessage("ModelProto", { graph: { sparseInitializer: [sparse], node } }),
    );
    const dense = {
      name: "w",
      type: "float32",
      shape: [2, 3],
      data: Float32Array.of(0, 5, 0, 0, 0, 6),
    };
    expect(graph.initializers).toEqual([dense]);
    expect(graph.nodes[0].attributes).toEqual({ value: { kind: "tensor", value: dense } });
  });

  const sparseOf = (dims: number[], ...at: number[]) => ({
    values: { dims: [1], dataType: 1, floatData: [5], name: "w" },
    indices: indices([1], ...at),
    dims,
  });
  it.each([
    ["that asks for terabytes", sparseOf([1e6, 1e6], 0), "too-large"],
    ["with an index outside", sparseOf([4], 4), "file-corrupt"],
    ["with too few indices", sparseOf([4]), "file-corrupt"],
  ])("is refused with a sparse tensor %s", (_, sparse, code) => {
    const bytes = encodeMessage("ModelProto", { graph: { sparseInitializer: [sparse] } });
    expect(() => decodeModel(bytes)).toThrow(expect.objectContaining({ code }));
  });

  it("is refused with more messages than memory holds", () => {
    const nodes = new Uint8Array(2 * 5e6 + 6);
    // Field 7 (graph), its length, then five million empty nodes.
    nodes.set([0x3a, 0x80, 0xad, 0xe2, 0x04]);
    for (let at = 5; at < 2 * 5e6 + 5; at += 2) nodes[at] = 0x0a;
    expect(() => decodeModel(nodes.subarray(0, 2 * 5e6 + 5))).toThrow(/messages/);
  });

  it("states no kind of attribute before IR 2, and no operator set before IR 3", () => {
    const node = [{ opType: "Elu", attribute: [{ name: "alpha", f: 2 }] }];
    const model = decodeModel(encodeMessage("ModelProto", { irVersion: 1, graph: { node } }));
    expect(model.graph.nodes[0].attributes.alpha).toEqual({ kind: "float", value: 2 });
    expect(model.opsets).toEqual({ "": 1 });
  });

  it("calls the standard domain ai.onnx or nothing", () => {
    const opsetImport = [{ domain: "ai.onnx", version: 12 }, { version: 11 }];
    const node = [{ opType: "Relu", domain: "ai.onnx" }];
    const model = decodeModel(encodeMessage("ModelProto", { opsetImport, graph: { node } }));
    expect(model.opsets).toEqual({ "": 12 });
    expect(model.graph.nodes[0].domain).toBe("");
  });

  it("leaves lengths open in three ways, each a length of its own", () => {
    const dim = [{}, { dimParam: "" }, { dimValue: -1 }, { dimParam: "N" }];
    const input = [{ name: "x", type: { tensorType: { elemType: 1, shape: { dim } } } }];
    const { graph } = decodeModel(encodeMessage("ModelProto", { graph: { input } }));
    expect(graph.inputs[0].shape).toEqual(["?x:0", "?x:1", "?x:2", "N"]);
  });
});

describe("A damaged file", () => {
  it.each(Object.entries(samples))("gives a model or an error: %s", (_, model) => {
    const bytes = encodeModel(model);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.nat(bytes.length),
        (changes, length) => {
          const damaged = bytes.slice();
          for (const [at, value] of changes) damaged[at] = value;
          for (const tried of [damaged, damaged.subarray(0, length)]) {
            try {
              encodeModel(decodeModel(tried));
            } catch (error) {
              if (!(error instanceof RoentgenError)) throw error;
            }
          }
        },
      ),
      { numRuns: 1500 },
    );
  });
});

const backend = "../shared/data/onnx";
describe.skipIf(!existsSync(backend))(
  "The models of ONNX's backend tests (../shared/data/onnx)",
  () => {
    it("are equal after writing and reading", () => {
      const paths = readdirSync(backend, { recursive: true, encoding: "utf8" }).filter((path) =>
        path.endsWith(".onnx"),
      );
      expect(paths.length).toBeGreaterThan(900);
      for (const path of paths) {
        const model = decodeModel(readFileSync(`${backend}/${path}`));
        expect(decodeModel(encodeModel(model)), path).toEqual(model);
      }
    });
  },
);
