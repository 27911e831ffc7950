// Pictures of what a model looked at, as PNG files named after the images.

import {
  type Explanation,
  type ImageBatch,
  inputPicture,
  type MapOptions,
  mapOf,
  type OverlayOptions,
  overlay,
  strongestSlice,
} from "../../explain/index.ts";
import { writePng } from "../../formats/index.ts";
import { checkTarget } from "../check-target.ts";

/** Smaller images are magnified, so that there is something to see. */
const LEAST_PIXELS = 224;

/** The bytes of a picture of one image of a batch, of a volume by default the slice with the most evidence. */
export function overlayPng(
  explanation: Explanation,
  batch: ImageBatch,
  {
    image,
    slice = strongestSlice(explanation, image),
    ...options
  }: OverlayOptions & MapOptions & { image: number },
): Uint8Array {
  const scale = Math.max(1, Math.round(LEAST_PIXELS / Math.max(...batch.shape.slice(-2))));
  const below = inputPicture(batch, image, { slice, scale });
  const picture = overlay(mapOf(explanation, image, { slice }), below, { bar: true, ...options });
  return writePng({ ...picture, depth: 8 });
}

/**
 * The file in a folder of each image's picture, named after the image: of images of one name all but the first have a number.
 * @throws RoentgenError "write-failed" where one is there already, unless `force`d
 */
export async function overlayFiles(
  folder: string,
  paths: readonly string[],
  { force }: { force: boolean },
): Promise<ReadonlyMap<string, string>> {
  const taken = new Set<string>();
  const files = new Map<string, string>();
  for (const path of paths) {
    const file = path.replace(/[\\/]+$/, "").replace(/^.*[\\/]/, "");
    const stem = file.replace(/(\.nii)?\.[^.]+$/, "") || file;
    let name = stem;
    for (let count = 2; taken.has(name); count++) name = `${stem}-${count}`;
    taken.add(name);
    const overlay = `${folder}/${name}.overlay.png`;
    await checkTarget(overlay, { force, inputs: [path] });
    files.set(path, overlay);
  }
  return files;
}
