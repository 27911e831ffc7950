// Worker that looks for burnt-in marks in original images, which prepared ones are often too small to show.

import type { Image } from "../../../base/index.ts";
import type { ImagePreparation, ImageSample } from "../image-dataset.ts";
import { type LoadedImage, loadImage } from "../load-image.ts";
import { planeLayout } from "../prepare/planes.ts";
import { prepareImage } from "../prepare/prepare-image.ts";
import { type BurntInMark, findBurntInMarks } from "./burnt-in-marks.ts";

export interface MarkTask {
  readonly images: readonly {
    /** Path, or the image where it is a row of an array. */
    readonly source: string | Image;
    readonly frame?: ImageSample["frame"];
  }[];
  readonly intensity: ImagePreparation["intensity"];
}

/** Of one sample; undefined where it can't be read. */
export type MarkOutcome = {
  readonly marks: readonly BurntInMark[];
  /** Width and height of the original, in whose pixels the boxes are. */
  readonly size: readonly [number, number];
} | null;

/** Larger images are shrunk to so many pixels a side: letters stay letters. */
const LARGEST_SIDE = 1024;

export default async function findMarks({ images, intensity }: MarkTask): Promise<MarkOutcome[]> {
  const outcomes: MarkOutcome[] = [];
  for (const { source, frame } of images) {
    try {
      const { image, display }: LoadedImage =
        typeof source === "string"
          ? await loadImage(source, { threads: 1 })
          : { image: source, display: {} };
      const { width, height } = planeLayout(image);
      const scale = Math.min(1, LARGEST_SIDE / Math.max(width, height));
      const size = [height, width].map((n) => Math.max(1, Math.round(n * scale)));
      const preparation: ImagePreparation = { size, channels: 1, fit: "stretch", intensity };
      const values = prepareImage(image, preparation, {
        ...(frame !== undefined && { frame }),
        display,
      });
      const found = findBurntInMarks({ values, width: size[1], height: size[0] });
      outcomes.push({ marks: found.map((mark) => inOriginal(mark, scale)), size: [width, height] });
    } catch {
      // What can't be read is told of by the store.
      outcomes.push(null);
    }
  }
  return outcomes;
}

function inOriginal({ kind, box }: BurntInMark, scale: number): BurntInMark {
  const [left, top, right, bottom] = box.map((edge) => Math.round(edge / scale));
  return { kind, box: [left, top, right, bottom] };
}
