// Our side of the formats benchmark, in a process of its own: prints one line of JSON.
// ours.ts FOLDER CASE REPEATS

import { writeFileSync } from "node:fs";
import { peakMemoryBytes, restartPeakMemory } from "../forest/memory.ts";
import { checkSum, prepareCase } from "./cases.ts";

const [folder, name, repeats] = process.argv.slice(2);
const work = await prepareCase(name, folder);
const started = restartPeakMemory();
const times: number[] = [];
let check = 0;
let bytes = 0;
for (let round = 0; round <= Number(repeats); round++) {
  const start = performance.now();
  const result = await work();
  times.push(performance.now() - start);
  if (round > 0) continue;
  check = checkSum(result);
  bytes = peakMemoryBytes() - started;
}
writeFileSync(
  1,
  `${JSON.stringify({ firstMs: times[0], bestMs: Math.min(...times), check, bytes })}\n`,
);
