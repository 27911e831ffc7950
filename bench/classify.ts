// Image classifiers against PyTorch with torchvision and a DataLoader: an epoch, and the prediction of 1,000 files, in turn.
// `npm run bench -- classify`; `-- classify cnn` one network, `epochs` or `predict` one part, `quick` one round of fewer images.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeBundle } from "./classify/bundle.ts";
import { type ClassifyCase, cases, PREDICTED } from "./classify/cases.ts";
import { makeImageFolder, source } from "./classify/image-folder.ts";
import { runWatched, type Watched } from "./classify/process-tree.ts";

const PYTHON = "/usr/bin/python3";
const EPOCHS = 2;
/** Images of a quick look. */
const QUICK = 600;

/** Ways in which the other side may run; its best by time counts. */
const PEERS = { "no workers": 0, "2 workers": 2 } as const;

/** Figures of a run; smaller is better. */
type Figures = Readonly<Record<string, number>>;

export default async function benchmark(words: readonly string[]): Promise<void> {
  const rounds = words.includes("quick") ? 1 : 3;
  const isAsked = (word: string, all: readonly string[]) =>
    words.includes(word) || !all.some((one) => words.includes(one));
  const models = cases.map(({ model }) => model);
  build();
  describe(rounds);
  for (const { images, ...rest } of cases.filter(({ model }) => isAsked(model, models))) {
    const one = { ...rest, images: words.includes("quick") ? Math.min(QUICK, images) : images };
    const folder = mkdtempSync(join(tmpdir(), "roentgen-bench-"));
    try {
      if (isAsked("epochs", ["epochs", "predict"])) await compareEpochs(one, folder, rounds);
      if (isAsked("predict", ["epochs", "predict"])) await comparePredictions(one, folder, rounds);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

function build(): void {
  const { status } = spawnSync("npm", ["run", "-s", "build"], { stdio: "inherit" });
  if (status !== 0) throw new Error("The package can't be built.");
}

function describe(rounds: number): void {
  const program = "import torch, torchvision; print(torch.__version__, torchvision.__version__)";
  const { stdout } = spawnSync(PYTHON, ["-c", program], { encoding: "utf8", env: environment() });
  const [torch, torchvision] = stdout.trim().split(" ");
  console.log(
    `${source}. Ours is the built package; the other side PyTorch ${torch} with torchvision ${torchvision} (PIL) and a` +
      ` DataLoader, two threads,\nwith ${Object.keys(PEERS).join(" and ")} in turn, of which the faster counts.` +
      ` Medians of ${rounds} rounds. The same network, batch, AdamW and random changes\n(affine in 80 %, brightness and` +
      " contrast in 40 % of images) on both sides, no validation. Memory is the peak of all processes of a\nside together," +
      " shared parts counted once. A ratio below 1 means that ours is faster or smaller.\n" +
      "First epoch: from the start of the process to the end of an epoch, reading and decoding of the folder included." +
      "\nNext epoch: the one after it; ours reads images that it decoded once, the other side decodes them again.",
  );
}

async function compareEpochs(one: ClassifyCase, folder: string, rounds: number): Promise<void> {
  const images = join(folder, "images");
  makeImageFolder(images, one.images);
  const asked = JSON.stringify(one);
  const sides = {
    ours: () =>
      run(process.execPath, [fileOf("ours.js"), images, join(folder, "store"), asked, `${EPOCHS}`]),
    ...peers((workers) => [fileOf("peer.py"), "epochs", images, asked, workers, `${EPOCHS}`]),
  };
  const { runs, figures } = await inTurn(sides, rounds, epochFigures);
  console.log(
    `\n${one.model}, ${one.side}², batches of ${one.batch}: epochs of ${one.images} images`,
  );
  for (const [name, [{ output }]] of Object.entries(runs)) {
    const { losses } = lastLine(output);
    console.log(`  ${name}: mean loss ${losses.map((loss) => loss.toFixed(3)).join(", then ")}`);
  }
  show(figures);
}

interface EpochLine {
  readonly ended: readonly number[];
  readonly losses: readonly number[];
}

function lastLine(output: string): EpochLine {
  return JSON.parse(output.trim().split("\n").at(-1)!);
}

function epochFigures({ startedAt, output, bytes, cpuMs }: Watched): Figures {
  const { ended } = lastLine(output);
  return {
    "first epoch, s": (ended[0] - startedAt) / 1e3,
    "next epoch, s": (ended[1] - ended[0]) / 1e3,
    "processor, both, s": cpuMs / 1e3,
    "memory, MiB": bytes / 2 ** 20,
  };
}

async function comparePredictions(
  one: ClassifyCase,
  folder: string,
  rounds: number,
): Promise<void> {
  const [films, bundle, weights] = ["films", "bundle.roentgen", "weights.pt"].map((name) =>
    join(folder, name),
  );
  mkdirSync(films);
  makeImageFolder(films, PREDICTED);
  const asked = JSON.stringify(one);
  await writeBundle(bundle, one);
  await run(PYTHON, [fileOf("peer.py"), "weights", weights, asked]);
  const command = join(import.meta.dirname, "../bin/roentgen.js");
  const sides = {
    ours: () => run(process.execPath, [command, "predict", bundle, films]),
    ...peers((workers) => [fileOf("peer.py"), "predict", films, asked, workers, weights]),
  };
  const { runs, figures } = await inTurn(sides, rounds, ({ ms, cpuMs, bytes }) => ({
    "whole process, s": ms / 1e3,
    "processor, s": cpuMs / 1e3,
    "memory, MiB": bytes / 2 ** 20,
  }));
  console.log(
    `\n${one.model}, ${one.side}²: ${PREDICTED} files to a table of probabilities; ours with sets and distances, too`,
  );
  for (const [name, [{ output }]] of Object.entries(runs)) {
    const lines = output.trim().split("\n").length - 1;
    if (lines !== PREDICTED) throw new Error(`${name} gave ${lines} rows`);
  }
  show(figures);
}

function peers(args: (workers: string) => string[]): Record<string, () => Promise<Watched>> {
  const entries = Object.entries(PEERS).map(
    ([name, workers]) => [name, () => run(PYTHON, args(String(workers)))] as const,
  );
  return Object.fromEntries(entries);
}

/** Runs the sides one after another, as many rounds; gives the figures of each as medians. */
async function inTurn(
  sides: Readonly<Record<string, () => Promise<Watched>>>,
  rounds: number,
  figuresOf: (run: Watched) => Figures,
) {
  const runs: Record<string, Watched[]> = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, start] of Object.entries(sides)) {
      runs[name] = [...(runs[name] ?? []), await start()];
    }
  }
  const figures = Object.entries(runs).map(([name, some]) => {
    const all = some.map(figuresOf);
    const medians = Object.keys(all[0]).map((what) => [what, median(all.map((one) => one[what]))]);
    return [name, Object.fromEntries(medians) as Figures] as const;
  });
  return { runs, figures: Object.fromEntries(figures) };
}

/** A line a figure: ours, each peer, and the ratio to the best of these. */
function show({ ours, ...theirs }: Readonly<Record<string, Figures>>): void {
  const first = Object.keys(ours)[0];
  const [best] = Object.entries(theirs).sort(([, a], [, b]) => a[first] - b[first])[0];
  for (const what of Object.keys(ours)) {
    const others = Object.entries(theirs).map(([name, one]) => `${name} ${one[what].toFixed(2)}`);
    const ratio = (ours[what] / theirs[best][what]).toFixed(2);
    console.log(
      `  ${what.padEnd(19)} ours ${ours[what].toFixed(2)}, PyTorch ${others.join(", ")}; ratio to ${best} ${ratio}`,
    );
  }
}

function run(program: string, args: readonly string[]): Promise<Watched> {
  return runWatched(program, args, environment());
}

/** Without settings that hold BLAS to one kind of processor. */
function environment(): NodeJS.ProcessEnv {
  const { OPENBLAS_CORETYPE: _, OPENBLAS_L2_SIZE: __, ...rest } = process.env;
  return rest;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

function fileOf(name: string): string {
  return join(import.meta.dirname, "classify", name);
}
