// Twenty images a class: what an earlier training on other findings of the same organ is worth, against a long one from scratch.
// Everything goes the way of `roentgen train`: the earlier run is what `--weights` takes.

import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { studentQuantile } from "../../src/statistics/index.ts";
import { type ImageTrainingOptions, saveImages } from "../../src/tasks/index.ts";
import { type Finding, fewSides, livers, manySides, writeSides } from "./drawn-ultrasound.ts";

const FOLDER = `${tmpdir()}/roentgen-bench-transfer`;
/** What the earlier training tells apart, on thousands of frames. */
const KNOWN: readonly Finding[] = ["none", "cyst", "benign solid"];
const MANY = { count: 4000, seed: 11 };
/** What is learnt of twenty frames each: a finding that the earlier training never saw, against another. */
const WANTED: readonly Finding[] = ["cyst", "malignant"];
const POOL = { count: 1600, seed: 41 };
/** Of the twenty, four choose the weights and calibrate. */
const FEW = { learnt: 16, chosen: 4, judged: 400 };
const SIZE = 32;
const common = { size: SIZE, gallery: 0, resamples: 100 };
const work = { device: "cpu", threads: 1, force: true } as const;

type Way = Partial<ImageTrainingOptions>;

/** Ways to learn the task; `earlier` is the run of the earlier training. */
const ways = (earlier: string): Readonly<Record<string, Way>> => ({
  scratch: { epochs: 300, learningRate: 1e-3 },
  "features frozen": { weights: earlier, freeze: ["features"] },
  "head, then all": { weights: earlier },
  "four stages": { weights: earlier, unfreeze: 4 },
  "all at once": { weights: earlier, unfreeze: 1 },
});

/** @param seeds draws of the twenty frames, and of all else that is drawn */
export async function scratch(seeds: readonly number[]): Promise<void> {
  const earlier = await trainEarlier();
  const { learnt, chosen } = FEW;
  console.log(`${WANTED.join(" or ")}, ${learnt + chosen} frames each, ${seeds.length} draws:`);
  let base: readonly number[] = [];
  for (const [name, way] of Object.entries(ways(earlier))) {
    const all: number[] = [];
    for (const seed of seeds) all.push(await judgedOnce(name, { ...common, ...way, seed }));
    if (name === "scratch") base = all;
    console.log(`  ${name}: ${interval(all)}`);
    const gain = all.map((one, at) => one - base[at]);
    if (name !== "scratch") console.log(`    less scratch: ${interval(gain)}`);
  }
}

/** Figures are kept as they come, since all together take an hour or two. */
async function judgedOnce(
  name: string,
  options: Omit<ImageTrainingOptions, "data"> & { readonly seed: number },
): Promise<number> {
  const { seed } = options;
  const path = `${FOLDER}/${seed}-${name}.json`;
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8"));
  const pool = livers({ folder: FOLDER, ...POOL });
  const data = `${FOLDER}/few-${seed}.npz`;
  writeSides(data, pool, { sides: fewSides(pool, WANTED, { seed, ...FEW }), wanted: WANTED });
  const right = await judged({ ...options, data });
  console.error(`seed ${seed}, ${name}: ${right.toFixed(4)}`);
  writeFileSync(path, JSON.stringify(right));
  return right;
}

/** The earlier training, kept for the next time. */
async function trainEarlier(): Promise<string> {
  const folder = `${FOLDER}/earlier`;
  if (existsSync(`${folder}/model.roentgen`)) return folder;
  const frames = livers({ folder: FOLDER, ...MANY });
  const data = `${FOLDER}/many.npz`;
  writeSides(data, frames, { sides: manySides(frames, KNOWN), wanted: KNOWN });
  await saveImages(folder, { ...common, data, epochs: 30, learningRate: 2e-3 }, work);
  return folder;
}

/** Part of the frames to judge on that is told right. */
async function judged(options: ImageTrainingOptions): Promise<number> {
  const folder = `${FOLDER}/run`;
  rmSync(folder, { recursive: true, force: true });
  const { trained } = await saveImages(folder, options, work);
  const { byImage } = trained.judgement;
  const accuracy = byImage.task === "classification" && byImage.figures.accuracy;
  if (!accuracy || accuracy.value === null) throw new Error("There is no accuracy.");
  return accuracy.value;
}

/** Mean with its 95 % interval by Student's t, and what it is the mean of. */
function interval(values: readonly number[]): string {
  const count = values.length;
  const mean = values.reduce((sum, one) => sum + one, 0) / count;
  const variance = values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (count - 1);
  const half = studentQuantile(0.975, count - 1) * Math.sqrt(variance / count);
  const digits = (one: number) => one.toFixed(3);
  return `${digits(mean)} [${digits(mean - half)}, ${digits(mean + half)}] (${values.map(digits).join(" ")})`;
}
