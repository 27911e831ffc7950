// Trains a classifier of images in a run folder: images decoded into it once, checkpoints as it goes, everything else
// written at its end, or nothing.

import { checkParameters, elementCount, sha256, type WorkOptions } from "../../base/index.ts";
import type { Device } from "../../onnx/index.ts";
import {
  describeProvenance,
  type Fingerprint,
  type LogPart,
  openRun,
  openTrainingLog,
  type Run,
  type RunPaths,
} from "../../study/index.ts";
import { drawGallery } from "./gallery.ts";
import { describeImageBundle, describeImageCard } from "./image-description.ts";
import { imageMetrics } from "./image-metrics.ts";
import { imagePredictions } from "./image-predictions.ts";
import { imageStudyReport, nameOfData } from "./image-report.ts";
import { type ImageTrainingOptions, imageTrainingParameters } from "./image-settings.ts";
import type { LearnHearing, MemberPlace } from "./learn-member.ts";
import { packImageModel } from "./pack-image-model.ts";
import { type PreparedImages, prepareImages } from "./prepare-images.ts";
import { openResumable } from "./resumable.ts";
import { type TrainedImages, trainImages } from "./train-images.ts";
import { hashOfPixels, trainingImages, writeTrainingImages } from "./training-images.ts";
import { weightsFingerprint } from "./weights-fingerprint.ts";

export interface SaveImagesOptions extends WorkOptions, LearnHearing {
  device?: Device;
  /** Memory that a training step may take, by its plan; by default a part of what is free. */
  mostBytes?: number;
  /** Whether a finished run in the folder may be replaced. */
  force?: boolean;
  onPrepared?: (prepared: PreparedImages, details: { readonly resumes: boolean }) => void;
}

export interface SavedImages {
  readonly trained: TrainedImages;
  /** Paths of what was written, by what it is. */
  readonly files: RunPaths;
}

/** Folders in a run: images as they were decoded, which are removed at its end, and checkpoints. */
const folders = { images: "images", checkpoints: "checkpoints" } as const;

/**
 * Trains and keeps the run. What an interrupted run of the same settings and data left in the folder is gone on with.
 * @throws RoentgenError for data or options that do not fit, and where the folder can't be written or holds another run
 */
export async function saveImages(
  folder: string,
  options: ImageTrainingOptions,
  { force = false, onPrepared, ...given }: SaveImagesOptions = {},
): Promise<SavedImages> {
  const settings = checkParameters(imageTrainingParameters, options, "training");
  const work = { threads: given.threads, signal: given.signal, onProgress: given.onProgress };
  const weights = await weightsFingerprint(settings.weights, { out: folder });
  const prepared = await prepareImages(settings, `${folder}/${folders.images}`, work);
  const hashes = await hashesOf(prepared);
  const data = [await fingerprintOf(prepared, hashes)];
  const training = JSON.stringify([settings, data, weights]);
  const provenance = describeProvenance({ data });
  const run = await openRun(folder, { config: settings, force, provenance }).catch(
    async (cause) => {
      await prepared.store.remove();
      throw cause;
    },
  );
  const checkpoints = `${folder}/${folders.checkpoints}`;
  const resumes = await openResumable(checkpoints, {
    ...{ training, force },
    networks: prepared.folds.length,
  });
  const log = await openTrainingLog(folder, { everySteps: 10 });
  try {
    onPrepared?.(prepared, { resumes });
    const trained = await trainImages(prepared, {
      ...given,
      folder: checkpoints,
      onStep(record, place) {
        log.onStep(record, partOf(place));
        given.onStep?.(record, place);
      },
      async onEpoch(record, place) {
        await log.onEpoch(record, partOf(place));
        await given.onEpoch?.(record, place);
      },
    });
    const stated = { ...trained, provenance: { ...trained.provenance, data } };
    const files = await keep(run, stated, { ...given, store: prepared.store, hashes });
    await prepared.store.remove();
    return { trained: stated, files };
  } catch (error) {
    await run.log("failed", { message: error instanceof Error ? error.message : String(error) });
    throw error;
  } finally {
    await log.close();
  }
}

/** What the log says of several networks. */
function partOf({ number, of }: MemberPlace): LogPart | undefined {
  return of === 1 ? undefined : { network: number };
}

/** Of the pixels of every image as the network gets it; undefined where an image could not be read. */
async function hashesOf({ dataset, store }: PreparedImages): Promise<(string | undefined)[]> {
  const failed = new Set(store.failed.map(({ sample }) => sample));
  const hashes: (string | undefined)[] = [];
  for (const at of dataset.samples.keys()) {
    hashes.push(failed.has(at) ? undefined : await hashOfPixels(store.read(at)));
  }
  return hashes;
}

/**
 * The data set, called by its own name, not by where it lies, by what was read of it: names, targets, patients and the pixels of
 * every image.
 */
async function fingerprintOf(
  { dataset, store }: PreparedImages,
  hashes: readonly (string | undefined)[],
): Promise<Fingerprint> {
  const lines = dataset.samples.map(({ name, target, patient, side }, at) =>
    JSON.stringify([name, target, patient, side, hashes[at]]),
  );
  const read = hashes.filter((hash) => hash !== undefined).length;
  const bytes = read * elementCount(store.shape) * Float32Array.BYTES_PER_ELEMENT;
  const text = new TextEncoder().encode(lines.join("\n"));
  return { name: nameOfData(dataset), bytes, sha256: await sha256(text) };
}

async function keep(
  run: Run,
  trained: TrainedImages,
  work: SaveImagesOptions &
    Pick<PreparedImages, "store"> & { hashes: readonly (string | undefined)[] },
): Promise<RunPaths> {
  const { threads, hashes } = work;
  const { bundle, model } = await packImageModel(trained.deployed, describeImageBundle(trained), {
    card: (description) => describeImageCard(trained, description),
    threads,
  });
  return run.finish({
    provenance: trained.provenance,
    metrics: imageMetrics(trained),
    predictions: imagePredictions(trained),
    report: imageStudyReport(trained, await drawGallery(trained, work)),
    bundle,
    model,
    trainingImages: writeTrainingImages(trainingImages(trained, hashes)),
  });
}
