// The image of each sample, whether it is a file of its own or a row of an array.

import { openFile } from "#files";
import type { Tensor } from "../../base/index.ts";
import { openNpz } from "../../formats/index.ts";
import { rowImage } from "./arrays/row-image.ts";
import type { ImageSample } from "./image-dataset.ts";
import { type LoadedImage, type LoadOptions, loadImage } from "./load-image.ts";

/** An image, and which frame of it the sample is. */
export interface SampleImage extends LoadedImage {
  readonly frame?: number;
}

/** Arrays that are kept, so that two that are read in turn are not read again each time. */
const KEPT = 2;

/** Loads the images of samples. The arrays asked for last are kept: ask for samples in their order. */
export function sampleImages(
  work: LoadOptions = {},
): (sample: ImageSample) => Promise<SampleImage> {
  const arrays = new Map<string, Promise<Tensor>>();

  function arrayOf(path: string, name: string): Promise<Tensor> {
    const key = `${path}|${name}`;
    const tensor = arrays.get(key) ?? readArray(path, name);
    arrays.delete(key);
    arrays.set(key, tensor);
    for (const old of [...arrays.keys()].slice(0, -KEPT)) arrays.delete(old);
    return tensor;
  }

  return async ({ path, array, frame }) => {
    if (array !== undefined) {
      return { image: rowImage(await arrayOf(path, array), frame ?? 0, array), display: {} };
    }
    return { ...(await loadImage(path, work)), ...(frame !== undefined && { frame }) };
  };
}

async function readArray(path: string, name: string): Promise<Tensor> {
  const source = await openFile(path);
  try {
    return await (await openNpz(source)).read(name);
  } finally {
    await source.close();
  }
}
