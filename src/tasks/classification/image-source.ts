// Samples of an image data set as the trainer takes them: which images, what is to be learnt of each.

import { coreCount } from "#workers";
import { sharesMemory } from "../../base/index.ts";
import type { ImageDataset, ImageStore, ImageTarget } from "../../datasets/index.ts";
import type { TransformStep } from "../../imaging/index.ts";
import { type PixelScaling, type WorkerSource, workerSource } from "../../networks/index.ts";
import { findingsOf } from "./findings.ts";
import loadImage, { type ImageLoading } from "./image-loader.ts";
import type { TargetStandard } from "./target-standard.ts";

export interface ImageSourceOptions {
  /**
   * Workers that augment; by default as many as there are cores, since of small images augmenting costs as much as learning,
   * and of large ones the workers wait most of the time.
   */
  threads?: number;
  dataset: ImageDataset;
  store: Pick<ImageStore, "reference">;
  /** Samples of the data set. */
  samples: Uint32Array;
  scaling: PixelScaling;
  /** Random steps for samples that are learnt from. */
  augmentation?: readonly TransformStep[];
  /** Mean and standard deviation by which measurements are brought to a common scale. */
  standard?: TargetStandard;
}

/** Opens a source whose images are read and scaled, and augmented in workers; close it when done. */
export function imageSource({
  dataset,
  store,
  samples,
  scaling,
  augmentation = [],
  standard,
  threads = coreCount(),
}: ImageSourceOptions): WorkerSource {
  const settings: ImageLoading = {
    store: store.reference,
    samples: shared(samples),
    ...targetsOf(dataset, samples, standard),
    weights: weightsOf(dataset, samples),
    scaling,
    augmentation,
  };
  return workerSource(loadImage, {
    count: samples.length,
    module: "./image-loader",
    caller: import.meta.url,
    settings,
    // What is only read and scaled costs less than handing it to another thread.
    threads: augmentation.length > 0 ? threads : 0,
  });
}

/** Numbers that a network of this target gives: of two classes the second one's probability. */
export function outputCount(target: ImageTarget): number {
  if (target.kind === "labels") return target.labels.length;
  return target.kind === "classes" && target.classes.length > 2 ? target.classes.length : 1;
}

/** Class numbers, of two classes as 0 and 1; findings, unknown ones as NaN; or standardised measurements. */
function targetsOf(
  { samples, target }: ImageDataset,
  rows: Uint32Array,
  { mean, deviation }: TargetStandard = { mean: 0, deviation: 1 },
): Pick<ImageLoading, "targets" | "targetSize"> {
  if (target.kind === "labels") {
    const targets = Float32Array.from(findingsOf({ samples }, rows));
    return { targets: shared(targets), targetSize: target.labels.length };
  }
  if (target.kind === "classes" && target.classes.length > 2) {
    const targets = Int32Array.from(rows, (row) => samples[row].target as number);
    return { targets: shared(targets), targetSize: 1 };
  }
  const targets = Float32Array.from(
    rows,
    (row) => ((samples[row].target as number) - mean) / deviation,
  );
  return { targets: shared(targets), targetSize: 1 };
}

function weightsOf({ samples }: ImageDataset, rows: Uint32Array): Float32Array | undefined {
  if (!samples.some(({ weight }) => weight !== undefined)) return undefined;
  return shared(Float32Array.from(rows, (row) => samples[row].weight ?? 1));
}

/** Copied once to memory that threads share, instead of once a batch. */
function shared<Values extends Uint32Array | Int32Array | Float32Array>(values: Values): Values {
  if (!sharesMemory) return values;
  const Constructor = values.constructor as new (buffer: SharedArrayBuffer) => Values;
  const copy = new Constructor(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}
