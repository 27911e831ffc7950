// Trains a classifier of images in a run folder: images decoded into it once, checkpoints as it goes, everything else
// written at its end, or nothing.

import { checkParameters, sha256, type WorkOptions } from "../../base/index.ts";
import type { EpochRecord, StepRecord } from "../../networks/index.ts";
import type { Device } from "../../onnx/index.ts";
import {
  describeProvenance,
  type Fingerprint,
  openRun,
  openTrainingLog,
  type Run,
  runFiles,
} from "../../study/index.ts";
import type { InitialNetwork } from "./build-network.ts";
import type { FitStart } from "./fit-network.ts";
import { drawGallery } from "./gallery.ts";
import { describeImageBundle, describeImageCard } from "./image-description.ts";
import { imageMetrics } from "./image-metrics.ts";
import { imagePredictions } from "./image-predictions.ts";
import { imageStudyReport } from "./image-report.ts";
import { type ImageTrainingOptions, imageTrainingParameters } from "./image-settings.ts";
import { packImageModel } from "./pack-image-model.ts";
import { type PreparedImages, prepareImages } from "./prepare-images.ts";
import { openResumable } from "./resumable.ts";
import { type TrainedImages, trainImages } from "./train-images.ts";

export interface SaveImagesOptions extends WorkOptions {
  device?: Device;
  /** Whether a finished run in the folder may be replaced. */
  force?: boolean;
  onPrepared?: (prepared: PreparedImages, details: { readonly resumes: boolean }) => void;
  onNetwork?: (initial: InitialNetwork) => void;
  onStart?: (start: FitStart) => void;
  onStep?: (record: StepRecord) => void;
  onEpoch?: (record: EpochRecord) => void;
}

export interface SavedImages {
  readonly trained: TrainedImages;
  /** Paths of what was written, by what it is. */
  readonly files: Readonly<Record<keyof typeof runFiles, string>>;
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
  const prepared = await prepareImages(settings, `${folder}/${folders.images}`, work);
  const data = [await fingerprintOf(prepared)];
  const owner = JSON.stringify([settings, data]);
  const provenance = describeProvenance({ data });
  const run = await openRun(folder, { config: settings, force, provenance }).catch(
    async (cause) => {
      await prepared.store.remove();
      throw cause;
    },
  );
  const checkpoints = `${folder}/${folders.checkpoints}`;
  const resumes = await openResumable(checkpoints, owner);
  const log = await openTrainingLog(folder, { everySteps: 10 });
  try {
    onPrepared?.(prepared, { resumes });
    const trained = await trainImages(prepared, {
      ...given,
      folder: checkpoints,
      onStep(record) {
        log.onStep(record);
        given.onStep?.(record);
      },
      async onEpoch(record) {
        await log.onEpoch(record);
        given.onEpoch?.(record);
      },
    });
    const stated = { ...trained, provenance: { ...trained.provenance, data } };
    await keep(run, stated, { ...given, store: prepared.store });
    await prepared.store.remove();
    const files = Object.entries(runFiles).map(([what, name]) => [what, `${folder}/${name}`]);
    return { trained: stated, files: Object.fromEntries(files) as SavedImages["files"] };
  } catch (error) {
    await run.log("failed", { message: error instanceof Error ? error.message : String(error) });
    throw error;
  } finally {
    await log.close();
  }
}

/** The data set by what was read of it: names, targets, patients and the pixels of every image. */
async function fingerprintOf({ dataset, store }: PreparedImages): Promise<Fingerprint> {
  const failed = new Set(store.failed.map(({ sample }) => sample));
  const lines: string[] = [];
  let bytes = 0;
  for (const [at, { name, target, patient, side }] of dataset.samples.entries()) {
    const pixels = failed.has(at) ? undefined : store.read(at);
    bytes += pixels?.byteLength ?? 0;
    const hash = pixels && (await sha256(new Uint8Array(pixels.buffer)));
    lines.push(JSON.stringify([name, target, patient, side, hash]));
  }
  const text = new TextEncoder().encode(lines.join("\n"));
  return { name: dataset.path, bytes, sha256: await sha256(text) };
}

async function keep(
  run: Run,
  trained: TrainedImages,
  work: SaveImagesOptions & Pick<PreparedImages, "store">,
): Promise<void> {
  const { threads } = work;
  const { bundle, model } = await packImageModel(trained.deployed, describeImageBundle(trained), {
    card: (description) => describeImageCard(trained, description),
    threads,
  });
  await run.finish({
    provenance: trained.provenance,
    metrics: imageMetrics(trained),
    predictions: imagePredictions(trained),
    report: imageStudyReport(trained, await drawGallery(trained, work)),
    bundle,
    model,
  });
}
