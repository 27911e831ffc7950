// Our side of the imaging benchmark, in a process of its own: prints one line of JSON.
// ours.ts FOLDER SIDE CASE

import { writeFileSync } from "node:fs";
import { peakMemoryBytes, restartPeakMemory } from "../forest/memory.ts";
import { prepareCase } from "./cases.ts";

const [folder, side, name] = process.argv.slice(2);
const work = prepareCase(name, folder, Number(side));
const loaded = restartPeakMemory();
await work();
const bytes = peakMemoryBytes() - loaded;
const times: number[] = [];
for (let round = 0; round < 3; round++) {
  const start = performance.now();
  await work();
  times.push(performance.now() - start);
}
writeFileSync(1, `${JSON.stringify({ ms: Math.min(...times), bytes })}\n`);
