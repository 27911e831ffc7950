// A state along runs, undone and read in between: the same program for Node and for browsers.

import {
  algebraOf,
  type Device,
  encodeModel,
  graphBuilder,
  openStatefulSession,
} from "../../src/onnx/index.ts";

/** What the state is after two runs, undone, undone again, run on from there, and looked at by a model that changes nothing. */
export async function stateAlongRuns(device: Device): Promise<number[][]> {
  const state = { x: { type: "float32", shape: [3], data: Float32Array.of(1, 2, 3) } } as const;
  const models = {
    step: { bytes: addition(), carry: { "x/next": "x" } },
    look: { bytes: addition(), carry: {} },
  };
  const session = await openStatefulSession(models, { state, device });
  const seen: number[][] = [];
  const by = (value: number) =>
    ({ by: { type: "float32", shape: [1], data: Float32Array.of(value) } }) as const;
  const look = async () => seen.push([...((await session.read()).x.data as Float32Array)]);
  await session.run("step", by(10));
  await session.run("step", by(100));
  await look();
  session.undo();
  await look();
  session.undo();
  await look();
  await session.run("step", by(1000));
  const { "x/next": looked } = await session.run("look", by(0.5));
  seen.push([...(looked.data as Float32Array)]);
  await look();
  await session.close();
  return seen;
}

/** x + by. */
function addition(): Uint8Array {
  const graph = graphBuilder();
  const x = graph.input({ name: "x", type: "float32", shape: [3] });
  const by = graph.input({ name: "by", type: "float32", shape: [1] });
  graph.output({ name: "x/next" }, algebraOf(graph).add(x, by));
  return encodeModel(graph.build());
}
