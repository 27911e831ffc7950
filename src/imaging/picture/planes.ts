// The planes that a reader of scans expects: axial, coronal and sagittal through the middle, in radiological
// convention (patient's right on the left, front up or left, head up).

import {
  applyAffine,
  cross,
  dot,
  indexToWorld,
  type Matrix3,
  matrixFromColumns,
  type PatientGeometry,
  patientGeometry,
  type Triple,
} from "../../base/index.ts";

/** A plane to look at: a grid of depth 1, and the directions its four sides point to. */
export interface Plane {
  readonly name: "axial" | "coronal" | "sagittal" | "as acquired";
  readonly geometry: PatientGeometry;
  /** Of "R", "L", "A", "P", "S", "I". */
  readonly sides: {
    readonly left: string;
    readonly right: string;
    readonly top: string;
    readonly bottom: string;
  };
}

/** Unit vectors to the right and down on the screen, in LPS. */
const VIEWS: readonly { name: Plane["name"]; right: Triple; down: Triple }[] = [
  { name: "axial", right: [1, 0, 0], down: [0, 1, 0] },
  { name: "coronal", right: [1, 0, 0], down: [0, 0, -1] },
  { name: "sagittal", right: [0, 1, 0], down: [0, 0, -1] },
];

/**
 * Planes through the middle of a volume, each with square pixels; of a single slice, the slice as it was acquired.
 * @param longest pixels along the longest side of the largest plane
 */
export function planesThroughMiddle(volume: PatientGeometry, longest: number): Plane[] {
  if (volume.size[2] === 1) return [acquiredPlane(volume, longest)];
  const box = boxOf(volume);
  const extent = [0, 1, 2].map((axis) => box.high[axis] - box.low[axis]);
  const pixelMm = Math.max(...extent) / longest;
  return VIEWS.map(({ name, right, down }) => {
    const spanMm = [right, down].map((way) => Math.abs(dot(way, extent as never)));
    const middle = centredOn(box, middleVoxel(volume), cross(right, down));
    return planeAt({ name, middle, right, down, spanMm, pixelMm });
  });
}

function acquiredPlane(slice: PatientGeometry, longest: number): Plane {
  const [width, height] = slice.size;
  const spanMm = [width * slice.spacing[0], height * slice.spacing[1]];
  return planeAt({
    name: "as acquired",
    middle: applyAffine(indexToWorld(slice), [(width - 1) / 2, (height - 1) / 2, 0]),
    right: columnOf(slice.direction, 0),
    down: columnOf(slice.direction, 1),
    spanMm,
    pixelMm: Math.max(...spanMm) / longest,
  });
}

interface PlaneParts {
  readonly name: Plane["name"];
  readonly middle: Triple;
  readonly right: Triple;
  readonly down: Triple;
  readonly spanMm: readonly number[];
  readonly pixelMm: number;
}

function planeAt({ name, middle, right, down, spanMm, pixelMm }: PlaneParts): Plane {
  const [width, height] = spanMm.map((mm) => Math.max(1, Math.round(mm / pixelMm)));
  const normal = cross(right, down);
  const origin = [0, 1, 2].map(
    (axis) =>
      middle[axis] -
      ((width - 1) / 2) * pixelMm * right[axis] -
      ((height - 1) / 2) * pixelMm * down[axis],
  ) as unknown as Triple;
  return {
    name,
    geometry: patientGeometry({
      size: [width, height, 1],
      spacing: [pixelMm, pixelMm, pixelMm],
      origin,
      direction: matrixFromColumns(right, down, normal),
    }),
    sides: {
      left: sideOf(right, -1),
      right: sideOf(right, 1),
      top: sideOf(down, -1),
      bottom: sideOf(down, 1),
    },
  };
}

/** The nearest of the six directions. */
function sideOf(way: Triple, sign: 1 | -1): string {
  const size = way.map(Math.abs);
  const axis = size.indexOf(Math.max(...size));
  return way[axis] * sign > 0 ? "LPS"[axis] : "RAI"[axis];
}

/** Corners of the voxels' outer faces, enclosed. */
function boxOf(volume: PatientGeometry): { low: number[]; high: number[] } {
  const toWorld = indexToWorld(volume);
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high = low.map((value) => -value);
  for (let corner = 0; corner < 8; corner++) {
    const index = [0, 1, 2].map((axis) =>
      (corner >> axis) & 1 ? volume.size[axis] - 0.5 : -0.5,
    ) as unknown as Triple;
    applyAffine(toWorld, index).forEach((mm, axis) => {
      low[axis] = Math.min(low[axis], mm);
      high[axis] = Math.max(high[axis], mm);
    });
  }
  return { low, high };
}

function middleVoxel(volume: PatientGeometry): Triple {
  // A plane between two slices would show neither, so the middle falls on a voxel.
  const middle = volume.size.map((count) => Math.floor(count / 2)) as unknown as Triple;
  return applyAffine(indexToWorld(volume), middle);
}

/** The middle of the box, moved along the normal until the plane passes through a point. */
function centredOn(
  { low, high }: { low: number[]; high: number[] },
  point: Triple,
  normal: Triple,
): Triple {
  const centre = low.map((mm, axis) => (mm + high[axis]) / 2);
  const away = dot(normal, point.map((mm, axis) => mm - centre[axis]) as unknown as Triple);
  return centre.map((mm, axis) => mm + away * normal[axis]) as unknown as Triple;
}

function columnOf(matrix: Matrix3, column: 0 | 1 | 2): Triple {
  return [matrix[column], matrix[3 + column], matrix[6 + column]];
}
