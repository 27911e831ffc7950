// Prints the peak memory, in MB, of one step through a deep network: arguments are its depth, the distance between
// checkpoints (0 for none), and "scheduled" to order its nodes. Run as a process of its own, since a process's peak never falls.

import { readFileSync } from "node:fs";
import { openSession } from "#session";
import {
  algebraOf,
  differentiate,
  encodeModel,
  graphBuilder,
  type OnnxTensor,
  scheduleNodes,
} from "../../../src/onnx/index.ts";

const [depth, distance] = process.argv.slice(2).map(Number);
const isScheduled = process.argv[4] === "scheduled";
const SHAPE = [1024, 1024];

const graph = graphBuilder({ opset: 18 });
const m = algebraOf(graph);
const x = graph.input({ name: "x", type: "float32", shape: SHAPE });
const layers: string[] = [];
const by: string[] = [];
for (let layer = 0; layer < depth; layer++) {
  by.push(graph.input({ name: `slopes${layer}`, type: "float32", shape: [1024] }));
  layers.push(m.op("Tanh", [m.mul(layers.at(-1) ?? x, by[layer])]));
}
const loss = m.sum(layers[depth - 1]);
const checkpoints =
  distance > 0 ? layers.filter((_, layer) => (layer + 1) % distance === 0) : undefined;
const gradients = differentiate(graph, { of: loss, by, checkpoints });
for (const name of by) graph.output({ name: `d${name}` }, gradients[name]);

const feed = (shape: number[]): OnnxTensor => {
  const data = new Float32Array(shape.reduce((a, b) => a * b)).map((_, at) => Math.sin(at));
  return { type: "float32", shape, data };
};
const model = graph.build();
const session = await openSession(encodeModel(isScheduled ? scheduleNodes(model) : model), {
  threads: 1,
});
const slopes = by.map((name) => [name, feed([1024])]);
const results = await session.run({ x: feed(SHAPE), ...Object.fromEntries(slopes) });
const sum = (results.dslopes0.data as Float32Array).reduce((a, b) => a + b);
console.log(JSON.stringify({ peakMb: peakKibibytes() / 1024, sum }));

/** Not what getrusage says where Linux can tell: that begins with the size of the process that started this one. */
function peakKibibytes(): number {
  try {
    const status = readFileSync("/proc/self/status", "utf8");
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}
