// Worker that reads images and prepares them for a bundled model; what can't be read is told apart.

import { handOver } from "#workers";
import { elementCount, type Image, RoentgenError } from "../../base/index.ts";
import { type ImageSample, sampleImages } from "../../datasets/images/samples.ts";
import type { ImageDescription } from "../../study/index.ts";
import { prepareInput } from "./prepare-input.ts";

/** Where an image is: a file or folder, and which part of it. */
export type ImagePlace = Pick<ImageSample, "path" | "array" | "frame" | "region">;

export interface PrepareTask {
  readonly places: readonly ImagePlace[];
  readonly input: ImageDescription["input"];
}

export interface PrepareOutcome {
  /** Those that could be read, one after another: [images, channels, …size]. */
  readonly pixels: Float32Array;
  /** Why the others could not be, by their position in the task. */
  readonly failed: readonly { readonly position: number; readonly reason: string }[];
  /** Images of several slices of which only the middle one was taken. */
  readonly sliced: number;
}

/** Files whose reading overlaps: a decoder has threads of its own, for which one file after another would wait. */
const AT_ONCE = 4;

export default async function prepareImages({
  places,
  input,
}: PrepareTask): Promise<PrepareOutcome> {
  const load = sampleImages({ threads: 1 });
  const length = input.preparation.channels * elementCount(input.preparation.size);
  const pixels = new Float32Array(places.length * length);
  const failed: { position: number; reason: string }[] = [];
  let [count, sliced] = [0, 0];
  const read = async (place: ImagePlace) => {
    try {
      const { image, display, frame } = await load({ name: place.path, target: 0, ...place });
      const prepared = prepareInput({ image, display, frame, region: place.region }, input);
      return { prepared, isSliced: frame === undefined && hasSlices(image, input) };
    } catch (cause) {
      return reasonOf(cause);
    }
  };
  for (let start = 0; start < places.length; start += AT_ONCE) {
    const some = await Promise.all(places.slice(start, start + AT_ONCE).map(read));
    some.forEach((result, at) => {
      if (typeof result === "string") failed.push({ position: start + at, reason: result });
      else {
        pixels.set(result.prepared, count++ * length);
        sliced += result.isSliced ? 1 : 0;
      }
    });
  }
  const kept = pixels.slice(0, count * length);
  return handOver({ pixels: kept, failed, sliced }, [kept.buffer]);
}

/** Whether an image has more slices or frames than the model looks at. */
function hasSlices({ geometry, channels }: Image, { preparation }: PrepareTask["input"]): boolean {
  const frames = channels.filter(({ name }) => name !== "color").map(({ size }) => size);
  const slices = elementCount([geometry.size[2], ...frames]);
  return preparation.size.length === 2 && slices > 1;
}

/** Only what is wrong with a file is a reason; anything else is a fault of the program. */
function reasonOf(cause: unknown): string {
  if (cause instanceof RoentgenError && cause.code !== "internal") return cause.message;
  throw cause;
}
