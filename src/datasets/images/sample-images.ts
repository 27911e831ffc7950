// The image of each sample, whether it is a file of its own or a row of an array.

import { arrayRows } from "./arrays/array-rows.ts";
import { rowImage } from "./arrays/row-image.ts";
import type { ImageSample } from "./image-dataset.ts";
import { type LoadedImage, type LoadOptions, loadImage } from "./load-image.ts";

/** An image, and which frame of it the sample is. */
export interface SampleImage extends LoadedImage {
  readonly frame?: number;
}

/** Arrays that are kept, so that two that are read in turn are not read again each time. */
const KEPT = 2;

/** Loads the images of samples. Of arrays the rows asked for last are kept: ask for samples in their order. */
export function sampleImages(
  work: LoadOptions = {},
): (sample: ImageSample) => Promise<SampleImage> {
  const arrays = new Map<string, ReturnType<typeof arrayRows>>();

  function rowsOf(path: string, name: string): ReturnType<typeof arrayRows> {
    const key = `${path}|${name}`;
    const rows = arrays.get(key) ?? arrayRows(path, name);
    arrays.delete(key);
    arrays.set(key, rows);
    for (const old of [...arrays.keys()].slice(0, -KEPT)) arrays.delete(old);
    return rows;
  }

  return async ({ path, array, frame }) => {
    if (array !== undefined) {
      const { tensor, row } = await rowsOf(path, array)(frame ?? 0);
      return { image: rowImage(tensor, row, array), display: {} };
    }
    return { ...(await loadImage(path, work)), ...(frame !== undefined && { frame }) };
  };
}
