import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { writeFilesWhole } from "#files";
import { graphBuilder, type OnnxModel, splitModel } from "../../../src/onnx/index.ts";
import { summariseModel } from "../../../src/tasks/index.ts";

/** A convolution and a dense layer behind a branch that doubles or not. */
function network(): OnnxModel {
  const graph = graphBuilder({ opset: 18 });
  const weights = (...shape: number[]) => {
    const length = shape.reduce((product, one) => product * one, 1);
    return graph.constant({ type: "float32", shape, data: new Float32Array(length) });
  };
  const x = graph.input({ name: "x", type: "float32", shape: ["N", 1, 16, 16] });
  const c = graph.input({ name: "c", type: "bool", shape: [] });
  const image = graph.node("Conv", [x, weights(8, 1, 3, 3), weights(8)]);
  const shape = { type: "int64", shape: [2], data: BigInt64Array.of(0n, -1n) } as const;
  const flat = graph.node("Reshape", [image, graph.constant(shape)]);
  const branch = (name: string, operator: string) => ({
    kind: "graph" as const,
    value: {
      name,
      inputs: [],
      outputs: [{ name, type: "float32" as const }],
      initializers: [],
      nodes: [{ operator, domain: "", name, inputs: [flat], outputs: [name], attributes: {} }],
    },
  });
  const attributes = { then_branch: branch("a", "Relu"), else_branch: branch("b", "Tanh") };
  const y = graph.node("If", [c], attributes);
  graph.output({ name: "y", shape: ["N", 1568] }, y);
  return graph.build();
}

describe("The summary of a network", () => {
  it("shows shapes, counts what is learnt, and looks into branches and files beside", async () => {
    const folder = await mkdtemp(join(tmpdir(), "roentgen-"));
    try {
      const path = join(folder, "model.onnx");
      const { model, data } = splitModel(network(), { location: "model.data", minimumBytes: 1 });
      await writeFilesWhole([
        { path, content: model },
        { path: join(folder, "model.data"), content: data },
      ]);
      const { inputs, layers, parameterCount, network: asNetwork } = await summariseModel(path);
      // Two inputs: not to be trained as it is.
      expect(asNetwork).toBeUndefined();
      expect(inputs).toEqual([
        ["x", "float32", "[N, 1, 16, 16]"],
        ["c", "bool", "[]"],
      ]);
      expect(
        layers.map(([operator, , , gives, parameters]) => [operator, gives, parameters]),
      ).toEqual([
        ["Conv", "[N, 8, 14, 14]", "80"],
        ["Reshape", "[N, 1568]", "0"],
        ["If", expect.anything(), "0"],
        ["  then_branch:", "", "0"],
        ["    Relu", "[N, 1568]", "0"],
        ["  else_branch:", "", "0"],
        ["    Tanh", "[N, 1568]", "0"],
        ["Identity", "[N, 1568]", "0"],
      ]);
      expect(parameterCount).toBe(80);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("of one input shows it as training takes it", async () => {
    const path = fileURLToPath(
      new URL("../../networks/transfer/expected/mixed.onnx", import.meta.url),
    );
    const { network: asNetwork } = await summariseModel(path);
    expect(asNetwork).toMatchObject({ total: 1859, trainable: 1859 });
    const lines = asNetwork?.layers.map(({ name, outputShape, parameters }) => [
      `${name} [${outputShape.join(", ")}]`,
      parameters,
    ]);
    expect(lines?.slice(0, 3)).toEqual([
      ["x [N, 1, 12, 12]", 0],
      ["down.0 [N, 4, 6, 6]", 40],
      ["down.1 [N, 4, 6, 6]", 8],
    ]);
  });
});
