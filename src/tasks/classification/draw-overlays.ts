// What a bundled model looked at, drawn over the images that it was given: a PNG file an image.

import { writeFileWhole } from "#files";
import type { WorkOptions } from "../../base/index.ts";
import { openExplainer } from "../../explain/index.ts";
import { type Device, decodeModel } from "../../onnx/index.ts";
import type { ImageBundle } from "../../study/index.ts";
import { explainerClasses, predictedScore } from "./explained-score.ts";
import type { ImagePrediction } from "./image-prediction.ts";
import { overlayFiles, overlayPng } from "./overlay-file.ts";
import { scoreNames } from "./score-names.ts";

/** What is known of the images of a batch. */
interface PredictedBatch {
  readonly paths: readonly string[];
  readonly predictions: readonly ImagePrediction[];
}

export interface OverlayDrawer {
  /** Draws prepared images [images, channels, …size] with the Grad-CAM of what is predicted, and returns the files. */
  draw(pixels: Float32Array, batch: PredictedBatch): Promise<string[]>;
  close(): Promise<void>;
}

export interface OverlayOptions extends Pick<WorkOptions, "threads" | "signal"> {
  /** All images that will be drawn. */
  paths: readonly string[];
  /** Whether files that are there already are replaced. */
  force: boolean;
  device?: Device;
}

/** Opens the model for explanations; its pictures go into the folder. */
export async function openOverlays(
  { manifest, model }: ImageBundle,
  folder: string,
  { paths, force, device, threads, signal }: OverlayOptions,
): Promise<OverlayDrawer> {
  const fileOf = await overlayFiles(folder, paths, { force });
  const output = manifest.tensors.scores;
  const explainer = await openExplainer(decodeModel(model), { output, device, threads });
  const { channels, size } = manifest.input.preparation;
  const names = scoreNames(manifest.target);
  return {
    async draw(pixels, { paths: some, predictions }) {
      const batch = { shape: [some.length, channels, ...size], data: pixels };
      const scores = predictions.map((one) => predictedScore(one, names));
      const classes = explainerClasses(explainer, scores, names.length);
      const explanation = await explainer.gradCam(batch, { classes, signal });
      const files: string[] = [];
      for (const [at, path] of some.entries()) {
        const file = fileOf.get(path) as string;
        await writeFileWhole(file, overlayPng(explanation, batch, { image: at }));
        files.push(file);
      }
      return files;
    },
    close: explainer.close,
  };
}
