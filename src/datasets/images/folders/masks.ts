// Masks that lie among or beside the images: told by their folder's name, or by the name of the image that they mark.

import type { PlacedFile } from "./find-classes.ts";
import type { ListedFile, ListedImages } from "./list-images.ts";

const MASK_WORD =
  "masks?|segmentations?|segmasks?|seg|labels?|annotations?|ground[ _-]?truth|gt|rois?|lung[ _-]?masks?";
const MASK_FOLDER = new RegExp(`^(${MASK_WORD}|.+[ _-]masks?)$`, "i");
/** "benign (1)_mask_2": the image's name, the word and a number. */
const MASK_NAME = new RegExp(`^(.+?)[ _.-](?:${MASK_WORD})(?:[ _-]?\\d+)?$`, "i");
/** Endings of names that mean nothing else, so that a mask is told even without its image. */
const SURE_MASK_NAME = /^.+[ _.-](masks?|segmasks?|segmentations?)([ _-]?\d+)?$/i;

/** Whether a folder is named for masks. */
export function isMaskFolder(name: string): boolean {
  return MASK_FOLDER.test(name);
}

export interface ImagesAndMasks {
  readonly images: readonly PlacedFile[];
  /** Paths of the masks of an image, by the image's path. */
  readonly masksOf: ReadonlyMap<string, readonly string[]>;
  /** Masks whose image is not there. */
  readonly orphans: readonly PlacedFile[];
}

/**
 * Parts masks from images. A file is a mask if it lies in a folder for masks within (or above) its class while others of the
 * class do not; if its name is that of an image beside it with "_mask" or the like at its end; or, where there are such masks,
 * if its name ends in "_mask" though its image is missing.
 */
export function separateMasks(files: readonly PlacedFile[]): ImagesAndMasks {
  const inMaskFolder = new Set(files.filter(({ inner }) => inner.some(isMaskFolder)));
  const others = files.filter((file) => !inMaskFolder.has(file));
  const withImages = new Set([undefined, ...others.map(({ label }) => label)]);
  const byStem = new Map(others.map((file) => [stemKey(file, stemOf(file)), file]));
  const markedBy = new Map(
    files.map((file) => [file, markedImage(file, byStem, inMaskFolder.has(file))]),
  );
  const areNamed = others.some((file) => markedBy.get(file) !== undefined);
  const isMask = (file: PlacedFile) =>
    inMaskFolder.has(file)
      ? withImages.has(file.label)
      : markedBy.get(file) !== undefined || (areNamed && SURE_MASK_NAME.test(stemOf(file)));
  const masks = new Set(files.filter(isMask));
  const masksOf = new Map<string, string[]>();
  const orphans: PlacedFile[] = [];
  for (const mask of masks) {
    const image = markedBy.get(mask);
    if (!image || masks.has(image)) orphans.push(mask);
    else masksOf.set(image.path, [...(masksOf.get(image.path) ?? []), mask.path]);
  }
  return { images: files.filter((file) => !masks.has(file)), masksOf, orphans };
}

/** Masks are no images where there are images without them; of files whose classes nobody knows. */
export function withoutMasks({ images, others }: ListedImages): ListedImages {
  const placed = new Map<PlacedFile, ListedFile>(
    images.map((file) => [{ ...file, inner: file.parts.slice(0, -1) }, file]),
  );
  const kept = new Set(separateMasks([...placed.keys()]).images.map((file) => placed.get(file)));
  if (kept.size === 0) return { images, others };
  return {
    images: images.filter((file) => kept.has(file)),
    others: [...others, ...images.filter((file) => !kept.has(file))],
  };
}

/** The image that a file marks, if it is a mask. */
function markedImage(
  file: PlacedFile,
  byStem: ReadonlyMap<string, PlacedFile>,
  inMaskFolder: boolean,
): PlacedFile | undefined {
  const stem = stemOf(file);
  const named = MASK_NAME.exec(stem)?.[1];
  const found = named === undefined ? undefined : byStem.get(stemKey(file, named));
  return found ?? (inMaskFolder ? byStem.get(stemKey(file, stem)) : undefined);
}

/** Images are looked for in the class and its side, whatever folder below it they lie in, unless they share a name. */
function stemKey({ side, label }: PlacedFile, stem: string): string {
  return JSON.stringify([side, label, stem.toLowerCase()]);
}

function stemOf({ parts }: PlacedFile): string {
  return (parts.at(-1) as string).replace(/(\.nii)?(\.gz)?(\.[^.]*)?$/i, "");
}
