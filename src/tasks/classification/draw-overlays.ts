// What a bundled model looked at, drawn over the images that it was given: a PNG file an image.

import { writeFileWhole } from "#files";
import type { WorkOptions } from "../../base/index.ts";
import { openExplainer } from "../../explain/index.ts";
import { decodeModel } from "../../onnx/index.ts";
import type { ImageBundle } from "../../study/index.ts";
import { checkTarget } from "../check-target.ts";
import { overlayNames, overlayPng } from "./overlay-file.ts";

export interface OverlayDrawer {
  /** Draws prepared images [images, channels, …size] with the Grad-CAM of the predicted class, and returns the files. */
  draw(pixels: Float32Array, paths: readonly string[]): Promise<string[]>;
  close(): Promise<void>;
}

export interface OverlayOptions extends Pick<WorkOptions, "threads" | "signal"> {
  /** Whether files that are there already are replaced. */
  force: boolean;
}

/** Opens the model for explanations; its pictures go into the folder. */
export async function openOverlays(
  { manifest, model }: ImageBundle,
  folder: string,
  { force, threads, signal }: OverlayOptions,
): Promise<OverlayDrawer> {
  const output = manifest.tensors.scores;
  const explainer = await openExplainer(decodeModel(model), { output, threads });
  const { channels, size } = manifest.input.preparation;
  const nameOf = overlayNames(folder);
  return {
    async draw(pixels, paths) {
      const batch = { shape: [paths.length, channels, ...size], data: pixels };
      const explanation = await explainer.gradCam(batch, { signal });
      const files: string[] = [];
      for (const [at, path] of paths.entries()) {
        const file = nameOf(path);
        await checkTarget(file, { force, inputs: [path] });
        await writeFileWhole(file, overlayPng(explanation, batch, { image: at }));
        files.push(file);
      }
      return files;
    },
    close: explainer.close,
  };
}
