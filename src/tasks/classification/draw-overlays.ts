// What a bundled model looked at, drawn over the images that it was given: a PNG file an image.

import { writeFileWhole } from "#files";
import type { WorkOptions } from "../../base/index.ts";
import {
  type Explainer,
  inputPicture,
  mapOf,
  openExplainer,
  overlay,
  strongestSlice,
} from "../../explain/index.ts";
import { writePng } from "../../formats/index.ts";
import { decodeModel } from "../../onnx/index.ts";
import type { ImageBundle } from "../../study/index.ts";
import { checkTarget } from "../check-target.ts";

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
  const taken = new Map<string, number>();
  return {
    async draw(pixels, paths) {
      const batch = { shape: [paths.length, channels, ...size], data: pixels };
      const drawn = await drawBatch(explainer, batch, signal);
      const files: string[] = [];
      for (const [at, path] of paths.entries()) {
        const file = `${folder}/${freeName(path, taken)}.overlay.png`;
        await checkTarget(file, { force, inputs: [path] });
        await writeFileWhole(file, drawn[at]);
        files.push(file);
      }
      return files;
    },
    close: explainer.close,
  };
}

async function drawBatch(
  explainer: Explainer,
  batch: { shape: readonly number[]; data: Float32Array },
  signal: AbortSignal | undefined,
): Promise<Uint8Array[]> {
  const explanation = await explainer.gradCam(batch, { signal });
  return Array.from({ length: batch.shape[0] }, (_, image) => {
    const slice = strongestSlice(explanation, image);
    const below = inputPicture(batch, image, { slice });
    const picture = overlay(mapOf(explanation, image, { slice }), below, { bar: true });
    return writePng({ ...picture, channels: 3, depth: 8 });
  });
}

/** The file's name without its ending; from the second of a name on with a number. */
function freeName(path: string, taken: Map<string, number>): string {
  const file = path.replace(/[\\/]+$/, "").replace(/^.*[\\/]/, "");
  const stem = file.replace(/(\.nii)?\.[^.]+$/, "") || file;
  const count = (taken.get(stem) ?? 0) + 1;
  taken.set(stem, count);
  return count === 1 ? stem : `${stem}-${count}`;
}
