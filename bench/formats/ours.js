// Our side of the formats benchmark, in a process of its own and from the built package, in JavaScript so that no time
// goes into stripping types: prints one line of JSON.
// ours.js FOLDER CASE REPEATS

import { readFileSync, writeFileSync } from "node:fs";

const [folder, name, repeats] = process.argv.slice(2);
const isSeries = /CT|slices/.test(name);
const { cases } = await import(isSeries ? "./series-cases.js" : "./volume-cases.js");
const work = await cases[name](folder);
globalThis.gc?.();
writeFileSync("/proc/self/clear_refs", "5"); // forgets the peak so far: proc(5)
const started = process.memoryUsage().rss;
const times = [];
let check = 0;
let bytes = 0;
for (let round = 0; round <= Number(repeats); round++) {
  const start = performance.now();
  const result = await work();
  times.push(performance.now() - start);
  if (round > 0) continue;
  check = checkSum(result);
  bytes = peakBytes() - started;
}
const line = { firstMs: times[0], bestMs: Math.min(...times), check, bytes };
writeFileSync(1, `${JSON.stringify(line)}\n`);

/** Of every 97th voxel: enough to tell that both sides read the same. */
function checkSum({ data }) {
  let sum = 0;
  for (let at = 0; at < data.length; at += 97) sum += data[at];
  return sum;
}

function peakBytes() {
  const status = readFileSync("/proc/self/status", "utf8");
  return 1024 * Number(/VmHWM:\s+(\d+) kB/.exec(status)[1]);
}
