import { describe, expect, it } from "vitest";
import {
  algebraOf,
  type Dimension,
  type GraphBuilder,
  graphBuilder,
  inferShapes,
  int,
  ints,
  type OnnxGraph,
  type OnnxModel,
} from "../../../src/onnx/index.ts";

type Build = (graph: GraphBuilder, x: string) => string;

/** The shape of what `build` makes of x, N × C × H × W unless given. */
function shapeOf(build: Build, shape: Dimension[] = ["N", 3, "H", "W"], opset = 18) {
  const graph = graphBuilder({ opset });
  const x = graph.input({ name: "x", type: "float32", shape });
  return graph.typeOf(build(graph, x))?.shape;
}

const lengths = (graph: GraphBuilder, ...values: number[]) => algebraOf(graph).lengths(values);
const scalar = (graph: GraphBuilder, value: number) =>
  graph.constant({ type: "int64", shape: [], data: BigInt64Array.of(BigInt(value)) });
/** One length of the shape of x. */
const length = (graph: GraphBuilder, x: string, axis: number) =>
  graph.node("Gather", [graph.node("Shape", [x]), scalar(graph, axis)]);
const listOf = (graph: GraphBuilder, name: string) =>
  graph.node("Unsqueeze", [name, lengths(graph, 0)]);

describe("Shapes that a model computes with are followed symbol by symbol", () => {
  it.each<[string, Build, Dimension[]]>([
    [
      "flattening as PyTorch exports it",
      (g, x) => {
        const batch = listOf(g, length(g, x, 0));
        return g.node("Reshape", [x, g.node("Concat", [batch, lengths(g, -1)], { axis: int(0) })]);
      },
      ["N", "H * W * 3"],
    ],
    [
      "a view back to the shape of x",
      (g, x) => g.node("Reshape", [g.node("Flatten", [x]), g.node("Shape", [x])]),
      ["N", 3, "H", "W"],
    ],
    [
      "twice the size, by Resize with computed sizes",
      (g, x) => {
        const size = g.node("Slice", [
          g.node("Shape", [x]),
          lengths(g, 2),
          lengths(g, 4),
          lengths(g, 0),
        ]);
        const doubled = g.node("Mul", [size, lengths(g, 2)]);
        const all = g.node("Concat", [lengths(g, 1, 3), doubled], { axis: int(0) });
        return g.node("Resize", [x, "", "", all]);
      },
      [1, 3, "H * 2", "W * 2"],
    ],
    [
      "half the channels of a shuffle",
      (g, x) => {
        const half = g.node("Div", [length(g, x, 1), scalar(g, 3)]);
        const parts = [lengths(g, 0), lengths(g, 3), listOf(g, half), lengths(g, -1)];
        return g.node("Reshape", [x, g.node("Concat", parts, { axis: int(0) })]);
      },
      ["N", 3, 1, "H * W"],
    ],
    [
      "a range as long as the batch",
      (g, x) => g.node("Range", [scalar(g, 0), length(g, x, 0), scalar(g, 1)]),
      ["N"],
    ],
    [
      "Expand to a shape in which −1 was replaced by Where and Equal",
      (g, x) => {
        const wanted = lengths(g, -1, 3, -1, -1);
        const isOpen = g.node("Equal", [wanted, lengths(g, -1)]);
        return g.node("Expand", [x, g.node("Where", [isOpen, g.node("Shape", [x]), wanted])]);
      },
      ["N", 3, "H", "W"],
    ],
    [
      "ConstantOfShape of the shape of x",
      (g, x) => g.node("ConstantOfShape", [g.node("Shape", [x])]),
      ["N", 3, "H", "W"],
    ],
    [
      "the number of elements as a product",
      (g, x) => {
        const count = g.node("ReduceProd", [g.node("Shape", [x])], { keepdims: int(1) });
        return g.node("Reshape", [x, count]);
      },
      ["H * N * W * 3"],
    ],
  ])("%s", (_, build, expected) => {
    expect(shapeOf(build)).toEqual(expected);
  });
});

describe("Lengths that are symbols", () => {
  it.each<[string, Build, Dimension[]]>([
    [
      "stay through a convolution that keeps the size",
      (g, x) => {
        const w = g.input({ name: "w", type: "float32", shape: [8, 3, 3, 3] });
        return g.node("Conv", [x, w], { pads: ints([1, 1, 1, 1]) });
      },
      ["N", 8, "H", "W"],
    ],
    [
      "are halved by a pool",
      (g, x) => g.node("MaxPool", [x], { kernel_shape: ints([2, 2]), strides: ints([2, 2]) }),
      ["N", 3, "(floor((H - 2) / 2) + 1)", "(floor((W - 2) / 2) + 1)"],
    ],
    [
      "add up in Concat",
      (g, x) => g.node("Concat", [x, x], { axis: int(2) }),
      ["N", 3, "(H + H)", "W"],
    ],
    [
      "grow by Pad and shrink by Slice",
      (g, x) => {
        const padded = g.node("Pad", [x, lengths(g, 0, 0, 2, 0, 0, 0, 1, 0)]);
        return g.node("Slice", [padded, lengths(g, 0), lengths(g, -3), lengths(g, 2)]);
      },
      ["N", 3, "H", "W"],
    ],
    [
      "multiply in Tile and divide in SpaceToDepth",
      (g, x) => {
        const tiled = g.node("Tile", [x, lengths(g, 1, 1, 4, 2)]);
        return g.node("SpaceToDepth", [tiled], { blocksize: int(2) });
      },
      ["N", 12, "H * 2", "W"],
    ],
    [
      "are those of a matrix product",
      (g, x) => g.node("MatMul", [x, g.input({ name: "b", type: "float32", shape: ["W", "K"] })]),
      ["N", 3, "H", "K"],
    ],
  ])("%s", (_, build, expected) => {
    expect(shapeOf(build)).toEqual(expected);
  });
});

/** A graph of one node on outer tensors. */
function inner(
  node: Partial<OnnxGraph["nodes"][number]>,
  rest: Partial<OnnxGraph> = {},
): OnnxGraph {
  const made = { operator: "Identity", domain: "", name: "", inputs: [], attributes: {} };
  return {
    name: "inner",
    inputs: [],
    initializers: [],
    nodes: [{ ...made, outputs: ["inner_y"], ...node }],
    outputs: [{ name: "inner_y" }],
    ...rest,
  };
}

describe("Graphs inside of nodes", () => {
  it("are inferred with the tensors around them: If keeps what both branches agree on", () => {
    const shape = shapeOf((g, x) => {
      const condition = g.input({ name: "c", type: "bool", shape: [] });
      const transposed = {
        operator: "Transpose",
        inputs: [x],
        attributes: { perm: ints([0, 1, 3, 2]) },
      };
      return g.node("If", [condition], {
        then_branch: { kind: "graph", value: inner({ inputs: [x] }) },
        else_branch: { kind: "graph", value: inner(transposed) },
      });
    });
    expect(shape?.slice(0, 2)).toEqual(["N", 3]);
    expect(shape?.[2]).toMatch(/^\?/);
  });

  it("of a Loop keep the shape of what they carry, unless a round changes it", () => {
    const body = inner(
      { operator: "Concat", inputs: ["state", "state"], attributes: { axis: int(0) } },
      {
        inputs: [{ name: "i" }, { name: "go" }, { name: "state" }],
        outputs: [{ name: "go" }, { name: "inner_y" }],
      },
    );
    const shape = shapeOf(
      (g, x) => g.node("Loop", [scalar(g, 3), "", x], { body: { kind: "graph", value: body } }),
      [2, 5],
    );
    expect(shape?.[0]).toMatch(/^\?/);
    expect(shape?.[1]).toBe(5);
  });
});

describe("inferShapes", () => {
  function model(): OnnxModel {
    const graph = graphBuilder();
    const x = graph.input({ name: "x", type: "float32", shape: ["N", 4] });
    const y = graph.node("Relu", [x], {}, { output: "hidden" });
    graph.output({ name: "y" }, graph.node("Transpose", [y]));
    const { graph: bare, ...rest } = graph.build();
    return { ...rest, graph: { ...bare, outputs: [{ name: "y" }], values: undefined } };
  }

  it("fills in the types of all tensors, outputs included", () => {
    const { graph } = inferShapes(model());
    expect(graph.values).toContainEqual({ name: "hidden", type: "float32", shape: ["N", 4] });
    expect(graph.outputs).toEqual([{ name: "y", type: "float32", shape: [4, "N"] }]);
  });

  it("names the operator, its inputs and their shapes where something does not fit", () => {
    const bad = model();
    const weights = {
      name: "w",
      type: "float32",
      shape: [3, 2],
      data: new Float32Array(6),
    } as const;
    const node = {
      operator: "MatMul",
      domain: "",
      name: "product",
      inputs: ["x", "w"],
      outputs: ["z"],
      attributes: {},
    };
    const graph = { ...bad.graph, initializers: [weights], nodes: [node] };
    expect(() => inferShapes({ ...bad, graph })).toThrow(
      /MatMul \(node "product"\).*x: float32 \[N, 4\], w: float32 \[3, 2\]/,
    );
  });
});
