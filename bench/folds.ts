// What networks over folds and mirrored copies gain on few images: MedNIST with twenty of each class to learn from. One network
// and five, each without and with mirrored copies, judge the same others; networks are trained once for both.
// `npm run bench -- folds` trains six networks; `-- folds 3` draws all by another seed; `-- folds quick` shows that it works.

import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkParameters, randomStream } from "../src/base/index.ts";
import { bootstrap, percentileInterval } from "../src/statistics/index.ts";
import { calibrateImages, predictRows } from "../src/tasks/classification/calibrate-images.ts";
import { imageTrainingParameters } from "../src/tasks/classification/image-settings.ts";
import { learnMembers } from "../src/tasks/classification/learn-members.ts";
import { type PreparedImages, prepareImages } from "../src/tasks/classification/prepare-images.ts";

const MEDNIST = join(import.meta.dirname, "../../shared/data/mednist");
const FOLDS = [1, 5];
const work = { device: "cpu" } as const;

/** How much is learnt, and from how much. */
interface Size {
  /** Images of each class to learn from, and to judge on. */
  readonly learnt: number;
  readonly judged: number;
  readonly epochs: number;
  readonly seed: number;
}

const whole = { learnt: 20, judged: 150, epochs: 12 };
const quick = { learnt: 10, judged: 10, epochs: 1 };

/** Of each image judged on: log loss, and 1 where the most probable class is the true one. */
interface Judged {
  readonly name: string;
  readonly loss: readonly number[];
  readonly right: readonly number[];
}

export default async function benchmark(words: readonly string[]): Promise<void> {
  if (!existsSync(MEDNIST)) {
    console.log("Left out: ../shared/data/mednist, a folder a class, is not there.");
    return;
  }
  const seed = Number(words.find((word) => /^\d+$/.test(word)) ?? 0);
  const size = { ...(words.includes("quick") ? quick : whole), seed };
  const folder = mkdtempSync(join(tmpdir(), "roentgen-bench-"));
  try {
    const data = join(folder, "data");
    copyImages(data, size);
    const all: Judged[] = [];
    for (const folds of FOLDS) all.push(...(await judgeFolds(folds, { data, folder, size })));
    await report(all);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Images drawn from each class, in folders of the side that they are on. */
function copyImages(folder: string, { learnt, judged, seed }: Size): void {
  for (const [sample, name] of readdirSync(MEDNIST).sort().entries()) {
    const random = randomStream({ seed, purpose: "bench/folds/images", sample });
    const files = readdirSync(join(MEDNIST, name)).sort();
    for (const side of ["train", "test"]) mkdirSync(join(folder, side, name), { recursive: true });
    for (let at = 0; at < learnt + judged; at++) {
      const [file] = files.splice(random.integer(files.length), 1);
      const to = join(folder, at < learnt ? "train" : "test", name, file);
      copyFileSync(join(MEDNIST, name, file), to);
    }
  }
}

/** Trains so many networks and judges what is deployed of them, without mirrored copies and with those that they learnt from. */
async function judgeFolds(
  folds: number,
  { data, folder, size }: { data: string; folder: string; size: Size },
): Promise<Judged[]> {
  const asked = { data, epochs: size.epochs, seed: size.seed, folds };
  const settings = checkParameters(imageTrainingParameters, asked, "training");
  const run = join(folder, String(folds));
  const prepared = await prepareImages(settings, join(run, "images"), {});
  try {
    const members = await learnMembers(prepared, { ...work, folder: join(run, "checkpoints") });
    const name = folds === 1 ? "1 network" : `${folds} networks`;
    const all: Judged[] = [];
    const learnt = prepared.plan.mirrors;
    for (const mirrors of learnt.length > 0 ? [[], learnt] : [[]]) {
      const one = { ...prepared, plan: { ...prepared.plan, mirrors } };
      const { deployed } = await calibrateImages(one, { members, work });
      const judged = await judge(prepared, deployed);
      all.push({ name: mirrors.length > 0 ? `${name}, mirrored` : name, ...judged });
    }
    return all;
  } finally {
    await prepared.store.remove();
  }
}

async function judge(
  prepared: PreparedImages,
  deployed: Parameters<typeof predictRows>[1],
): Promise<Omit<Judged, "name">> {
  const { test } = prepared.split;
  const { scores } = await predictRows(prepared, deployed, test, work);
  const width = scores.length / test.length;
  const all = Array.from(test, (row, at) => {
    const truth = prepared.dataset.samples[row].target as number;
    const own = scores.subarray(at * width, (at + 1) * width);
    return {
      loss: -Math.log(Math.max(1e-12, own[truth])),
      right: Number(own.indexOf(Math.max(...own)) === truth),
    };
  });
  return { loss: all.map(({ loss }) => loss), right: all.map(({ right }) => right) };
}

/** Figures, and their differences from the first, on the same resamples of the images. */
async function report([first, ...others]: readonly Judged[]): Promise<void> {
  console.log(
    `${first.right.length} images judged on; 95 % intervals over them, none over trainings.`,
  );
  for (const { name, right, loss } of [first, ...others]) {
    console.log(`${name}: accuracy ${await interval(right)}, log loss ${await interval(loss)}`);
    if (name === first.name) continue;
    const gain = (own: readonly number[], base: readonly number[]) =>
      interval(own.map((one, at) => one - base[at]));
    const [more, less] = [await gain(right, first.right), await gain(loss, first.loss)];
    console.log(`  less those of ${first.name}: accuracy ${more}, log loss ${less}`);
  }
}

/** The mean with its bootstrap interval. */
async function interval(values: readonly number[]): Promise<string> {
  const mean = (weights: Float64Array, out: Float64Array) => {
    let [sum, count] = [0, 0];
    for (const [at, weight] of weights.entries()) {
      sum += weight * values[at];
      count += weight;
    }
    out[0] = sum / count;
  };
  const replicates = await bootstrap(mean, { rowCount: values.length, size: 1 });
  const { low, high } = percentileInterval(replicates.values);
  const [estimate, ...ends] = [replicates.estimate[0], low, high].map((one) => one?.toFixed(4));
  return `${estimate} (${ends.join(" to ")})`;
}
