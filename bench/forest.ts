// Random forest against scikit-learn with as many threads, on the same generated data, in turn.
// `npm run bench -- forest` takes about four minutes; `-- forest quick` one round and smaller growth,
// `-- forest growth` only how our time grows.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeData, type Size } from "./forest/data.ts";

interface Case extends Size {
  trees: number;
  rounds: number;
}

interface Figures {
  version?: string;
  firstFitMs: number;
  fitMs: number;
  fitCpuMs: number;
  /** Ours only: the start of the worker pool, and what its threads take before they do anything. */
  startMs?: number;
  workerBytes?: number;
  predictMs: number;
  accuracy: number;
  nodesPerTree: number;
  fitBytes: number;
}

const PYTHON = "/usr/bin/python3";
const THREADS = 2;
const HELD_OUT = 10_000;

export default function benchmark(words: readonly string[]): void {
  const quick = words.includes("quick");
  const peer = peerVersion();
  console.log(peer ? `Peer: scikit-learn ${peer}, n_jobs=${THREADS}.` : noPeer);
  console.log(
    "First fit: of a process, with compilation, after the start of the worker pool; fit: the best of" +
      " two after it (scikit-learn on large data: its first).\nMemory: peak resident size during the" +
      " first fit (VmHWM after clear_refs) beyond that with the input loaded and workers started.",
  );
  const cases: Case[] = [
    { rows: 569, columns: 30, trees: 100, rounds: quick ? 1 : 5 },
    { rows: 50_000, columns: 50, trees: 100, rounds: quick ? 1 : 3 },
  ];
  if (!words.includes("growth")) for (const example of cases) compare(example, peer !== undefined);
  showGrowth(quick);
}

const noPeer = `No scikit-learn under ${PYTHON}: our side alone.`;

function peerVersion(): string | undefined {
  const program = "import sklearn; print(sklearn.__version__)";
  const { status, stdout } = spawnSync(PYTHON, ["-c", program], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

function compare(example: Case, withPeer: boolean): void {
  const { rows, columns, trees, rounds } = example;
  const ours: Figures[] = [];
  const theirs: Figures[] = [];
  withDataFolder(example, (folder) => {
    for (let round = 0; round < rounds; round++) {
      ours.push(runOurs(folder, example, round));
      if (withPeer) theirs.push(runPeer(folder, example, round));
    }
  });
  console.log(`\n${rows} × ${columns}, ${trees} trees: medians of ${rounds}`);
  const input = rows * columns * 8;
  const startMs = milliseconds(median(ours.map((figures) => figures.startMs!)));
  const started = (median(ours.map((figures) => figures.workerBytes!)) / 2 ** 20).toFixed(0);
  console.log(`  not counted: start of ${THREADS} workers, ${startMs} and ${started} MiB`);
  const lines: [string, keyof Figures, (value: number) => string][] = [
    ["fit", "fitMs", milliseconds],
    ["fit, processor time of all threads", "fitCpuMs", milliseconds],
    ["first fit", "firstFitMs", milliseconds],
    ["predict the training rows", "predictMs", milliseconds],
    ["accuracy on 10,000 held out", "accuracy", (value) => value.toFixed(4)],
    ["nodes a tree", "nodesPerTree", (value) => value.toFixed(0)],
    ["memory beyond the input, in inputs", "fitBytes", (bytes) => (bytes / input).toFixed(2)],
  ];
  for (const [name, field, show] of lines) {
    const mine = median(ours.map((figures) => figures[field] as number));
    if (!withPeer) {
      console.log(`  ${name.padEnd(36)} ours ${show(mine)}`);
      continue;
    }
    const other = median(theirs.map((figures) => figures[field] as number));
    const ratio = `ratio ${(other / mine).toFixed(2)}`;
    console.log(`  ${name.padEnd(36)} ours ${show(mine)}, scikit-learn ${show(other)}, ${ratio}`);
  }
}

/** Processor time of a fit while one of rows, columns and trees grows. */
function showGrowth(quick: boolean): void {
  const base: Case = { rows: 20_000, columns: 50, trees: 20, rounds: 1 };
  const steps = quick ? [1, 2] : [1, 2, 4, 8];
  console.log(
    "\nGrowth of our fit (processor time; and relative to n log n for rows, to n for the others)",
  );
  const rowsLaw = (n: number) => n * Math.log2(n);
  grow("rows", steps, (step) => ({ ...base, rows: base.rows * step }), rowsLaw);
  // The square root of the columns is tried at each split; binning grows with all of them.
  grow(
    "columns",
    steps,
    (step) => ({ ...base, columns: base.columns * step }),
    (n) => n,
  );
  grow(
    "trees",
    steps,
    (step) => ({ ...base, trees: base.trees * step }),
    (n) => n,
  );
}

function grow(
  what: "rows" | "columns" | "trees",
  steps: readonly number[],
  caseOf: (step: number) => Case,
  law: (count: number) => number,
): void {
  let first: number | undefined;
  const shown = steps.map((step) => {
    const example = caseOf(step);
    const { fitCpuMs } = withDataFolder(example, (folder) => runOurs(folder, example, 0));
    const scaled = fitCpuMs / law(example[what]);
    first ??= scaled;
    return `${example[what]}: ${milliseconds(fitCpuMs)} (${(scaled / first).toFixed(2)})`;
  });
  console.log(`  ${what.padEnd(8)} ${shown.join(", ")}`);
}

function withDataFolder<T>(size: Size, work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "roentgen-bench-"));
  try {
    const { values, labels } = makeData({ ...size, rows: size.rows + HELD_OUT });
    writeFileSync(join(folder, "x.f64"), values);
    writeFileSync(join(folder, "y.i32"), labels);
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runOurs(folder: string, example: Case, seed: number): Figures {
  const script = new URL("./forest/ours.ts", import.meta.url).pathname;
  const flags = ["--conditions=roentgen-source", "--expose-gc"];
  return run(process.execPath, [...flags, script, folder, ...sizes(example, seed)]);
}

function runPeer(folder: string, example: Case, seed: number): Figures {
  const script = new URL("./forest/peer.py", import.meta.url).pathname;
  return run(PYTHON, [script, folder, ...sizes(example, seed)]);
}

function sizes({ rows, columns, trees }: Case, seed: number): string[] {
  return [rows, HELD_OUT, columns, trees, THREADS, seed].map(String);
}

function run(command: string, words: readonly string[]): Figures {
  const { status, stdout, stderr } = spawnSync(command, words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
  return JSON.parse(stdout);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function milliseconds(value: number): string {
  return value < 100 ? `${value.toFixed(1)} ms` : `${value.toFixed(0)} ms`;
}
