// Masks that lie among or beside the images: told by their folder's name, or by the name of the image that they mark.

import type { PlacedFile } from "./find-classes.ts";

const MASK_WORD =
  "masks?|segmentations?|segmasks?|seg|labels?|annotations?|ground[ _-]?truth|gt|rois?|lung[ _-]?masks?";
const MASK_FOLDER = new RegExp(`^(${MASK_WORD}|.+[ _-]masks?)$`, "i");
/** "benign (1)_mask_2": the image's name, the word and a number. */
const MASK_NAME = new RegExp(`^(.+?)[ _.-](?:${MASK_WORD})(?:[ _-]?\\d+)?$`, "i");

/** Whether a folder is named for masks. */
export function isMaskFolder(name: string): boolean {
  return MASK_FOLDER.test(name);
}

export interface ImagesAndMasks {
  readonly images: readonly PlacedFile[];
  /** Paths of the masks of an image, by the image's path. */
  readonly masksOf: ReadonlyMap<string, readonly string[]>;
  readonly maskCount: number;
}

/**
 * Parts masks from images. A file is a mask if it lies in a folder for masks within its class while others of the class do
 * not, or if its name is that of an image beside it with "_mask" or the like at its end.
 */
export function separateMasks(files: readonly PlacedFile[]): ImagesAndMasks {
  const inMaskFolder = new Set(files.filter(({ inner }) => inner.some(isMaskFolder)));
  const withImages = new Set(
    files.filter((file) => !inMaskFolder.has(file)).map(({ label }) => label),
  );
  const byStem = new Map<string, PlacedFile>();
  for (const file of files) {
    if (!inMaskFolder.has(file)) byStem.set(stemKey(file, stemOf(file)), file);
  }
  const images: PlacedFile[] = [];
  const masksOf = new Map<string, string[]>();
  let maskCount = 0;
  for (const file of files) {
    const marked = markedImage(file, byStem, inMaskFolder.has(file));
    const isMask = inMaskFolder.has(file) ? withImages.has(file.label) : marked !== undefined;
    if (!isMask) images.push(file);
    else maskCount += 1;
    if (isMask && marked)
      masksOf.set(marked.path, [...(masksOf.get(marked.path) ?? []), file.path]);
  }
  return { images, masksOf, maskCount };
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
