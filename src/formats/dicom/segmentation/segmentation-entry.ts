// A segmentation as a listing shows it: a volume a file and orientation, whatever frames it leaves out.

import type { ScannedFile } from "../series/scan.ts";
import type { DicomVolume } from "../series/volume-entry.ts";
import { isSegmentation, type SegmentationGrid, segmentationGrids } from "./segmentation-grid.ts";

/** Said of the volumes of a segmentation that is none as a whole. */
export const APART_NOTE =
  "The frames of this segmentation share no even grid; they are listed apart, by segment and place.";

/** @returns none of other objects, and of segmentations without a common grid (films, unrelated planes) */
export function segmentationEntries(file: ScannedFile): DicomVolume[] {
  const { sopClass, frames } = file.description;
  if (!isSegmentation(sopClass)) return [];
  const grids = segmentationGrids(frames) ?? [];
  return grids.map((grid, at) =>
    entryOf(file, grid, grids.length > 1 ? { orientation: at + 1 } : {}),
  );
}

function entryOf(
  { place, description }: ScannedFile,
  { geometry, frames, notes }: SegmentationGrid,
  apart: DicomVolume["apart"],
): DicomVolume {
  const { patient, study, series, sopClass, frameOfReference, references } = description;
  const { size, spacing, origin, direction: d } = geometry;
  const shown = new Map(frames.map(({ slice, frame }) => [slice, frame]));
  const refs = Array.from({ length: size[2] }, (_, slice) => {
    const frame = shown.get(slice);
    return frame === undefined ? undefined : { file: 0, frame };
  });
  return {
    kind: "volume",
    ...{ patient, study, series, sopClass, frameOfReference, references },
    apart,
    files: [place],
    problems: [],
    size,
    channels: [],
    geometry,
    frames: [refs],
    surplus: [],
    layout: {
      row: [d[0], d[3], d[6]],
      column: [d[1], d[4], d[7]],
      normal: [d[2], d[5], d[8]],
      origin,
      spacing: [spacing[0], spacing[1]],
      offsets: refs.map((_, slice) => [0, 0, slice * spacing[2]] as const),
      spacingMm: spacing[2],
    },
    segmentation: frames,
    notes,
  };
}
