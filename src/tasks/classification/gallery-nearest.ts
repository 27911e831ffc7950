// Below a picture of a gallery the images learnt from that the network takes for most like it.

import type { ImageStore } from "../../datasets/index.ts";
import { nearestImages } from "../../explain/index.ts";
import type { ReportPicture } from "../../study/index.ts";
import type { GalleryImage } from "./choose-gallery.ts";
import { galleryRow } from "./gallery-picture.ts";
import { storedBatch } from "./stored-batch.ts";
import type { TrainedImages } from "./train-images.ts";
import { truthInWords } from "./training-images.ts";

/** Images learnt from that are shown below one. */
const NEAREST = 3;

/** What a reader of the gallery is told. */
export const NEAREST_READING =
  "Below a mistake stand the images learnt from that are nearest to it by their features: what the network may have taken it for.";

type Studied = Pick<TrainedImages, "dataset" | "split" | "features" | "predictions">;

/** The pictures of these images with their nearest below; undefined where the model gives no features. */
export function withNearest(
  trained: Studied,
  images: readonly GalleryImage[],
  pictures: readonly ReportPicture[],
  store: Pick<ImageStore, "read" | "shape">,
): ReportPicture[] | undefined {
  const { dataset, split } = trained;
  const nearest = nearestPlaces(trained, images);
  return nearest?.map((places, at) => {
    const rows = Array.from(places, (place) => split.train[place]);
    const named = rows.map((row) => {
      const { name, target } = dataset.samples[row];
      return `${truthInWords(dataset.target, target)} (${name})`;
    });
    return {
      ...pictures[at],
      below: { ...galleryRow(storedBatch(store, rows)), images: rows.length },
      lines: [...pictures[at].lines, `nearest learnt from: ${named.join(", ")}`],
    };
  });
}

/** For each image places in `split.train`, the nearest first. */
function nearestPlaces(
  { split, features, predictions }: Studied,
  images: readonly GalleryImage[],
): readonly Int32Array[] | undefined {
  if (!features || !predictions.features || images.length === 0) return undefined;
  const length = features.length / split.train.length;
  const queries = new Float32Array(images.length * length);
  for (const [image, { at }] of images.entries()) {
    queries.set(predictions.features.subarray(at * length, (at + 1) * length), image * length);
  }
  const { indices } = nearestImages(
    { shape: [split.train.length, length], data: features },
    { shape: [images.length, length], data: queries },
    { count: NEAREST },
  );
  return indices;
}
