// The images of slides in a series: the levels of its pyramid, its label and overview, segmentations upon it.

import type { Traits } from "../series/dicom-frame.ts";
import type { ScannedFile } from "../series/scan.ts";
import { differingTraits } from "../series/traits-apart.ts";
import type { DicomSlide } from "../series/volume-entry.ts";
import type { SlideFacts } from "./slide-facts.ts";

type SlideFile = ScannedFile & { readonly slide: SlideFacts };

/** The slides among files of one series, finest level first, and the files that are none. */
export function slideEntries(files: readonly ScannedFile[]): {
  readonly slides: DicomSlide[];
  readonly others: ScannedFile[];
} {
  const tiled = files.flatMap((file): SlideFile[] => {
    const { slide } = file.description;
    return slide ? [{ ...file, slide }] : [];
  });
  const images = [...imagesOf(tiled)].sort(byLevel);
  const traits = images.map(([first]) => traitsOf(first, levelsOf(images)));
  const apart = differingTraits(traits);
  return {
    slides: images.map((image, at) => entryOf(image, apart(traits[at]))),
    others: files.filter(({ description }) => !description.slide),
  };
}

/** An image's files in their order; more than one of a concatenation (PS3.3 C.7.6.16.1.3). */
function imagesOf(files: readonly SlideFile[]): Iterable<SlideFile[]> {
  const images = new Map<string, SlideFile[]>();
  for (const file of files) {
    const key = file.slide.concatenation?.uid ?? `${file.description.instanceUid} ${images.size}`;
    images.set(key, [...(images.get(key) ?? []), file]);
  }
  for (const image of images.values()) {
    image.sort((a, b) => (a.slide.concatenation?.part ?? 0) - (b.slide.concatenation?.part ?? 0));
  }
  return images.values();
}

function byLevel([a]: SlideFile[], [b]: SlideFile[]): number {
  const isLevel = ({ slide }: SlideFile) => Number(slide.flavor === "volume");
  const pixels = ({ slide }: SlideFile) => slide.size[0] * slide.size[1];
  return isLevel(b) - isLevel(a) || pixels(b) - pixels(a);
}

/** The sizes of the pyramid's levels, finest first; images of one size are one level. */
function levelsOf(images: readonly SlideFile[][]): string[] {
  const levels = images.filter(([{ slide }]) => slide.flavor === "volume");
  return [...new Set(levels.map(([{ slide }]) => slide.size.join(" ")))];
}

function traitsOf({ slide }: SlideFile, levels: readonly string[]): Traits {
  const { flavor, size, path } = slide;
  const kind: Traits =
    flavor === "volume" ? { level: levels.indexOf(size.join(" ")) } : { image: flavor };
  return { ...kind, ...(path !== undefined && { "optical path": path }) };
}

function entryOf(image: readonly SlideFile[], apart: Traits): DicomSlide {
  const [{ slide, description }] = image;
  const { patient, study, series, sopClass, frameOfReference, references } = description;
  const { size, tile, spacing, place } = slide;
  return {
    kind: "slide",
    ...{ patient, study, series, sopClass, frameOfReference, references },
    apart,
    files: image.map((file) => file.place),
    problems: [],
    ...{ size, tile },
    tiles: image.reduce((sum, file) => sum + file.slide.tiles, 0),
    ...(spacing && { spacing }),
    ...(place && { place }),
  };
}
