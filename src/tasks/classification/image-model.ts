// A model of images put to work: its bundle opened and tried, images in and predictions out, in Node and in browsers.

import { readFileBytes } from "#files";
import { openSession } from "#session";
import { elementCount, RoentgenError, type WorkOptions } from "../../base/index.ts";
import { crc32 } from "../../formats/index.ts";
import type { Device, Session } from "../../onnx/index.ts";
import {
  type ImageBundle,
  isImageBundle,
  readBundle,
  verifyTestVector,
} from "../../study/index.ts";
import { bundlePath } from "../bundle-path.ts";
import { type ImagePrediction, type RawScores, readScores } from "./image-prediction.ts";
import { type ImageToPredict, prepareInput } from "./prepare-input.ts";

export interface ImageModel {
  readonly bundle: ImageBundle;
  /** Predicts images, which are prepared as those were that it learnt from. */
  predict(images: readonly ImageToPredict[]): Promise<ImagePrediction[]>;
  /** Predicts prepared images, [images, channels, …size] one after another, as `prepare` gives each. */
  predictPrepared(pixels: Float32Array): Promise<ImagePrediction[]>;
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

/** Images that go through the model at once. */
export function batchSize({ manifest }: ImageBundle): number {
  const { channels, size } = manifest.input.preparation;
  const fit = Math.floor(MOST_VALUES / (channels * elementCount(size)));
  return Math.min(MOST_IMAGES, Math.max(1, fit));
}

async function predictPixels(
  bundle: ImageBundle,
  session: Session,
  pixels: Float32Array,
): Promise<ImagePrediction[]> {
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
  const predictions: ImagePrediction[] = [];
  const most = batchSize(bundle);
  for (let start = 0; start < count; start += most) {
    const part = pixels.subarray(start * length, Math.min(start + most, count) * length);
    const shape = [part.length / length, channels, ...size];
    predictions.push(...readScores(manifest, await scoresOf(manifest, session, shape, part)));
  }
  return predictions;
}

async function scoresOf(
  { tensors }: ImageBundle["manifest"],
  session: Session,
  shape: readonly number[],
  data: Float32Array,
): Promise<RawScores> {
  const outputs = await session.run({ [tensors.input]: { type: "float32", shape, data } });
  const distances = tensors.distance && (outputs[tensors.distance].data as Float32Array);
  return {
    scores: outputs[tensors.scores].data as Float32Array,
    samples: checksums(data, shape[0]),
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
