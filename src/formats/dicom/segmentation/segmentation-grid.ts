// The grid that the frames of a segmentation share; slices without any segment may be left out (PS3.3 C.8.20.2).

import {
  dot,
  matrixFromColumns,
  type PatientGeometry,
  patientGeometry,
} from "../../../base/index.ts";
import type { DicomFrame } from "../series/dicom-frame.ts";
import { type FramePlane, normalOf } from "../series/plane.ts";
import { norm, scale, subtract } from "../series/vectors.ts";

/** SOP classes Segmentation Storage and Label Map Segmentation Storage. */
export const SEGMENTATION_CLASSES: ReadonlySet<string> = new Set([
  "1.2.840.10008.5.1.4.1.1.66.4",
  "1.2.840.10008.5.1.4.1.1.66.7",
]);

export interface SegmentationGrid {
  readonly geometry: PatientGeometry;
  /** Of each frame, the slice that it lies in. */
  readonly slices: readonly number[];
}

/** More slices than any scan has: a stated spacing that leads there is wrong. */
const MOST_SLICES = 16_384;
/** Of the spacing, how far a position may lie from its slice. */
const EVENNESS = 0.01;
const PARALLEL = 1e-4;

/**
 * The even grid that spans all frames: the spacing that the file states where positions are multiples of it, else the
 * least distance of two positions, else the thickness.
 * @returns undefined where frames have no place, are tiles of a plane, not parallel or not evenly spaced
 */
export function segmentationGrid(frames: readonly DicomFrame[]): SegmentationGrid | undefined {
  const planes = frames.flatMap(({ plane }) => (plane ? [plane] : []));
  if (planes.length === 0 || planes.length !== frames.length) return undefined;
  const first = planes[0];
  const normal = normalOf(first);
  if (!planes.every((plane) => isBehind(plane, first))) return undefined;
  const depths = planes.map(({ position }) => dot(subtract(position, first.position), normal));
  const least = depths.reduce((low, depth) => Math.min(low, depth), 0);
  const heights = depths.map((depth) => depth - least);
  const stepMm = stepOf(heights, frames[0]);
  if (stepMm === undefined) return undefined;
  const slices = heights.map((height) => Math.round(height / stepMm));
  const { row, column, spacing } = first;
  const size = [frames[0].columns, frames[0].rows, Math.max(...new Set(slices)) + 1] as const;
  const geometry = patientGeometry({
    size,
    spacing: [spacing[0], spacing[1], stepMm],
    origin: planes[Math.max(0, depths.indexOf(least))].position,
    direction: matrixFromColumns(row, column, normal),
  });
  return { geometry, slices };
}

function isBehind(plane: FramePlane, first: FramePlane): boolean {
  const way = subtract(plane.position, first.position);
  const normal = normalOf(first);
  const sideways = norm(subtract(way, scale(normal, dot(way, normal))));
  return (
    1 - dot(plane.row, first.row) <= PARALLEL &&
    1 - dot(plane.column, first.column) <= PARALLEL &&
    plane.spacing.every((mm, at) => Math.abs(mm - first.spacing[at]) <= PARALLEL * mm) &&
    sideways <= 0.1 * Math.min(...first.spacing)
  );
}

function stepOf(
  heights: readonly number[],
  { spacingBetweenMm, thicknessMm }: DicomFrame,
): number | undefined {
  const sorted = heights.toSorted((a, b) => a - b);
  const top = sorted[sorted.length - 1];
  // Positions are written with rounding: what lies within a hundredth of a millimetre is one place.
  const distances = sorted
    .slice(1)
    .map((height, at) => height - sorted[at])
    .filter((mm) => mm > 0.01);
  if (distances.length === 0) return spacingBetweenMm ?? thicknessMm;
  const nearest = distances.reduce((low, mm) => Math.min(low, mm), top);
  return [spacingBetweenMm, nearest, thicknessMm].flatMap(
    (mm) => refined(heights, top, mm) ?? [],
  )[0];
}

/** The step made exact over the whole stack; undefined where some position is no multiple of it. */
function refined(
  heights: readonly number[],
  top: number,
  mm: number | undefined,
): number | undefined {
  if (!mm || top / mm > MOST_SLICES) return undefined;
  const count = Math.round(top / mm);
  if (count === 0) return undefined;
  const exact = top / count;
  if (Math.abs(exact - mm) > EVENNESS * mm) return undefined;
  const isEven = heights.every(
    (height) => Math.abs(height - Math.round(height / exact) * exact) <= EVENNESS * exact,
  );
  return isEven ? exact : undefined;
}
