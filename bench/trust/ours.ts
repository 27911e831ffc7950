// Our side of the benchmark of classifier statistics, in a process of its own: prints one line of JSON.

import { readFileSync, writeFileSync } from "node:fs";
import { driftReport, fitMahalanobis, judgeMultiLabel } from "../../src/statistics/index.ts";
import type { TrustTimes } from "../trust.ts";

const [folder] = process.argv.slice(2);
// Copies, since a small file shares its buffer with others.
const read = (name: string) => Uint8Array.from(readFileSync(`${folder}/${name}`)).buffer;
const truth = new Float64Array(read("truth.f64"));
const probabilities = new Float64Array(read("probabilities.f64"));
const features = new Float32Array(read("features.f32"));
const labels = Array.from({ length: 14 }, (_, index) => `label ${index}`);
const classOf = (rows: number) => Int32Array.from({ length: rows }, (_, row) => row % 5);
const classes = ["a", "b", "c", "d", "e"];

const times: Record<string, TrustTimes[string]> = {};
await measure("labels", () => judgeMultiLabel({ labels, truth, probabilities, resamples: 100 }));
await measure("mahalanobis512", () =>
  fitMahalanobis(features.subarray(0, 3000 * 512), classOf(3000), { classes }),
);
await measure("mahalanobis2048", () => fitMahalanobis(features, classOf(2000), { classes }));
await measure("smirnov", () =>
  driftReport(
    { rows: 2000, features: features.subarray(0, 2000 * 512) },
    { rows: 200, features: features.subarray(2000 * 512, 2200 * 512) },
    { permutations: 19, most: 10 },
  ),
);
writeFileSync(1, `${JSON.stringify(times)}\n`);

async function measure(work: string, run: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  times[work] = { wallMs: performance.now() - start, cpuMs: (user + system) / 1000 };
}
