// Burnt-in marks in a choice of the images of each class.

import { openWorkerPool } from "#workers";
import { oneByOne, randomStream, throwIfCancelled, type WorkOptions } from "../../../base/index.ts";
import type { ImageDataset, ImagePreparation, ImageSample } from "../image-dataset.ts";
import { sampleImages } from "../sample-images.ts";
import type { BurntInMark } from "./burnt-in-marks.ts";
import { classOfSample } from "./class-of-sample.ts";
import findMarksHere, { type MarkOutcome, type MarkTask } from "./mark-worker.ts";

/** A sample that was looked at in full size. */
export interface LookedAt {
  readonly sample: number;
  readonly marks: readonly BurntInMark[];
  /** Width and height. */
  readonly size: readonly [number, number];
}

const SAMPLES_A_TASK = 8;

/** Looks at up to `most` samples, as many of each class. */
export async function lookForMarks(
  dataset: ImageDataset,
  samples: readonly number[],
  {
    intensity,
    most,
    seed,
    threads,
    signal,
    onProgress,
  }: {
    intensity: ImagePreparation["intensity"];
    most: number;
    seed: number;
  } & WorkOptions,
): Promise<LookedAt[]> {
  const chosen = chooseByClass(dataset, samples, { most, seed });
  const pool = openWorkerPool("./mark-worker", import.meta.url, {
    here: findMarksHere,
    // A few images are looked at sooner than workers start.
    threads: chosen.length <= SAMPLES_A_TASK ? 0 : threads,
  });
  const batches = Array.from({ length: Math.ceil(chosen.length / SAMPLES_A_TASK) }, (_, at) =>
    chosen.slice(at * SAMPLES_A_TASK, (at + 1) * SAMPLES_A_TASK),
  );
  const load = sampleImages();
  const inOrder = oneByOne();
  let done = 0;
  try {
    const found = await Promise.all(
      batches.map(async (batch) => {
        throwIfCancelled(signal, "Looking for marks");
        const originals = batch.map((sample) => dataset.samples[sample]);
        const images = await inOrder(() => imagesOf(originals, load));
        const outcomes = await pool.run<MarkTask, MarkOutcome[]>({ images, intensity });
        throwIfCancelled(signal, "Looking for marks");
        done += batch.length;
        onProgress?.({ stage: "Looking for marks", done, total: chosen.length, unit: "images" });
        return outcomes.flatMap((one, at): LookedAt[] =>
          one ? [{ sample: batch[at], ...one }] : [],
        );
      }),
    );
    return found.flat();
  } finally {
    await pool.close();
  }
}

/** Rows of arrays are taken out here, since every worker would need the whole array for it. */
async function imagesOf(
  samples: readonly ImageSample[],
  load: ReturnType<typeof sampleImages>,
): Promise<MarkTask["images"]> {
  const images: MarkTask["images"][number][] = [];
  for (const sample of samples) {
    const { path, array, frame } = sample;
    if (array !== undefined) images.push({ source: (await load(sample)).image });
    else images.push({ source: path, ...(frame !== undefined && { frame }) });
  }
  return images;
}

/** In random order one of each class after another, then as they come in the data set. */
function chooseByClass(
  dataset: ImageDataset,
  samples: readonly number[],
  { most, seed }: { most: number; seed: number },
): number[] {
  const order = randomStream({ seed, purpose: "look for marks" }).shuffleInPlace([...samples]);
  const rank = new Map<string, number>();
  const ranked = order.map((sample) => {
    const name = classOfSample(dataset, sample);
    const own = rank.get(name) ?? 0;
    rank.set(name, own + 1);
    return { sample, own };
  });
  return ranked
    .sort((a, b) => a.own - b.own)
    .slice(0, most)
    .map(({ sample }) => sample)
    .sort((a, b) => a - b);
}
