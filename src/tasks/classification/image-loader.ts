// Loads samples for a network from the store, in a worker: augmented where they are learnt from, scaled as it expects.

import { type Image, makeImage, type RandomStream } from "../../base/index.ts";
import {
  type ImageStoreReference,
  openStored,
  type StoredImages,
} from "../../datasets/images/store/stored-images.ts";
import { applyTransforms, type TransformStep } from "../../imaging/index.ts";
import type { PixelScaling } from "../../networks/index.ts";
import { sampleLoader } from "../../networks/training/sample-loader.ts";

/** What a loader has to know: plain data; large arrays lie on memory that threads share. */
export interface ImageLoading {
  readonly store: ImageStoreReference;
  /** Samples of the data set, in the order in which the source numbers them. */
  readonly samples: Uint32Array;
  /** Of each of these its target: `targetSize` values, or one class number. */
  readonly targets: Float32Array | Int32Array;
  readonly targetSize: number;
  readonly weights?: Float32Array;
  readonly scaling: PixelScaling;
  readonly augmentation: readonly TransformStep[];
}

export default sampleLoader<ImageLoading>(async ({ sample, random, settings }) => {
  const { samples, targets, targetSize, weights, augmentation } = settings;
  const pixels = storedOf(settings.store).read(samples[sample]);
  const { shape } = settings.store;
  const seen =
    random && augmentation.length > 0
      ? await augment(pixels, { shape, steps: augmentation, random })
      : pixels;
  return {
    inputs: scale(seen, shape[0], settings.scaling),
    targets: targets.slice(sample * targetSize, (sample + 1) * targetSize),
    weight: weights?.[sample] ?? 1,
  };
});

const open = new Map<string, StoredImages>();

/** Opened once a thread; ends with it. */
function storedOf(reference: ImageStoreReference): StoredImages {
  const key = `${reference.path} ${reference.shape.join()}`;
  const known = open.get(key);
  if (known) return known;
  const stored = openStored(reference);
  open.set(key, stored);
  return stored;
}

interface Augmenting {
  readonly shape: readonly number[];
  readonly steps: readonly TransformStep[];
  readonly random: RandomStream;
}

async function augment(
  pixels: Float32Array,
  { shape, steps, random }: Augmenting,
): Promise<Float32Array> {
  const seed = random.integer(2 ** 32);
  const { image } = await applyTransforms(imageOf(pixels, shape), steps, { seed, threads: 1 });
  return Float32Array.from(image.data);
}

/** An image of pixels or voxels whose place in the patient no longer matters. */
export function imageOf(pixels: Float32Array, shape: readonly number[]): Image {
  const [channels, ...size] = shape;
  const [width, height, depth = 1] = size.toReversed();
  return makeImage({
    geometry: { frame: "pixels", size: [width, height, depth], spacing: undefined },
    channels: channels === 1 ? [] : [{ name: channels === 3 ? "color" : "slice", size: channels }],
    data: pixels,
  });
}

/** (pixel · factor − mean) / deviation, in the order of channels that the scaling names. */
function scale(
  pixels: Float32Array,
  channels: number,
  { order, factor, mean, deviation }: PixelScaling,
): Float32Array {
  const size = pixels.length / channels;
  const scaled = new Float32Array(pixels.length);
  for (let channel = 0; channel < channels; channel++) {
    const from = (order === "BGR" ? channels - 1 - channel : channel) * size;
    const [gain, offset] = [factor / deviation[channel], mean[channel] / deviation[channel]];
    for (let at = 0; at < size; at++) {
      scaled[channel * size + at] = pixels[from + at] * gain - offset;
    }
  }
  return scaled;
}
