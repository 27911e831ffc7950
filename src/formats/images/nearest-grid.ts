// The grid at right angles nearest to a sheared one: polar decomposition (Higham 1986), the centre kept.

import {
  type Affine,
  affineLinear,
  applyAffine,
  indexToWorld,
  invertMatrix,
  type Matrix3,
  type PatientGeometry,
  patientGeometry,
  type Triple,
  transpose,
} from "../../base/index.ts";

/** The grid, and how far it moves the voxel that it moves most. */
export interface NearestGrid {
  readonly geometry: PatientGeometry;
  readonly movedMm: number;
}

/** Spacing stays the length of the axes; their directions become the nearest orthonormal ones. */
export function nearestGrid(affine: Affine, size: Triple): NearestGrid {
  const column = (axis: number) => [affine[axis], affine[4 + axis], affine[8 + axis]];
  const spacing = [0, 1, 2].map((axis) => Math.hypot(...column(axis))) as unknown as Triple;
  const directions = affineLinear(affine).map((value, at) => value / spacing[at % 3]);
  const direction = orthogonalFactor(directions as unknown as Matrix3);
  const middle = size.map((n) => (n - 1) / 2) as unknown as Triple;
  const centre = applyAffine(affine, middle);
  const centred = patientGeometry({ size, spacing, origin: [0, 0, 0], direction });
  const offset = applyAffine(indexToWorld(centred), middle);
  const origin = centre.map((value, axis) => value - offset[axis]) as unknown as Triple;
  const geometry = { ...centred, origin };
  return { geometry, movedMm: largestDistance(affine, indexToWorld(geometry), size) };
}

/** Newton's iteration X ← (X + X⁻ᵀ)/2, which converges quadratically. */
function orthogonalFactor(matrix: Matrix3): Matrix3 {
  let x = matrix;
  for (let step = 0; step < 60; step++) {
    const inverse = transpose(invertMatrix(x));
    const next = x.map((value, at) => (value + inverse[at]) / 2) as unknown as Matrix3;
    const change = Math.max(...next.map((value, at) => Math.abs(value - x[at])));
    x = next;
    if (change < 1e-15) break;
  }
  return x;
}

/** In mm, over the corners of the grid, where the difference of two affine maps is largest. */
export function largestDistance(a: Affine, b: Affine, size: Triple): number {
  let largest = 0;
  for (let corner = 0; corner < 8; corner++) {
    const index = size.map((n, axis) => ((corner >> axis) & 1) * (n - 1)) as unknown as Triple;
    const [p, q] = [applyAffine(a, index), applyAffine(b, index)];
    largest = Math.max(largest, Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]));
  }
  return largest;
}
