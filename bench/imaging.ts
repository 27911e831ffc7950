// Operations on volumes of 256³ against scipy, numpy and scikit-image, on the same generated volumes, in turn.
// `npm run bench -- imaging`; `-- imaging components` the cases whose name holds a word, `quick` one round,
// `large-pages` with glibc asking Linux for pages of 2 MiB on our side, as numpy always does on its own.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { caseNames } from "./imaging/cases.ts";
import { makeVolumes } from "./imaging/volumes.ts";

interface Figures {
  version?: string;
  ms: number;
  /** Peak resident memory during the first run beyond that with the input loaded. */
  bytes: number;
}

const PYTHON = "/usr/bin/python3";
const SIDE = 256;
const ROUNDS = 3;

export default function benchmark(words: readonly string[]): void {
  const rounds = words.includes("quick") ? 1 : ROUNDS;
  const largePages = words.includes("large-pages");
  const wanted = words.filter((word) => word !== "quick" && word !== "large-pages");
  const names = caseNames.filter((name) => wanted.every((word) => name.includes(word)));
  const peer = peerVersion();
  console.log(peer ? `Peer: scipy ${peer}.` : `No scipy under ${PYTHON}: our side alone.`);
  console.log(
    `${SIDE}³ voxels; medians of ${rounds} processes a side, in turn, each the best of three runs after one.\n` +
      "Memory: peak resident size during the first run (VmHWM) beyond that with the input loaded.",
  );
  const folder = mkdtempSync(join(tmpdir(), "roentgen-bench-"));
  try {
    makeVolumes(folder, SIDE);
    for (const name of names)
      compare(name, { folder, rounds, withPeer: peer !== undefined, largePages });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function peerVersion(): string | undefined {
  const program = "import scipy; print(scipy.__version__)";
  const { status, stdout } = spawnSync(PYTHON, ["-c", program], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

interface Comparison {
  readonly folder: string;
  readonly rounds: number;
  readonly withPeer: boolean;
  readonly largePages: boolean;
}

function compare(name: string, { folder, rounds, withPeer, largePages }: Comparison): void {
  const tunables = largePages ? { GLIBC_TUNABLES: "glibc.malloc.hugetlb=1" } : {};
  const ours: Figures[] = [];
  const theirs: Figures[] = [];
  for (let round = 0; round < rounds; round++) {
    const flags = [...NODE_FLAGS, fileOf("ours.ts")];
    ours.push(run(process.execPath, [...flags, folder, `${SIDE}`, name], tunables));
    if (withPeer) theirs.push(run(PYTHON, [fileOf("peer.py"), folder, `${SIDE}`, name]));
  }
  const [ms, bytes] = (["ms", "bytes"] as const).map((field) => medianOf(ours, field));
  const mine = `ours ${milliseconds(ms)}, ${mebibytes(bytes)}`;
  if (!withPeer) {
    console.log(`  ${name.padEnd(34)} ${mine}`);
    return;
  }
  const [peerMs, peerBytes] = (["ms", "bytes"] as const).map((field) => medianOf(theirs, field));
  const other = `scipy ${milliseconds(peerMs)}, ${mebibytes(peerBytes)}`;
  console.log(`  ${name.padEnd(34)} ${mine}; ${other}; ratio ${(peerMs / ms).toFixed(2)}`);
}

const NODE_FLAGS = ["--conditions=roentgen-source", "--expose-gc"];

function fileOf(name: string): string {
  return new URL(`./imaging/${name}`, import.meta.url).pathname;
}

function run(command: string, words: readonly string[], settings: NodeJS.ProcessEnv = {}): Figures {
  const env = { ...process.env, ...settings };
  const { status, stdout, stderr } = spawnSync(command, words, { encoding: "utf8", env });
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
  return JSON.parse(stdout);
}

function medianOf(figures: readonly Figures[], field: "ms" | "bytes"): number {
  const sorted = figures.map((one) => one[field]).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function milliseconds(value: number): string {
  return value < 100 ? `${value.toFixed(1)} ms` : `${value.toFixed(0)} ms`;
}

function mebibytes(value: number): string {
  return `${(value / 2 ** 20).toFixed(0)} MiB`;
}
