// The grid of a stack of slices: origin, spacing and direction out of plane positions (PS3.3 C.7.6.2.1.1).

import {
  dot,
  matrixFromColumns,
  type PatientGeometry,
  patientGeometry,
  type Triple,
} from "../../../base/index.ts";
import type { FramePlane } from "./plane.ts";
import type { Stack } from "./stack.ts";
import { norm, unit } from "./vectors.ts";
import type { SliceLayout } from "./volume-entry.ts";

/** Steps that lean no more than this against the normal are taken as they are: the grid stays orthonormal. */
const LEAN = 1e-4;

/**
 * The grid of an even stack: k ascends along row × column, so that (i, j, k) is right-handed, and the third
 * column of `direction` is the direction of the slices' actual step.
 * @param thicknessMm distance to assume for a single slice, which has no neighbour
 * @returns undefined of a single slice without thickness
 */
export function stackGeometry(
  stack: Stack,
  planes: readonly FramePlane[],
  { columns, rows, thicknessMm }: { columns: number; rows: number; thicknessMm?: number },
): PatientGeometry | undefined {
  const first = planes[stack.order[0]];
  const along = sliceAxis(stack, thicknessMm);
  if (!along) return undefined;
  const { row, column } = first;
  const [k, spacing] = along;
  return patientGeometry({
    size: [columns, rows, stack.order.length],
    spacing: [first.spacing[0], first.spacing[1], spacing],
    origin: first.position,
    direction: matrixFromColumns(row, column, k),
  });
}

/** The grid of one slice whose thickness the caller states. */
export function singleSliceGeometry(
  {
    row,
    column,
    normal,
    origin,
    spacing,
  }: Pick<SliceLayout, "row" | "column" | "normal" | "origin" | "spacing">,
  size: Triple,
  thicknessMm: number,
): PatientGeometry {
  return patientGeometry({
    size,
    spacing: [spacing[0], spacing[1], thicknessMm],
    origin,
    direction: matrixFromColumns(row, column, normal),
  });
}

function sliceAxis({ step, spacingMm, normal, problems }: Stack, thicknessMm?: number) {
  if (!step) return thicknessMm ? ([normal, thicknessMm] as const) : undefined;
  const direction = unit(step) as Triple;
  const isStraight = problems.length === 0 && norm(step) * LEAN >= leanMm(step, normal);
  if (isStraight) return [direction, norm(step)] as const;
  return [normal, spacingMm ?? dot(step, normal)] as const;
}

/** How far a step goes sideways, mm. */
function leanMm(step: Triple, normal: Triple): number {
  const height = dot(step, normal);
  return norm([
    step[0] - height * normal[0],
    step[1] - height * normal[1],
    step[2] - height * normal[2],
  ]);
}
