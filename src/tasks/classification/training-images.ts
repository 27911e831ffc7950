// training-images.safetensors of a run: which images were learnt from and calibrated on, by a hash of their pixels, and the
// features of those learnt from. It stays in the run folder: a bundle is passed on, and must not say who was in the data.

import { openFile, pathKind } from "#files";
import { RoentgenError, rowMajorStrides, sha256, type Tensor } from "../../base/index.ts";
import type { ImageSample, ImageTarget } from "../../datasets/index.ts";
import { readSafetensors, writeSafetensors } from "../../formats/index.ts";
import { runFiles } from "../../study/index.ts";
import type { ImagePlace } from "./prepare-worker.ts";
import type { TrainedImages } from "./train-images.ts";

/** One image that the model knows. */
interface TrainingImage extends ImagePlace {
  readonly name: string;
  readonly patient?: string;
  readonly side: "train" | "validation";
  /** As people read it: a class, or a measurement. */
  readonly truth: string;
  /** SHA-256 of its prepared pixels, in hexadecimal. */
  readonly pixels: string;
}

export interface TrainingImages {
  readonly images: readonly TrainingImage[];
  /** Of the images learnt from, which are the first ones: [images, features]. */
  readonly features?: { readonly shape: readonly [number, number]; readonly data: Float32Array };
}

/** More features than this many bytes are left out: nearest images are then not told. */
const MOST_FEATURE_BYTES = 2 ** 28;

/** What names an image by what the model gets to see of it, whatever its file is called. */
export function hashOfPixels(pixels: Float32Array): Promise<string> {
  return sha256(new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength));
}

/** @param hashes of all samples of the data set, as `hashOfPixels` gives them; none of what could not be read */
export function trainingImages(
  { dataset, split, features }: TrainedImages,
  hashes: readonly (string | undefined)[],
): TrainingImages {
  const { samples, target } = dataset;
  const describe = (row: number, side: TrainingImage["side"]): TrainingImage => {
    const { name, path, array, frame, region, patient, target: truth } = samples[row];
    return {
      ...{ name, path, array, frame, region, patient, side },
      truth: truthInWords(target, truth),
      pixels: hashes[row] ?? "",
    };
  };
  const isSmall = features !== undefined && features.byteLength <= MOST_FEATURE_BYTES;
  return {
    images: [
      ...Array.from(split.train, (row) => describe(row, "train")),
      ...Array.from(split.validation, (row) => describe(row, "validation")),
    ],
    ...(isSmall && {
      features: {
        shape: [split.train.length, features.length / split.train.length] as const,
        data: features,
      },
    }),
  };
}

/** What is true of an image: a class, findings, or a measurement. */
export function truthInWords(target: ImageTarget, truth: ImageSample["target"]): string {
  switch (target.kind) {
    case "classes":
      return target.classes[truth as number];
    case "labels":
      return (
        target.labels.filter((_, label) => (truth as number[])[label] === 1).join(", ") ||
        "no finding"
      );
    case "number":
      return `${truth}${target.unit ? ` ${target.unit}` : ""}`;
    default:
      return target satisfies never;
  }
}

/** As a file. */
export function writeTrainingImages({ images, features }: TrainingImages): Uint8Array {
  const listing = new TextEncoder().encode(JSON.stringify(images));
  const tensor = (dtype: "uint8" | "float32", shape: readonly number[], data: Tensor["data"]) => ({
    ...{ dtype, shape, strides: rowMajorStrides(shape), data },
  });
  return writeSafetensors(
    [
      { name: "images", tensor: tensor("uint8", [listing.length], listing) },
      ...(features
        ? [{ name: "features", tensor: tensor("float32", features.shape, features.data) }]
        : []),
    ],
    { metadata: { format: "roentgen-training-images", version: "1" } },
  );
}

/**
 * Of a run folder; undefined of a bundle alone, and of a run that has none.
 * @throws RoentgenError "file-corrupt" and others where the file can't be read
 */
export async function readTrainingImages(run: string): Promise<TrainingImages | undefined> {
  const path = `${run}/${runFiles.trainingImages}`;
  if ((await pathKind(path)) !== "file") return undefined;
  const source = await openFile(path);
  try {
    const { tensors } = await readSafetensors(source);
    const images = listingOf(await tensors.get("images")?.read());
    if (!images) throw notWrittenByTraining(path);
    const features = await tensors.get("features")?.read();
    return {
      images,
      ...(features && {
        features: {
          shape: features.shape as [number, number],
          data: features.data as Float32Array,
        },
      }),
    };
  } finally {
    await source.close();
  }
}

function listingOf(tensor: Tensor | undefined): TrainingImage[] | undefined {
  try {
    const listing = JSON.parse(new TextDecoder().decode(tensor?.data as Uint8Array));
    return Array.isArray(listing) ? listing : undefined;
  } catch {
    return undefined;
  }
}

function notWrittenByTraining(path: string): RoentgenError {
  return new RoentgenError("file-corrupt", {
    problem: `Cannot read ${path}`,
    expected: "the images that a training learnt from",
    found: "something else",
    remedy: "Train again, or remove the file.",
    subject: path,
  });
}
