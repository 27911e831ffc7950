// What some of the images of a data set are like: how large, grey or in colour, of what type and meaning.

import {
  channelCount,
  randomStream,
  throwIfCancelled,
  type VoxelType,
  voxelType,
  type WorkOptions,
} from "../../../base/index.ts";
import type { ImageSample } from "../image-dataset.ts";
import { type PlaneLayout, planeLayout } from "../prepare/planes.ts";
import { type SampleImage, sampleImages } from "../sample-images.ts";

/** What one image is like. */
export interface SeenImage {
  readonly sample: number;
  /** Width, height, slices of a volume. */
  readonly size: readonly [number, number, number];
  /** mm along each of them, where it is known. */
  readonly spacing: readonly [number, number, number] | undefined;
  /** Slices or frames; 1 of a picture. */
  readonly planes: number;
  /** Grey coded as colour has three equal colours, but for what compression changes. */
  readonly colours: "grey" | "grey as colour" | "colour";
  readonly type: VoxelType;
  /** "HU" of CT. */
  readonly unit: string | undefined;
  readonly statesWindow: boolean;
}

/** Looks at up to `most` images, drawn at random; those that can't be read are passed over. */
export async function lookAtImages(
  samples: readonly ImageSample[],
  { most, seed, signal }: { most: number; seed: number } & Pick<WorkOptions, "signal">,
): Promise<SeenImage[]> {
  const order = randomStream({ seed, purpose: "look at images" }).permutation(samples.length);
  const chosen = [...order.subarray(0, most)].sort((a, b) => a - b);
  const load = sampleImages({ ...(signal && { signal }) });
  const seen: SeenImage[] = [];
  const AT_ONCE = 8;
  for (let at = 0; at < chosen.length; at += AT_ONCE) {
    throwIfCancelled(signal, "Looking at images");
    const some = chosen.slice(at, at + AT_ONCE);
    const loaded = await Promise.all(
      some.map((sample) => load(samples[sample]).catch(() => undefined)),
    );
    for (const [n, one] of loaded.entries()) if (one) seen.push(describe(some[n], one));
  }
  return seen;
}

function describe(sample: number, { image, display, frame }: SampleImage): SeenImage {
  const layout = planeLayout(image);
  const [width, height, depth] = image.geometry.size;
  return {
    sample,
    size: [width, height, depth],
    spacing: image.geometry.spacing,
    planes: frame === undefined ? layout.planes : 1,
    colours: coloursOf(image.data, layout, channelCount(image)),
    type: voxelType(image.data),
    unit: image.unit,
    statesWindow: display.window !== undefined,
  };
}

/** Colours that differ by no more are equal, but for compression; so may one pixel in a thousand be, for a marker. */
const MOST_APART = 12;
const SHARE_OF_PIXELS = 0.001;

function coloursOf(
  data: ArrayLike<number>,
  { colours, colourStride }: PlaneLayout,
  channels: number,
): SeenImage["colours"] {
  if (colours === 1 || channels < 3) return "grey";
  let coloured = 0;
  for (let at = 0; at < colourStride; at++) {
    const [red, green, blue] = [data[at], data[at + colourStride], data[at + 2 * colourStride]];
    const apart = Math.max(red, green, blue) - Math.min(red, green, blue);
    if (apart > MOST_APART) coloured += 1;
  }
  return coloured > SHARE_OF_PIXELS * colourStride ? "colour" : "grey as colour";
}
