// Our side of the forest benchmark, in a process of its own: prints one line of JSON.
// ours.ts FOLDER ROWS HELD COLUMNS TREES THREADS SEED; FOLDER holds x.f64 (columns one after another) and y.i32.

import { readFileSync, writeFileSync } from "node:fs";
import { type ClassPrediction, type Features, predictedLabels } from "../../src/base/index.ts";
import { startWorkers } from "../../src/learning/forest/workers.ts";
import { forest } from "../../src/learning/index.ts";
import { peakMemoryBytes, restartPeakMemory } from "./memory.ts";

const [folder] = process.argv.slice(2);
const [rows, held, columns, trees, threads, seed] = process.argv.slice(3).map(Number);

const { features, labels } = load();
const train = part(0, rows);
const test = part(rows, rows + held);
const target = {
  task: "classification" as const,
  classes: ["no", "yes"],
  labels: labels.slice(0, rows),
};

const withoutWorkers = restartPeakMemory();
const startMs = (await timed(() => startWorkers(threads))).ms;
const inUse = restartPeakMemory();
const fit = () => forest.fit({ features: train, target }, { trees }, { threads, seed });
const cold = await timed(fit);
const fitBytes = peakMemoryBytes() - inUse;
const fits: number[] = [];
const fitsCpu: number[] = [];
for (let round = 0; round < 2; round++) {
  const before = process.cpuUsage();
  fits.push((await timed(fit)).ms);
  const { user, system } = process.cpuUsage(before);
  fitsCpu.push((user + system) / 1000);
}
const model = cold.result;
// A first prediction warms up, as the first fit does for the others.
await forest.predict(model, test, { threads });
const predictions: number[] = [];
for (let round = 0; round < 3; round++) {
  predictions.push((await timed(() => forest.predict(model, train, { threads }))).ms);
}
const predicted = predictedLabels((await forest.predict(model, test)) as ClassPrediction);
const right = predicted.filter((label, row) => label === labels[rows + row]).length;

writeFileSync(
  1,
  `${JSON.stringify({
    firstFitMs: cold.ms,
    fitMs: Math.min(...fits),
    fitCpuMs: Math.min(...fitsCpu),
    predictMs: Math.min(...predictions),
    accuracy: right / held,
    nodesPerTree: model.feature.length / trees,
    fitBytes,
    workerBytes: inUse - withoutWorkers,
    startMs,
  })}\n`,
);

function load(): { features: Features; labels: Int32Array } {
  const all = rows + held;
  const values = new Float64Array(readFileSync(`${folder}/x.f64`).buffer);
  const names = Array.from({ length: columns }, (_, index) => `column ${index}`);
  const series = names.map((_, index) => values.subarray(index * all, (index + 1) * all));
  return {
    features: { rowCount: all, names, columns: series },
    labels: new Int32Array(readFileSync(`${folder}/y.i32`).buffer),
  };
}

/** Views, not copies: nothing but the input is in memory when a fit begins. */
function part(start: number, end: number): Features {
  const views = features.columns.map((values) => (values as Float64Array).subarray(start, end));
  return { rowCount: end - start, names: features.names, columns: views };
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; ms: number }> {
  const start = performance.now();
  const result = await work();
  return { result, ms: performance.now() - start };
}
