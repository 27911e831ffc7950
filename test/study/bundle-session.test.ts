import { expect, it } from "vitest";
import { openSession } from "#session";
import { encodeModel, graphBuilder, type OnnxTensor } from "../../src/onnx/index.ts";
import {
  readBundle,
  type TableDescription,
  verifyTestVector,
  writeBundle,
} from "../../src/study/index.ts";

/** x · weight, of one column. */
function multiplier(weight: number): Uint8Array {
  const graph = graphBuilder();
  const shape = ["N", 1];
  const x = graph.input({ name: "x", type: "float32", shape });
  const factor = graph.constant({ type: "float32", shape: [1], data: Float32Array.of(weight) });
  graph.output({ name: "y", type: "float32", shape }, graph.node("Mul", [x, factor]));
  return encodeModel(graph.build());
}

const column = (...values: number[]): OnnxTensor => ({
  type: "float32",
  shape: [values.length, 1],
  data: Float32Array.from(values),
});

const description: TableDescription = {
  kind: "table",
  name: "multiplier",
  learner: "none",
  target: { task: "regression", name: "y" },
  inputs: [{ kind: "number", name: "x", minimum: 0, maximum: 1, missing: 0 }],
  preprocessing: [],
  tensors: { input: "x", scores: "y" },
  metrics: [],
  training: { rows: 1 },
  data: [],
  versions: {},
};

it("a bundled model run by ONNX Runtime proves itself on its test vector, and another model does not", async () => {
  const testVector = { inputs: { x: column(1, -2, 0.5) }, outputs: { y: column(3, -6, 1.5) } };
  const bytes = await writeBundle({ description, model: multiplier(3), card: "", testVector });
  const bundle = await readBundle(bytes);
  const session = await openSession(bundle.model);
  await expect(verifyTestVector(bundle, session.run)).resolves.toEqual({ largestDifference: 0 });
  await session.close();
  const other = await openSession(multiplier(3.001));
  await expect(verifyTestVector(bundle, other.run)).rejects.toThrow('expected "y" within 0.00001');
  await other.close();
});
