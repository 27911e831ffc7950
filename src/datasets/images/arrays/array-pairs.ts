// Which arrays of a file are images, and which are their labels, by their names.

import { sideOfName } from "../folders/side-names.ts";
import type { ImageSide } from "../image-dataset.ts";

/** An array of images with that of its labels. */
export interface ArrayPair {
  readonly images: string;
  readonly labels: string;
  /** Where the names say it. */
  readonly side?: ImageSide;
}

const IMAGES = /^(images?|imgs?|x|data|features)$/;
const LABELS = /^(labels?|y|targets?|classes)$/;

/** Pairs such as "train_images" and "train_labels", "x_test" and "y_test", "images" and "labels". */
export function pairArrays(names: readonly string[]): ArrayPair[] {
  const parsed = names.map(parseName);
  return parsed.flatMap(({ name, word, side }) => {
    if (!IMAGES.test(word)) return [];
    const labels = parsed.find((other) => LABELS.test(other.word) && other.side === side);
    return labels ? [{ images: name, labels: labels.name, ...(side && { side }) }] : [];
  });
}

function parseName(name: string): { name: string; word: string; side: ImageSide | undefined } {
  const parts = name.toLowerCase().split("_");
  const side = parts.map(sideOfName).find((found) => found !== undefined);
  const word = parts.filter((part) => sideOfName(part) === undefined).join("_");
  return { name, word, side };
}
