// Where voxels are: indices (i, j, k) to LPS millimetres, as DICOM (PS3.3 C.7.6.2) and ITK have it.

import { RoentgenError } from "./errors.ts";

export type Triple<T = number> = readonly [T, T, T];

/** Rows of a 3×3 matrix, one after another. */
// biome-ignore format: a matrix reads as rows
export type Matrix3 = readonly [
  number, number, number,
  number, number, number,
  number, number, number,
];

/** Rows of a 4×4 matrix whose last row is 0 0 0 1, without that row. */
// biome-ignore format: a matrix reads as rows
export type Affine = readonly [
  number, number, number, number,
  number, number, number, number,
  number, number, number, number,
];

/**
 * A grid whose place in the patient is known: the centre of voxel (i, j, k) lies at
 * origin + direction · (spacing ∘ (i, j, k)), in mm, x to the patient's left, y posterior, z superior.
 */
export interface PatientGeometry {
  readonly frame: "LPS";
  /** Voxels along i (columns), j (rows), k (slices). */
  readonly size: Triple;
  /** Distance of neighbours along i, j, k in mm; above 0. */
  readonly spacing: Triple;
  /** Centre of voxel (0, 0, 0). */
  readonly origin: Triple;
  /** Its columns are the unit vectors of i, j, k; orthonormal, of either handedness. */
  readonly direction: Matrix3;
}

/** A grid of which no place in the patient is known: a film, an ultrasound frame, a PNG. */
export interface PixelGeometry {
  readonly frame: "pixels";
  readonly size: Triple;
  /** Distance of neighbours in mm where the file says it. */
  readonly spacing: Triple | undefined;
}

export type Geometry = PatientGeometry | PixelGeometry;

export const IDENTITY: Matrix3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** Voxels of a grid. */
export function voxelCount({ size: [width, height, depth] }: Pick<Geometry, "size">): number {
  return width * height * depth;
}

/** How far direction vectors may be from unit length and right angles: what files round to. */
const DIRECTION_TOLERANCE = 1e-4;

/**
 * A grid in the patient, its parts checked.
 * @throws RoentgenError "value-invalid" for a size, spacing or direction that is none
 */
export function patientGeometry(parts: Omit<PatientGeometry, "frame">): PatientGeometry {
  const { size, spacing, origin, direction } = parts;
  check(
    size.every((n) => Number.isInteger(n) && n > 0),
    "size",
    "whole numbers above 0",
    size,
  );
  check(
    spacing.every((mm) => Number.isFinite(mm) && mm > 0),
    "spacing",
    "mm above 0",
    spacing,
  );
  check(origin.every(Number.isFinite), "origin", "three numbers", origin);
  check(isOrthonormal(direction), "direction", "three unit vectors at right angles", direction);
  return { frame: "LPS", size, spacing, origin, direction };
}

function check(holds: boolean, part: string, expected: string, found: readonly number[]): void {
  if (holds) return;
  throw new RoentgenError("value-invalid", {
    problem: `The ${part} of the grid does not fit`,
    expected,
    found: found.join(", "),
    subject: part,
  });
}

/** Whether the columns are unit vectors at right angles. */
export function isOrthonormal(matrix: Matrix3, tolerance = DIRECTION_TOLERANCE): boolean {
  const product = multiply(transpose(matrix), matrix);
  return product.every((value, at) => Math.abs(value - IDENTITY[at]) <= tolerance);
}

/** Index (i, j, k) to millimetres. A grid of pixels without spacing counts in pixels. */
export function indexToWorld(geometry: Geometry): Affine {
  const [sx, sy, sz] = geometry.spacing ?? [1, 1, 1];
  const [ox, oy, oz] = geometry.frame === "LPS" ? geometry.origin : [0, 0, 0];
  const d = geometry.frame === "LPS" ? geometry.direction : IDENTITY;
  return [
    d[0] * sx,
    d[1] * sy,
    d[2] * sz,
    ox,
    d[3] * sx,
    d[4] * sy,
    d[5] * sz,
    oy,
    d[6] * sx,
    d[7] * sy,
    d[8] * sz,
    oz,
  ];
}

/** Millimetres to index (i, j, k). */
export function worldToIndex(geometry: Geometry): Affine {
  return invertAffine(indexToWorld(geometry));
}

/**
 * The grid of an index-to-LPS matrix without shear.
 * @throws RoentgenError "value-invalid" where its columns are not at right angles or vanish
 */
export function geometryFromAffine(affine: Affine, size: Triple): PatientGeometry {
  const columns = [0, 1, 2].map((c) => [affine[c], affine[4 + c], affine[8 + c]]);
  const spacing = columns.map((column) => Math.hypot(...column)) as unknown as Triple;
  const direction = affineLinear(affine).map((value, at) => value / spacing[at % 3]);
  return patientGeometry({
    size,
    spacing,
    origin: [affine[3], affine[7], affine[11]],
    direction: direction as unknown as Matrix3,
  });
}

/** The 3×3 part. */
export function affineLinear(a: Affine): Matrix3 {
  return [a[0], a[1], a[2], a[4], a[5], a[6], a[8], a[9], a[10]];
}

/** A 3×3 part and a shift together. */
export function makeAffine(m: Matrix3, [x, y, z]: Triple): Affine {
  return [m[0], m[1], m[2], x, m[3], m[4], m[5], y, m[6], m[7], m[8], z];
}

export function applyAffine(a: Affine, [x, y, z]: Triple): Triple {
  return [
    a[0] * x + a[1] * y + a[2] * z + a[3],
    a[4] * x + a[5] * y + a[6] * z + a[7],
    a[8] * x + a[9] * y + a[10] * z + a[11],
  ];
}

/** First `inner`, then `outer`. */
export function composeAffines(outer: Affine, inner: Affine): Affine {
  const linear = multiply(affineLinear(outer), affineLinear(inner));
  return makeAffine(linear, applyAffine(outer, [inner[3], inner[7], inner[11]]));
}

/** @throws RoentgenError "value-invalid" where there is no inverse */
export function invertAffine(affine: Affine): Affine {
  const linear = invertMatrix(affineLinear(affine));
  const [x, y, z] = applyAffine(makeAffine(linear, [0, 0, 0]), [affine[3], affine[7], affine[11]]);
  return makeAffine(linear, [-x, -y, -z]);
}

/** The matrix with these columns: a `direction` from the unit vectors of i, j and k. */
export function matrixFromColumns(i: Triple, j: Triple, k: Triple): Matrix3 {
  return [i[0], j[0], k[0], i[1], j[1], k[1], i[2], j[2], k[2]];
}

export function dot(a: Triple, b: Triple): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Triple, b: Triple): Triple {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function multiply(a: Matrix3, b: Matrix3): Matrix3 {
  const entry = (at: number) => {
    const row = at - (at % 3);
    return a[row] * b[at % 3] + a[row + 1] * b[3 + (at % 3)] + a[row + 2] * b[6 + (at % 3)];
  };
  return IDENTITY.map((_, at) => entry(at)) as unknown as Matrix3;
}

export function transpose(m: Matrix3): Matrix3 {
  return [m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]];
}

export function determinant(m: Matrix3): number {
  return (
    m[0] * (m[4] * m[8] - m[5] * m[7]) -
    m[1] * (m[3] * m[8] - m[5] * m[6]) +
    m[2] * (m[3] * m[7] - m[4] * m[6])
  );
}

/** @throws RoentgenError "value-invalid" where there is no inverse */
export function invertMatrix(m: Matrix3): Matrix3 {
  const det = determinant(m);
  if (!(Math.abs(det) > 0 && Number.isFinite(1 / det))) {
    throw new RoentgenError("value-invalid", {
      problem: "The matrix has no inverse",
      expected: "a determinant other than 0",
      found: m.join(", "),
    });
  }
  const cofactors: Matrix3 = [
    m[4] * m[8] - m[5] * m[7],
    m[2] * m[7] - m[1] * m[8],
    m[1] * m[5] - m[2] * m[4],
    m[5] * m[6] - m[3] * m[8],
    m[0] * m[8] - m[2] * m[6],
    m[2] * m[3] - m[0] * m[5],
    m[3] * m[7] - m[4] * m[6],
    m[1] * m[6] - m[0] * m[7],
    m[0] * m[4] - m[1] * m[3],
  ];
  return cofactors.map((value) => value / det) as unknown as Matrix3;
}
