// The images learnt from that a network takes for most like another: where it went wrong, they often say why.

import { RoentgenError } from "../../base/index.ts";
import { nearestImages } from "../../explain/index.ts";
import type { ImageModel } from "./image-model.ts";
import { readTrainingImages } from "./training-images.ts";

/** An image learnt from, beside another. */
export interface NearestTrainingImage {
  readonly name: string;
  readonly path: string;
  /** What is true of it. */
  readonly truth: string;
  /** 1 less the cosine of the angle between the features, 0 to 2. */
  readonly distance: number;
}

/** Says of prepared images, one after another, which images learnt from are nearest to each, the nearest first. */
export type NearestFinder = (pixels: Float32Array) => Promise<NearestTrainingImage[][]>;

/**
 * Opens what a run keeps of the images that it learnt from.
 * @throws RoentgenError "value-missing" where that is not known: of a bundle, which is passed on without it
 */
export async function openNearest(
  modelPath: string,
  model: ImageModel,
  { count }: { count: number },
): Promise<NearestFinder> {
  const learnt = await readTrainingImages(modelPath);
  const { features, images } = learnt ?? {};
  if (!features || !images || !model.bundle.manifest.tensors.features) throw unknown(modelPath);
  return async (pixels) => {
    const queries = await model.features(pixels);
    const { indices, distances } = nearestImages(features, queries, { count });
    return indices.map((places, query) =>
      Array.from(places, (place, at) => {
        const { name, path, truth } = images[place];
        return { name, path, truth, distance: Number(distances[query][at].toPrecision(7)) };
      }),
    );
  };
}

function unknown(path: string): RoentgenError {
  return new RoentgenError("value-missing", {
    problem: "Cannot tell the nearest images learnt from",
    expected: "the folder of a run, which keeps their features",
    found: path,
    remedy: "Name the run folder, or train again; a bundle never says who was learnt from.",
    subject: "nearest",
  });
}
