// A segmentation as a listing shows it: one volume a file, whatever frames it leaves out.

import type { ScannedFile } from "../series/scan.ts";
import type { DicomVolume } from "../series/volume-entry.ts";
import { SEGMENTATION_CLASSES, segmentationGrid } from "./segmentation-grid.ts";

/** @returns undefined of other objects, and of segmentations without a common grid (slide microscopy, films) */
export function segmentationEntry({ place, description }: ScannedFile): DicomVolume | undefined {
  const { patient, study, series, sopClass, frames } = description;
  if (!SEGMENTATION_CLASSES.has(sopClass)) return undefined;
  const grid = segmentationGrid(frames);
  if (!grid) return undefined;
  const { geometry, slices } = grid;
  const { size, spacing, origin, direction: d } = geometry;
  const shown = new Map(slices.map((slice, frame) => [slice, frame]));
  const refs = Array.from({ length: size[2] }, (_, slice) => {
    const frame = shown.get(slice);
    return frame === undefined ? undefined : { file: 0, frame };
  });
  return {
    kind: "volume",
    patient,
    study,
    series,
    sopClass,
    apart: {},
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
    segmentation: frames.map(({ frame, traits }, at) => ({
      frame,
      slice: slices[at],
      segment: Number(traits.segment ?? 0),
    })),
    notes: [],
  };
}
