// Worker that decodes and prepares images for a store: files in, records out, what can't be read told apart.

import { handOver } from "#workers";
import { type Image, RoentgenError } from "../../../base/index.ts";
import type { ImagePreparation, ImageSample } from "../image-dataset.ts";
import { type LoadedImage, loadImage } from "../load-image.ts";
import { intensityRange } from "../prepare/intensity-range.ts";
import { prepareImage } from "../prepare/prepare-image.ts";
import { STEPS } from "./stored-images.ts";

/** Samples of one file, which is decoded once, or of an image that is there already. */
export interface FileOfSamples {
  readonly source: string | Image;
  /** Frame and region of each. */
  readonly samples: readonly Pick<ImageSample, "frame" | "region">[];
}

export interface StoreTask {
  readonly files: readonly FileOfSamples[];
  readonly preparation: ImagePreparation;
  readonly type: keyof typeof STEPS;
}

export interface StoreOutcome {
  /** One after another as the task lists them; zeros for those that failed. */
  readonly records: Uint8Array;
  /** Why a sample has none, by its position. */
  readonly failed: readonly { readonly position: number; readonly reason: string }[];
}

/** Files whose reading overlaps: a decoder has threads of its own, for which one file after another would wait. */
const AT_ONCE = 4;

export default async function prepareFiles(task: StoreTask): Promise<StoreOutcome> {
  const { files, preparation, type } = task;
  const length = preparation.size.reduce((product, n) => product * n, preparation.channels);
  const count = files.reduce((sum, { samples }) => sum + samples.length, 0);
  const records = new (type === "uint8" ? Uint8Array : Uint16Array)(count * length);
  const failed: { position: number; reason: string }[] = [];
  let position = 0;
  for (let at = 0; at < files.length; at += AT_ONCE) {
    const some = files.slice(at, at + AT_ONCE);
    const prepared = await Promise.all(some.map((file) => prepareFile(file, preparation)));
    for (const result of prepared.flat()) {
      if (typeof result === "string") failed.push({ position, reason: result });
      else quantise(result, records.subarray(position * length), STEPS[type]);
      position += 1;
    }
  }
  const bytes = new Uint8Array(records.buffer);
  return handOver({ records: bytes, failed }, [bytes.buffer]);
}

/** The prepared samples of a file, or why they can't be. */
async function prepareFile(
  { source, samples }: FileOfSamples,
  preparation: ImagePreparation,
): Promise<(Float32Array | string)[]> {
  try {
    const { image, display }: LoadedImage =
      typeof source === "string"
        ? await loadImage(source, { threads: 1 })
        : { image: source, display: {} };
    const range = intensityRange(image, preparation.intensity, display);
    return samples.map(({ frame, region }) => {
      try {
        return prepareImage(image, preparation, { frame, region, display, range });
      } catch (cause) {
        return reasonOf(cause);
      }
    });
  } catch (cause) {
    return samples.map(() => reasonOf(cause));
  }
}

/** Whatever a decoder throws at one file, the others are still worth reading; the reason is shown and counted. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof RoentgenError))
    return cause instanceof Error ? cause.message : String(cause);
  // The path stands beside the reason.
  const { problem, expected, found } = cause.detail;
  if (found === undefined) return problem;
  return expected === undefined ? `found ${found}` : `expected ${expected}, found ${found}`;
}

/** Rounded to the nearest step; a Math.round would cost more than the rest. */
function quantise(values: Float32Array, record: Uint8Array | Uint16Array, steps: number): void {
  for (let at = 0; at < values.length; at++) record[at] = values[at] * steps + 0.5;
}
