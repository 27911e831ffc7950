// Statistics of image classifiers against scikit-learn and scipy on the same data, in turn: `npm run bench -- trust`
// takes some minutes; `-- trust quick` one round.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomStream } from "../src/base/index.ts";

/** Wall and processor time of each piece of work, in ms. */
export interface TrustTimes {
  readonly [work: string]: { readonly wallMs: number; readonly cpuMs: number };
}

const PYTHON = "/usr/bin/python3";

const works: Record<string, string> = {
  labels:
    "10,000 × 14 labels judged, 100 resamples (ours also leaves out 500 blocks and draws curves)",
  mahalanobis512:
    "shrunk covariance and whitening, 3,000 × 512 features (peer: two threads of BLAS)",
  mahalanobis2048: "the same, 2,000 × 2,048",
  smirnov: "Kolmogorov–Smirnov of 512 features, 2,000 against 200 cases",
};

export default function benchmark(words: readonly string[]): void {
  const rounds = words.includes("quick") ? 1 : 5;
  const folder = mkdtempSync(join(tmpdir(), "roentgen-bench-"));
  try {
    writeData(folder);
    const script = (name: string) => new URL(`./trust/${name}`, import.meta.url).pathname;
    const ours: TrustTimes[] = [];
    const theirs: TrustTimes[] = [];
    for (let round = 0; round < rounds; round++) {
      ours.push(run(process.execPath, ["--conditions=roentgen-source", script("ours.ts"), folder]));
      theirs.push(run(PYTHON, [script("peer.py"), folder]));
    }
    console.log(`Medians of ${rounds}; wall time (processor time).`);
    for (const [work, meaning] of Object.entries(works)) report(work, meaning, ours, theirs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeData(folder: string): void {
  const random = randomStream({ seed: 1, purpose: "bench/trust" });
  const truth = Float64Array.from({ length: 140_000 }, () => +(random.uniform() < 0.1));
  const probabilities = truth.map((y) => 1 / (1 + Math.exp(2 - 1.5 * y - random.normal())));
  const features = Float32Array.from({ length: 2000 * 2048 }, () => random.normal());
  writeFileSync(join(folder, "truth.f64"), truth);
  writeFileSync(join(folder, "probabilities.f64"), probabilities);
  writeFileSync(join(folder, "features.f32"), features);
}

function report(
  work: string,
  meaning: string,
  ours: readonly TrustTimes[],
  theirs: readonly TrustTimes[],
): void {
  const of = (times: readonly TrustTimes[], kind: "wallMs" | "cpuMs") =>
    times.map((one) => one[work][kind]).toSorted((a, b) => a - b)[times.length >> 1];
  const side = (times: readonly TrustTimes[]) =>
    `${of(times, "wallMs").toFixed(0)} (${of(times, "cpuMs").toFixed(0)}) ms`;
  const ratio = (kind: "wallMs" | "cpuMs") => (of(theirs, kind) / of(ours, kind)).toFixed(2);
  console.log(
    `${meaning}\n  ours ${side(ours)}, peer ${side(theirs)}, ratio ${ratio("wallMs")} (${ratio("cpuMs")})`,
  );
}

function run(command: string, words: readonly string[]): TrustTimes {
  const { status, stdout, stderr } = spawnSync(command, words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
  return JSON.parse(stdout);
}
