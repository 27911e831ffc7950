// A model of images put to work: its bundle opened and tried, images in and predictions out, in Node and in browsers.

import { readFileBytes } from "#files";
import { openSession } from "#session";
import { elementCount, RoentgenError, type WorkOptions } from "../../base/index.ts";
import type { FeatureRows } from "../../explain/index.ts";
import { crc32 } from "../../formats/safetensors/index.ts";
import type { Device, OnnxTensor, Session } from "../../onnx/index.ts";
import {
  type ImageBundle,
  isImageBundle,
  readBundle,
  verifyTestVector,
} from "../../study/bundle/index.ts";
import { bundlePath } from "../bundle-path.ts";
import { type ImagePrediction, type RawScores, readScores } from "./image-prediction.ts";
import { copyCount } from "./mirrored-copies.ts";
import { type ImageToPredict, prepareInput } from "./prepare-input.ts";

export interface ImageModel {
  readonly bundle: ImageBundle;
  /** Predicts images, which are prepared as those were that it learnt from. */
  predict(images: readonly ImageToPredict[]): Promise<ImagePrediction[]>;
  /** Predicts prepared images, [images, channels, …size] one after another, as `prepare` gives each. */
  predictPrepared(pixels: Float32Array): Promise<ImagePrediction[]>;
  /** Of prepared images what the scores are made from, where the model gives it. */
  features(pixels: Float32Array): Promise<FeatureRows>;
  /** An image as the input of the model, [channels, …size] in 0 … 1. */
  prepare(image: ImageToPredict): Float32Array;
  close(): Promise<void>;
}

export interface OpenImageModelOptions extends Pick<WorkOptions, "threads"> {
  device?: Device;
}

/**
 * Opens the bundle of an image model and checks that it still gives what it gave when it was made.
 * @param from the bundle's bytes; in Node also its path or that of a run folder
 * @throws RoentgenError for a bundle that can't be read, is of a model of tables, or fails its test vector
 */
export async function openImageModel(
  from: string | Uint8Array,
  { threads, device }: OpenImageModelOptions = {},
): Promise<ImageModel> {
  const bundle = await readImageBundle(from);
  const session = await openSession(bundle.model, { threads, device });
  try {
    await verifyTestVector(bundle, (inputs) => session.run(inputs));
  } catch (error) {
    await session.close();
    throw error;
  }
  return modelOf(bundle, session);
}

function modelOf(bundle: ImageBundle, session: Session): ImageModel {
  const prepare = (image: ImageToPredict) => prepareInput(image, bundle.manifest.input);
  const predictPrepared = (pixels: Float32Array) => predictPixels(bundle, session, pixels);
  return {
    bundle,
    prepare,
    predictPrepared,
    features: (pixels) => featuresOf(bundle, session, pixels),
    predict: async (images) => {
      const predictions: ImagePrediction[] = [];
      const most = batchSize(bundle);
      for (let start = 0; start < images.length; start += most) {
        const batch = images.slice(start, start + most).map(prepare);
        predictions.push(...(await predictPrepared(joined(batch))));
      }
      return predictions;
    },
    close: () => session.close(),
  };
}

async function readImageBundle(from: string | Uint8Array): Promise<ImageBundle> {
  const path = typeof from === "string" ? await bundlePath(from) : undefined;
  const bytes = typeof from === "string" ? await readFileBytes(path as string) : from;
  const bundle = await readBundle(bytes, path);
  if (isImageBundle(bundle)) return bundle;
  throw new RoentgenError("type-mismatch", {
    problem: `Cannot put images through ${path ?? "the bundle"}`,
    expected: "a model of images",
    found: "a model of tables",
    subject: path,
  });
}

/** Values that go through the model at once, so that memory stays bounded. */
const MOST_VALUES = 2 ** 21;
const MOST_IMAGES = 64;

/** Images that go through the model at once; mirrored copies count. */
export function batchSize({ manifest }: ImageBundle): number {
  const { preparation, mirrors = [] } = manifest.input;
  const { channels, size } = preparation;
  const copies = copyCount(mirrors);
  const fit = Math.min(MOST_IMAGES, Math.floor(MOST_VALUES / (channels * elementCount(size))));
  return Math.max(1, Math.floor(fit / copies));
}

async function predictPixels(
  bundle: ImageBundle,
  session: Session,
  pixels: Float32Array,
): Promise<ImagePrediction[]> {
  const { manifest } = bundle;
  const predictions: ImagePrediction[] = [];
  for (const input of batchesOf(bundle, pixels)) {
    predictions.push(...readScores(manifest, await scoresOf(manifest, session, input)));
  }
  return predictions;
}

type PixelTensor = OnnxTensor & { readonly data: Float32Array };

/** Prepared images as inputs of the model, as many at once as memory allows. */
function* batchesOf(bundle: ImageBundle, pixels: Float32Array): Generator<PixelTensor> {
  const { manifest } = bundle;
  const { channels, size } = manifest.input.preparation;
  const length = channels * elementCount(size);
  const count = pixels.length / length;
  if (!Number.isInteger(count)) {
    throw new RoentgenError("shape-mismatch", {
      problem: "Cannot predict the prepared images",
      expected: `${length} values an image, [${[channels, ...size].join(", ")}]`,
      found: `${pixels.length} values`,
    });
  }
  const most = batchSize(bundle);
  for (let start = 0; start < count; start += most) {
    const data = pixels.subarray(start * length, Math.min(start + most, count) * length);
    yield { type: "float32", shape: [data.length / length, channels, ...size], data };
  }
}

async function featuresOf(
  bundle: ImageBundle,
  session: Session,
  pixels: Float32Array,
): Promise<FeatureRows> {
  const { tensors } = bundle.manifest;
  const parts: Float32Array[] = [];
  let count = 0;
  for (const input of batchesOf(bundle, pixels)) {
    const outputs = await session.run({ [tensors.input]: input });
    const { shape, data } = outputs[tensors.features ?? ""] ?? {};
    if (!shape) throw noFeatures();
    parts.push(data as Float32Array);
    count += shape[0];
  }
  const data = joined(parts);
  return { shape: [count, count === 0 ? 0 : data.length / count], data };
}

function noFeatures(): RoentgenError {
  return new RoentgenError("value-missing", {
    problem: "Cannot compare images by their features",
    expected: "a model that gives its features",
    found: "one that gives scores alone",
    subject: "features",
  });
}

async function scoresOf(
  { tensors }: ImageBundle["manifest"],
  session: Session,
  input: PixelTensor,
): Promise<RawScores> {
  const outputs = await session.run({ [tensors.input]: input });
  const distances = tensors.distance && (outputs[tensors.distance].data as Float32Array);
  return {
    scores: outputs[tensors.scores].data as Float32Array,
    samples: checksums(input.data, input.shape[0]),
    ...(distances && { distances }),
  };
}

/** Numbers that hang on an image's pixels alone. */
function checksums(pixels: Float32Array, count: number): number[] {
  const length = pixels.length / count;
  return Array.from({ length: count }, (_, at) => {
    const own = pixels.subarray(at * length, (at + 1) * length);
    return crc32(new Uint8Array(own.buffer, own.byteOffset, own.byteLength));
  });
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
