// Training steps (forward, backward, Adam) against PyTorch: the same networks, in turn, a process a round.
// `npm run bench -- train-step`; `-- train-step tutorial` one network, `quick` one round.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { cases } from "./train-step/networks.ts";

interface Side {
  times: number[];
  losses: number[];
  /** Peak resident memory before the first step, after ten steps, and after all. */
  before: number;
  early: number;
  bytes: number;
  version?: string;
}

const PYTHON = "/usr/bin/python3";
const STEPS: Readonly<Record<string, number>> = { tutorial: 15, "resnet-18": 10, "unet-3d": 8 };
const THREADS = 2;
/** Steps at the start that warm up. */
const WARM_UP = 3;

/** glibc keeps large blocks instead of giving them back, so that PyTorch does not pay for their first touch in each step. */
const STEADY_MEMORY = {
  MALLOC_MMAP_THRESHOLD_: "1073741824",
  MALLOC_TRIM_THRESHOLD_: "4294967296",
  MALLOC_TOP_PAD_: "268435456",
};

export default function benchmark(words: readonly string[]): void {
  const rounds = words.includes("quick") ? 1 : 3;
  const wanted = words.filter((word) => word !== "quick");
  const names = Object.keys(cases).filter((name) => wanted.every((word) => name.includes(word)));
  console.log(
    `${THREADS} threads; medians of steps after the first ${WARM_UP}, over ${rounds} rounds in turn. PyTorch as it comes, and` +
      " in brackets\nwith glibc told to keep its memory. Memory is the peak resident size of the whole process.",
  );
  for (const name of names) compare(name, rounds);
}

function compare(name: string, rounds: number): void {
  const sides = { ours: [] as Side[], plain: [] as Side[], steady: [] as Side[] };
  const node = ["--conditions=roentgen-source", "--expose-gc", fileOf("ours.ts")];
  for (let round = 0; round < rounds; round++) {
    sides.ours.push(run(process.execPath, node, name, {}));
    sides.plain.push(run(PYTHON, [fileOf("peer.py")], name, {}));
    sides.steady.push(run(PYTHON, [fileOf("peer.py")], name, STEADY_MEMORY));
  }
  const [ours, plain, steady] = [sides.ours, sides.plain, sides.steady].map(stepMs);
  const [oursMb, plainMb] = [sides.ours, sides.plain].map(memoryMb);
  console.log(
    `${name.padEnd(10)} ours ${ours.toFixed(0)} ms, PyTorch ${sides.plain[0].version} ${plain.toFixed(0)} ms` +
      ` [${steady.toFixed(0)}]: ratio ours / PyTorch ${(ours / plain).toFixed(2)} [${(ours / steady).toFixed(2)}];` +
      ` memory ${oursMb.toFixed(0)} / ${plainMb.toFixed(0)} MiB, ratio ${(oursMb / plainMb).toFixed(2)}`,
  );
}

function run(
  program: string,
  args: readonly string[],
  name: string,
  extra: Record<string, string>,
): Side {
  const { OPENBLAS_CORETYPE: _, OPENBLAS_L2_SIZE: __, ...rest } = process.env;
  const steps = String(STEPS[name]);
  const { status, stdout, stderr } = spawnSync(program, [...args, name, steps, String(THREADS)], {
    encoding: "utf8",
    env: { ...rest, ...extra },
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(`${program} failed:\n${stderr}`);
  return JSON.parse(stdout.trim().split("\n").at(-1) as string);
}

function stepMs(sides: readonly Side[]): number {
  return median(sides.flatMap(({ times }) => times.slice(WARM_UP)));
}

function memoryMb(sides: readonly Side[]): number {
  return median(sides.map(({ bytes }) => bytes / 2 ** 20));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

function fileOf(name: string): string {
  return join(import.meta.dirname, "train-step", name);
}
