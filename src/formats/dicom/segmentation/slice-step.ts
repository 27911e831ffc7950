// The distance of slices of which only some are there: one that all positions are multiples of.

import type { DicomFrame } from "../series/dicom-frame.ts";
import type { FramePlane } from "../series/plane.ts";

export interface SliceStep {
  readonly mm: number;
  /** Of each height, the slice that it is. */
  readonly slices: readonly number[];
  readonly note?: string;
}

/** More slices than any scan has: a stated spacing that leads there is wrong. */
const MOST_SLICES = 16_384;
/** Of a stated spacing, how far a position may lie from its slice. */
const EVENNESS = 0.01;
/** The same of a spacing that nothing states but the positions. */
const EXACTNESS = 1e-3;
/** Parts of the least distance that are tried; of more, nearly any positions are multiples. */
const MOST_PARTS = 8;

type Stating = Pick<DicomFrame, "spacingBetweenMm" | "thicknessMm"> & {
  readonly plane: FramePlane;
};

/**
 * The spacing that the file states where all heights are multiples of it, else the least distance of two, else the
 * thickness, else the greatest part of the least distance that fits.
 * @param heights mm above the lowest frame
 */
export function stepOf(
  heights: readonly number[],
  { spacingBetweenMm, thicknessMm, plane }: Stating,
): SliceStep | undefined {
  const sorted = heights.toSorted((a, b) => a - b);
  const top = sorted[sorted.length - 1];
  // Positions are written with rounding: what lies within a hundredth of a millimetre is one place.
  const distances = sorted
    .slice(1)
    .map((height, at) => height - sorted[at])
    .filter((mm) => mm > 0.01);
  if (distances.length === 0) {
    const mm = spacingBetweenMm ?? thicknessMm;
    return mm === undefined ? undefined : { mm, slices: heights.map(() => 0) };
  }
  const nearest = distances.reduce((low, mm) => Math.min(low, mm), top);
  for (const mm of [spacingBetweenMm, nearest, thicknessMm]) {
    const step = mm && multiplesOf(mm, heights, { top, farMm: EVENNESS * mm });
    if (step) return step;
  }
  return partOf(nearest, heights, { top, roundingMm: plane.roundingMm });
}

/** The step made exact over the whole stack; undefined where some height is no multiple of it. */
function multiplesOf(
  mm: number,
  heights: readonly number[],
  { top, farMm }: { top: number; farMm: number },
): SliceStep | undefined {
  if (top / mm > MOST_SLICES) return undefined;
  const count = Math.round(top / mm);
  if (count === 0) return undefined;
  const exact = top / count;
  if (Math.abs(exact - mm) > EVENNESS * mm) return undefined;
  const slices = heights.map((height) => Math.round(height / exact));
  const isEven = heights.every((height, at) => Math.abs(height - slices[at] * exact) <= farMm);
  return isEven ? { mm: exact, slices } : undefined;
}

function partOf(
  nearest: number,
  heights: readonly number[],
  { top, roundingMm }: { top: number; roundingMm: number },
): SliceStep | undefined {
  for (let parts = 2; parts <= MOST_PARTS; parts++) {
    const mm = nearest / parts;
    const step = multiplesOf(mm, heights, { top, farMm: EXACTNESS * mm + 2 * roundingMm });
    if (!step) continue;
    const note = `Slices are ${Number(step.mm.toFixed(4))} mm apart, the greatest step that all positions are multiples of; the file states none that fits.`;
    return { ...step, note };
  }
  return undefined;
}
