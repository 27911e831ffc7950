// The grids that the frames of a segmentation share; slices without any segment may be left out (PS3.3 C.8.20.2).

import { dot, type PatientGeometry, patientGeometry } from "../../../base/index.ts";
import type { DicomFrame } from "../series/dicom-frame.ts";
import { type FramePlane, normalOf } from "../series/plane.ts";
import { add, scale, subtract } from "../series/vectors.ts";
import type { SegmentFrame } from "../series/volume-entry.ts";
import { stepOf } from "./slice-step.ts";

/** SOP classes Segmentation Storage and Label Map Segmentation Storage. */
const SEGMENTATION_CLASSES: readonly string[] = [
  "1.2.840.10008.5.1.4.1.1.66.4",
  "1.2.840.10008.5.1.4.1.1.66.7",
];

export function isSegmentation(sopClass: string | undefined): boolean {
  return sopClass !== undefined && SEGMENTATION_CLASSES.includes(sopClass);
}

export interface SegmentationGrid {
  readonly geometry: PatientGeometry;
  readonly frames: readonly SegmentFrame[];
  /** How the distance of slices was found, where the file does not simply say it. */
  readonly notes: readonly string[];
}

const PARALLEL = 1e-4;
/** Of a pixel, how far frames may be from a whole number of pixels beside each other. */
const ASIDE = 0.1;
/** Pixels along a side: frames farther apart than that are no plane. */
const LONGEST_SIDE = 65_536;

/**
 * The even grids that span all frames, one for each orientation of them.
 * @returns undefined where frames have no place, are shifted by parts of pixels or not at multiples of one distance
 */
export function segmentationGrids(frames: readonly DicomFrame[]): SegmentationGrid[] | undefined {
  const placed = frames.filter((frame): frame is PlacedFrame => frame.plane !== undefined);
  if (placed.length === 0 || placed.length !== frames.length) return undefined;
  const grids = parallelFrames(placed).map(gridOf);
  return grids.every((grid) => grid !== undefined) ? grids : undefined;
}

type PlacedFrame = DicomFrame & { readonly plane: FramePlane };

function parallelFrames(frames: readonly PlacedFrame[]): PlacedFrame[][] {
  const groups: PlacedFrame[][] = [];
  for (const frame of frames) {
    const group = groups.find(([{ plane }]) => isParallel(frame.plane, plane));
    if (group) group.push(frame);
    else groups.push([frame]);
  }
  return groups;
}

function isParallel(plane: FramePlane, first: FramePlane): boolean {
  return (
    1 - dot(plane.row, first.row) <= PARALLEL &&
    1 - dot(plane.column, first.column) <= PARALLEL &&
    plane.spacing.every((mm, at) => Math.abs(mm - first.spacing[at]) <= PARALLEL * mm)
  );
}

function gridOf(frames: readonly PlacedFrame[]): SegmentationGrid | undefined {
  const [first] = frames;
  const { row, column, spacing, position: from } = first.plane;
  const normal = normalOf(first.plane);
  const ways = frames.map(({ plane }) => subtract(plane.position, from));
  const x = wholeSteps(ways.map((way) => dot(way, row) / spacing[0]));
  const y = wholeSteps(ways.map((way) => dot(way, column) / spacing[1]));
  const depths = ways.map((way) => dot(way, normal));
  const lowest = least(depths);
  const step = stepOf(
    depths.map((depth) => depth - lowest),
    first,
  );
  if (!x || !y || !step) return undefined;
  const size = [
    most(x.steps) + first.columns,
    most(y.steps) + first.rows,
    most(step.slices) + 1,
  ] as const;
  if (Math.max(size[0], size[1]) > LONGEST_SIDE) return undefined;
  // Where a frame lies at the grid's first voxel its own position is taken, with no rounding.
  const corner = frames.findIndex((_, at) => x.steps[at] + y.steps[at] + step.slices[at] === 0);
  const shift = add(
    add(scale(row, x.least * spacing[0]), scale(column, y.least * spacing[1])),
    scale(normal, lowest),
  );
  const geometry = patientGeometry({
    size,
    spacing: [spacing[0], spacing[1], step.mm],
    origin: corner < 0 ? add(from, shift) : frames[corner].plane.position,
    direction: directionOf(first.plane),
  });
  return {
    geometry,
    frames: frames.map(({ frame, traits }, at) => ({
      ...{ frame, x: x.steps[at], y: y.steps[at], slice: step.slices[at] },
      segment: Number(traits.segment ?? 0),
    })),
    notes: step.note ? [step.note] : [],
  };
}

/** Whole numbers from the least on; undefined where some value is none. */
function wholeSteps(values: readonly number[]) {
  const whole = values.map(Math.round);
  if (values.some((value, at) => Math.abs(value - whole[at]) > ASIDE)) return undefined;
  const lowest = least(whole);
  return { least: lowest, steps: whole.map((value) => value - lowest) };
}

function least(values: readonly number[]): number {
  return values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
}

function most(values: readonly number[]): number {
  return values.reduce((high, value) => Math.max(high, value), 0);
}

function directionOf(plane: FramePlane): PatientGeometry["direction"] {
  const { row, column } = plane;
  const normal = normalOf(plane);
  return [0, 1, 2].flatMap((axis) => [
    row[axis],
    column[axis],
    normal[axis],
  ]) as unknown as PatientGeometry["direction"];
}
