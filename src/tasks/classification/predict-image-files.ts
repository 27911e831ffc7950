// Predicts files of images with a bundle: read by workers ahead of the model, what can't be read listed.

import { counted, type Table, throwIfCancelled, type WorkOptions } from "../../base/index.ts";
import type { Device } from "../../onnx/index.ts";
import { checkTarget } from "../check-target.ts";
import { csvText } from "../tables/csv-text.ts";
import type { OverlayDrawer, OverlayOptions } from "./draw-overlays.ts";
import { driftNote } from "./drift-note.ts";
import { findImages } from "./find-images.ts";
import { batchSize, type ImageModel, openImageModel } from "./image-model.ts";
import type { ImagePrediction } from "./image-prediction.ts";
import { predictionRows, predictionTable } from "./prediction-table.ts";
import type { ImagePlace } from "./prepare-worker.ts";
import { type PreparedBatch, preparedBatches } from "./prepared-batches.ts";
import { noneReadable, type UnreadableImage } from "./unreadable-images.ts";

export interface PredictImagesOptions extends WorkOptions {
  device?: Device;
  /** A file for the predictions, its format by its ending; an existing one needs `force`. */
  out?: string;
  /** A folder for pictures of what the model looked at. */
  overlays?: string;
  force?: boolean;
}

export interface PredictedImageFiles {
  readonly paths: readonly string[];
  readonly predictions: readonly ImagePrediction[];
  /** path, predicted, probabilities, set, distance, unusual_share, unusual: as far as the model has them. */
  readonly table: Table;
  /** The table as CSV text. */
  csv(): string;
  /** The same for JSON, one object an image. */
  rows(): ReturnType<typeof predictionRows>;
  readonly unreadable: readonly UnreadableImage[];
  /** Files of the overlays. */
  readonly overlays: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Predicts images: files of any format, DICOM series, folders.
 * @throws RoentgenError where the model can't be read, where there is no image, or none can be read
 */
export async function predictImageFiles(
  modelPath: string,
  given: readonly string[],
  { out, overlays, force = false, device, ...work }: PredictImagesOptions = {},
): Promise<PredictedImageFiles> {
  if (out !== undefined) await checkTarget(out, { force, inputs: [modelPath, ...given] });
  const model = await openImageModel(modelPath, { threads: work.threads, device });
  try {
    const { target, input } = model.bundle.manifest;
    const found = await findImages(given, { axes: input.preparation.size.length });
    const drawer =
      overlays === undefined
        ? undefined
        : await drawerOf(model, overlays, { paths: found.paths, force, device, ...work });
    const places = found.paths.map((path) => ({ path }));
    const run = await predictPlaces(model, places, { drawer, ...work }).finally(drawer?.close);
    const paths = run.rows.map((row) => found.paths[row]);
    const predicted = { target, paths, predictions: run.predictions };
    const table = predictionTable(predicted);
    if (out !== undefined) {
      const { writePath } = await import("../tables/convert.ts");
      await writePath(out, { kind: "table", table }, { force, inputs: [modelPath, ...given] });
    }
    return {
      ...{ paths, predictions: run.predictions, table, overlays: run.overlays },
      csv: () => csvText(table),
      rows: () => predictionRows(predicted),
      unreadable: run.failed.map(({ position, reason }) => ({
        path: found.paths[position],
        reason,
      })),
      notes: [
        ...notesOf(run, found.others),
        ...(await driftNote(model.bundle.manifest, run.predictions)),
      ],
    };
  } finally {
    await model.close();
  }
}

/** What draws is loaded when it is asked for: it takes longer than a few predictions. */
async function drawerOf(
  { bundle }: ImageModel,
  folder: string,
  options: OverlayOptions,
): Promise<OverlayDrawer> {
  const { openOverlays } = await import("./draw-overlays.ts");
  return openOverlays(bundle, folder, options);
}

interface PredictedPlaces {
  /** Positions of those that could be read. */
  readonly rows: readonly number[];
  readonly predictions: readonly ImagePrediction[];
  readonly failed: readonly { readonly position: number; readonly reason: string }[];
  readonly overlays: readonly string[];
  readonly sliced: number;
}

interface PredictPlacesOptions extends WorkOptions {
  drawer?: OverlayDrawer;
  /** Hears of prepared images before their predictions. */
  onBatch?: (batch: PreparedBatch) => Promise<void> | undefined;
}

/**
 * Predicts images wherever they are.
 * @throws RoentgenError "file-unreadable" where none can be read, "cancelled"
 */
export async function predictPlaces(
  model: ImageModel,
  places: readonly ImagePlace[],
  { drawer, onBatch, onProgress, threads, signal }: PredictPlacesOptions = {},
): Promise<PredictedPlaces> {
  const rows: number[] = [];
  const predictions: ImagePrediction[] = [];
  const failed: { position: number; reason: string }[] = [];
  const overlays: string[] = [];
  let [done, sliced] = [0, 0];
  const options = { batchSize: batchSize(model.bundle), threads, signal };
  for await (const batch of preparedBatches(places, model.bundle.manifest.input, options)) {
    await onBatch?.(batch);
    const predicted = await model.predictPrepared(batch.pixels);
    predictions.push(...predicted);
    if (drawer && batch.rows.length > 0) {
      const paths = batch.rows.map((row) => places[row].path);
      overlays.push(...(await drawer.draw(batch.pixels, { paths, predictions: predicted })));
    }
    rows.push(...batch.rows);
    failed.push(...batch.failed);
    sliced += batch.sliced;
    done += batch.tried;
    onProgress?.({ stage: "Predicting", done, total: places.length, unit: "images" });
  }
  throwIfCancelled(signal, "Predicting");
  if (rows.length > 0) return { rows, predictions, failed, overlays, sliced };
  throw noneReadable(
    failed.map(({ position, reason }) => ({ path: places[position].path, reason })),
  );
}

const MOST_NAMED = 5;

function notesOf({ sliced }: PredictedPlaces, others: readonly string[]): string[] {
  const named = others.slice(0, MOST_NAMED).join(", ");
  const more = others.length > MOST_NAMED ? ", …" : "";
  return [
    ...(sliced > 0
      ? [
          `${counted(sliced, "image")} with several slices: the model looked at the middle one of each.`,
        ]
      : []),
    ...(others.length > 0
      ? [`${counted(others.length, "file")} in the folders left out: ${named}${more}.`]
      : []),
  ];
}
