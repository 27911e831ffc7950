// One side of bench/train-step.ts: times training steps of a network with Roentgen and prints them as JSON.

import { openStatefulSession } from "#session";
import { adam, binaryCrossEntropy, categoricalCrossEntropy } from "../../src/networks/index.ts";
import { drawRandoms } from "../../src/networks/training/randoms.ts";
import { STEP, trainingStep } from "../../src/networks/training/training-step.ts";
import { peakMemoryBytes, restartPeakMemory } from "../forest/memory.ts";
import { cases } from "./networks.ts";

const [name, steps, threads] = process.argv.slice(2);
const { network, batchSize, classes } = cases[name]();
const loss = classes === 1 ? binaryCrossEntropy() : categoricalCrossEntropy();
const step = trainingStep(network, { loss, optimiser: adam(), batchSize });
const session = await openStatefulSession(step.models, {
  state: step.initialState(),
  device: "cpu",
  threads: Number(threads),
});

const count = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);
const input = Float32Array.from({ length: count(step.inputShape) }, (_, at) => Math.sin(at * 0.7));
const label = (_: unknown, at: number) => (classes === 1 ? at % 2 : (at * 7) % classes);
const targets = Array.from({ length: count(step.target.shape) }, label);
const feeds = {
  [step.inputName]: { type: "float32", shape: step.inputShape, data: input },
  [STEP.target]: {
    type: step.target.type,
    shape: step.target.shape,
    data: classes === 1 ? Float32Array.from(targets) : Int32Array.from(targets),
  },
  [STEP.weights]: {
    type: "float32",
    shape: [batchSize],
    data: new Float32Array(batchSize).fill(1),
  },
  [STEP.rate]: { type: "float32", shape: [], data: Float32Array.of(1e-4) },
} as const;

const before = restartPeakMemory();
const times: number[] = [];
const losses: number[] = [];
let early = 0;
for (let at = 0; at < Number(steps); at++) {
  const start = performance.now();
  const result = await session.run("step", {
    ...feeds,
    [STEP.number]: { type: "float32", shape: [], data: Float32Array.of(at + 1) },
    ...drawRandoms(step.randoms, { seed: 0, step: at }),
  });
  times.push(performance.now() - start);
  losses.push(Number(result[STEP.loss].data[0]));
  if (at === 9) early = peakMemoryBytes();
}
await session.close();
console.log(JSON.stringify({ times, losses, before, early, bytes: peakMemoryBytes() }));
