// Linear models against scikit-learn on the same generated data, in turn, both on one core's work of
// ours and as many as BLAS takes of theirs. `npm run bench -- linear` takes about a minute.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeData } from "./forest/data.ts";

/** One fit: options of ours, and scikit-learn's estimator in Python. */
export interface LinearCase {
  readonly name: string;
  readonly learner: "logistic" | "ridge" | "elastic-net";
  readonly options: Record<string, unknown>;
  readonly python: string;
}

interface Figures {
  version?: string;
  /** First and best of further fits, by case. */
  firstMs: number[];
  fitMs: number[];
  /** Objective reached, as scikit-learn defines it: lower is better. */
  objectives: number[];
}

const PYTHON = "/usr/bin/python3";

const sizes = [
  { rows: 50_000, columns: 50 },
  { rows: 300, columns: 1500 },
];

const cases: LinearCase[] = [
  { name: "logistic, L2, C = 1", learner: "logistic", options: {}, python: "LogisticRegression()" },
  {
    name: "logistic, L2, C = 0.01",
    learner: "logistic",
    options: { c: 0.01 },
    python: "LogisticRegression(C=0.01)",
  },
  {
    name: "logistic, L1, C = 0.02",
    learner: "logistic",
    options: { penalty: "l1", c: 0.02 },
    python: "LogisticRegression(penalty='l1', C=0.02, solver='saga', max_iter=1000)",
  },
  { name: "ridge, alpha = 1", learner: "ridge", options: {}, python: "Ridge()" },
  {
    name: "elastic net, alpha = 0.05",
    learner: "elastic-net",
    options: { alpha: 0.05 },
    python: "ElasticNet(alpha=0.05)",
  },
  {
    name: "elastic net, alpha = 0.002",
    learner: "elastic-net",
    options: { alpha: 0.002 },
    python: "ElasticNet(alpha=0.002, max_iter=100000)",
  },
];

export default function benchmark(words: readonly string[]): void {
  const rounds = words.includes("quick") ? 1 : 5;
  for (const { rows, columns } of sizes) {
    const folder = mkdtempSync(join(tmpdir(), "roentgen-bench-"));
    try {
      const { values, labels } = makeData({ rows, columns });
      writeFileSync(join(folder, "x.f64"), values);
      writeFileSync(join(folder, "y.i32"), labels);
      writeFileSync(join(folder, "cases.json"), JSON.stringify(cases));
      compare(folder, [String(rows), String(columns)], rounds);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

function compare(folder: string, size: string[], rounds: number): void {
  const script = (name: string) => new URL(`./linear/${name}`, import.meta.url).pathname;
  const ours: Figures[] = [];
  const theirs: Figures[] = [];
  for (let round = 0; round < rounds; round++) {
    const flags = ["--conditions=roentgen-source"];
    ours.push(run(process.execPath, [...flags, script("ours.ts"), folder, ...size]));
    theirs.push(run(PYTHON, [script("peer.py"), folder, ...size]));
  }
  const peer = `scikit-learn ${theirs[0].version}`;
  console.log(
    `\n${size.join(" × ")}, ${peer}: medians of ${rounds}; fit is the best of three warm ones`,
  );
  cases.forEach(({ name }, at) => {
    const of = (figures: Figures[], field: "firstMs" | "fitMs") =>
      median(figures.map((one) => one[field][at]));
    const [mine, other] = [of(ours, "fitMs"), of(theirs, "fitMs")];
    const gap = ours[0].objectives[at] / theirs[0].objectives[at] - 1;
    console.log(
      `  ${name.padEnd(28)} ours ${show(mine)} (first ${show(of(ours, "firstMs"))}), peer ${show(other)}, ` +
        `ratio ${(other / mine).toFixed(2)}; our objective is ${gap.toExponential(1)} of theirs above it`,
    );
  });
}

function run(command: string, words: readonly string[]): Figures {
  const { status, stdout, stderr } = spawnSync(command, words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
  return JSON.parse(stdout);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function show(milliseconds: number): string {
  return `${milliseconds.toFixed(milliseconds < 100 ? 1 : 0)} ms`;
}
